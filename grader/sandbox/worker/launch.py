"""The launch of a kernel: its folders, its walls, its process, and the wait until it answers."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from grader.errors import SandboxError
from grader.messages.sentences import clean, say
from grader.sandbox.environment import environment_of
from grader.sandbox.folder import NO_PLACE, no_place, place_needed
from grader.sandbox.isolation.policy import MOST_THREADS, USUAL, Bounds, Policy, write_policy
from grader.sandbox.isolation.wall import around
from grader.sandbox.reason import reason_in
from grader.sandbox.tree import remove_tree
from grader.sandbox.worker.kernel import POLL_SECONDS, Kernel, KernelDiedError, NoReplyError, abandon
from grader.sandbox.worker.provisioner import known_provisioner
from grader.system import HERE

if TYPE_CHECKING:
    import socket

START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How all kernels of a worker are launched: its folder, the walls, and the limits that stand from there on."""

    folder: Path
    walls: tuple[str, ...]
    bounds: Bounds = USUAL
    bounded: bool = True
    """Whether a working folder may be a file system of its own."""
    forkserver: socket.socket | None = None
    """The socket of the forkserver that forks the kernels; without it they are started."""

    @property
    def parent(self) -> int:
        """Return the process whose child a kernel is."""
        return os.getpid() if self.forkserver is None else os.getppid()


async def launch_kernel(plan: Plan) -> Kernel:
    """Launch a kernel of this interpreter in a folder of its own; raise SandboxError where that cannot be done.

    Both sides name its sockets relative to their working folders: a Unix socket's path holds only 107 bytes.
    """
    with place_needed():
        folder = Path(tempfile.mkdtemp(prefix="lab-", dir=plan.folder))
        policy = _policy(folder, plan)
        errors = (folder / "stderr.txt").open("wb")
    manager = AsyncKernelManager(connection_file=str(policy.wire / "connection.json"))
    if HERE.has_socket_files:
        manager.transport, manager.ip = "ipc", f"../{policy.wire.name}/ipc"
    own = [sys.executable, "-P", "-m", "grader.sandbox.kernel.begin", write_policy(policy), "-f", "{connection_file}"]
    argv = [*around(policy), *own]
    spec = KernelSpec(argv=argv, display_name="lab", language="python")
    if plan.forkserver is not None:
        spec.metadata = {"kernel_provisioner": {"provisioner_name": known_provisioner()}}
        vars(manager)["forkserver"] = plan.forkserver  # read by the provisioner
    manager._kernel_spec = spec  # noqa: SLF001 (kernelspec files could be the student's)
    try:
        with errors:
            await manager.start_kernel(
                cwd=str(policy.home), env=environment_of(policy.home), stdout=errors, stderr=errors
            )
    except BaseException as error:  # also where the worker is stopped meanwhile
        problem = _problem(error, folder) if isinstance(error, OSError) else error
        await abandon(manager)
        remove_tree(folder)
        raise problem from error
    if HERE.has_socket_files:
        manager.ip = _from_here(policy.wire / "ipc")
    return Kernel(manager, manager.client(), policy)


def _problem(error: OSError, folder: Path) -> SandboxError:
    """Return why a launch failed: for want of a place for its files, or else a matter of Python."""
    return no_place(error) if error.errno in NO_PLACE or not folder.is_dir() else _did_not_start(str(error))


def _from_here(path: Path) -> str:
    """Return a path relative to the working folder."""
    return os.path.relpath(path)


def _policy(folder: Path, plan: Plan) -> Policy:
    """Make a kernel's folders, and say what it may do with them."""
    for name in ("home", "wire", "forbidden"):
        (folder / name).mkdir(mode=0o700)
    (folder / "forbidden" / "canary").write_bytes(b"canary")
    return Policy(
        home=folder / "home",
        wire=folder / "wire",
        data=plan.folder / "data",
        forbidden=folder / "forbidden",
        parent=plan.parent,
        processes=plan.bounds.processes > 0,
        disk_mib=plan.bounds.disk_mib,
        memory_mib=plan.bounds.memory_mib,
        tasks=MOST_THREADS + plan.bounds.processes,
        bounded=plan.bounded,
        walls=plan.walls,
    )


async def wait_until_ready(kernel: Kernel) -> None:
    """Wait until the kernel answers; kill it and raise SandboxError if it never does."""
    try:
        await _ready(kernel)
    except (KernelDiedError, NoReplyError) as error:
        with place_needed():
            errors = (kernel.folder / "stderr.txt").read_text("utf-8", "replace")
        await kernel.kill()
        raise _did_not_start(reason_in(errors) or f"no answer after {START_SECONDS:g} s") from error
    except BaseException:  # the worker is stopped meanwhile
        await kernel.kill()
        raise


def _did_not_start(problem: str) -> SandboxError:
    return SandboxError(
        say(
            "The Python kernel did not start ({problem}). Nothing was graded. "
            "Try `{python} -m pip install --force-reinstall ipykernel`.",
            problem=clean(problem),
            python=sys.executable,
        )
    )


async def _ready(kernel: Kernel) -> None:
    """Wait until the kernel replies and its output arrives (a subscription takes a moment)."""
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        try:
            await kernel.measure(START_SECONDS)
            await kernel.client.iopub_channel.get_msg(timeout=POLL_SECONDS)
        except Empty:
            continue
        return
    raise NoReplyError
