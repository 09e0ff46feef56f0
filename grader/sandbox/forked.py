"""The first moments of a process that the forkserver has forked: what it has of the forkserver, and what it becomes."""

from __future__ import annotations

import os
import signal
import socket
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from grader.sandbox.environment import environment_of
from grader.sandbox.isolation.linux import be_called, close_above, die_with_parent
from grader.sandbox.worker import main as worker
from grader.sandbox.worker.launch import Plan

if sys.platform != "linux":
    raise ImportError("Linux alone")  # mypy leaves the rest out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.sandbox.control_group import KernelGroup


def preload(packages: Sequence[str] | None = None) -> None:
    """Import what every kernel needs, and packages; with None, leave out what pays only from a second kernel on."""
    try:  # here, so that a worker is forked before all this is imported
        from grader.sandbox.kernel.preload import import_all, prepare  # noqa: PLC0415 (see above)
    except ImportError:  # each kernel fails on it again, and its log is read
        return
    prepare()
    if packages is not None:
        import_module("grader.sandbox.worker.session")  # nbclient and more: 18 MiB and 0.2 s of each worker of a class
        import_all(packages)


def fork(files: Sequence[int], act: Callable[[], None]) -> int:
    """Fork a process with these files as its descriptors 0, 1, 2 and so on, and no others; return its number."""
    forkserver = os.getpid()
    number = os.fork()
    if not number:
        _be_child(files, act, forkserver)
    return number


def _be_child(files: Sequence[int], act: Callable[[], None], forkserver: int) -> NoReturn:
    """Do what the child is for, and exit: nothing may get back into the loop of the forkserver."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for place, descriptor in enumerate(files):
            os.dup2(descriptor, place)  # none is overwritten: received descriptors are higher than their places
        close_above(len(files) - 1)
        os.setsid()
        die_with_parent()
        if os.getppid() == forkserver:  # else that ended before the call
            act()
        status = 0
    except BaseException:  # noqa: BLE001 (the child's own log has it)
        traceback.print_exc()
    finally:
        with suppress(OSError):  # nobody reads it any more
            sys.stdout.flush()
        os._exit(status)


def be_worker(form: dict[str, Any]) -> None:
    """Become a worker, as a request asks for one; its descriptor 3 is the socket to the forkserver."""
    be_called("grade-worker")
    folder = Path(form["folder"])
    os.environ.clear()
    os.environ.update(environment_of(folder))
    plan = Plan(folder, tuple(form["walls"]), forkserver=socket.socket(fileno=3))
    worker.work(plan, starts_ahead=form["starts_ahead"])


def be_kernel(form: dict[str, Any], group: KernelGroup) -> None:
    """Become a kernel in its control group, as a request asks for one: return when that ends."""
    from grader.sandbox.isolation.policy import read_policy  # noqa: PLC0415 (it is there already)
    from grader.sandbox.isolation.wall import enter  # noqa: PLC0415 (same)
    from grader.sandbox.kernel.main import run  # noqa: PLC0415 (same)

    be_called("grade-kernel")
    group.enter()
    policy = read_policy(form["policy"])
    os.chdir(policy.home)
    os.environ.clear()
    os.environ.update(form["environment"])
    sys.argv = ["kernel", *form["arguments"]]
    run(policy, enter(policy))
