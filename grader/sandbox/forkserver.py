"""The forkserver: imports once what workers and kernels need, forks and reaps both, and reports the end of each.

    grader ── preload; launch a worker ──> forkserver <── launch a kernel ── worker
                                            │  forks, reaps
                                            └─ worker, worker, kernel, kernel …

It has no answer of the course and nothing of a submission, speaks with no kernel, and runs no student code. The shape
is CPython's own (Lib/multiprocessing/forkserver.py): a request carries descriptors; the last of them is a pipe into
which the child's number is written, and its exit status when it has ended. Where that pipe ends, so did the child.

Nothing outlives its purpose. When a worker ends, its kernels are killed. When the grader ends, and with it the socket,
everything is killed, and the folders are removed that the grader cannot remove any more. When this process ends, the
system kills its children.

Started as `python -P -m grader.sandbox.forkserver SOCKET GROUP...`, a SOCK_SEQPACKET socket and the control groups that
kernels get theirs in. A request is a message of JSON,
tagged with its type: `preload`, `worker` or `kernel`.
"""

from __future__ import annotations

import itertools
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.sandbox.child import NO_MEMORY
from grader.sandbox.control_group import NO_GROUP, NO_GROUPS, ControlGroups, KernelGroup, read_groups
from grader.sandbox.forked import be_kernel, be_worker, fork, preload
from grader.sandbox.isolation.linux import be_called
from grader.sandbox.memory import unbound_memory
from grader.sandbox.tree import remove_tree

if sys.platform != "linux":
    raise ImportError("Linux alone")  # mypy leaves the rest out

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_REQUEST = 2**17
"""In bytes. A kernel's holds its policy and environment, some kilobytes; what is larger is refused."""
MOST_FILES = 4
SPARE_MIB, SPARE_TASKS = 128, 100
"""What a control group has room for beyond the limits: what passes one is to be seen over it; /dev/shm is memory."""


@dataclass(frozen=True, slots=True)
class Forked:
    """A child: the pipe that reports it, and who asked for it, the number of a worker or None for the grader."""

    pipe: int
    asked_by: int | None
    socket: socket.socket | None = None
    """The socket on which it asks for kernels itself, if it is a worker."""
    group: KernelGroup = NO_GROUP
    """The control group that it is in, if it is a kernel."""


class Forkserver:
    """Serves one grader and the workers that it launches."""

    def __init__(self, grader: socket.socket, groups: ControlGroups = NO_GROUPS) -> None:
        self._groups, self._launched = groups, itertools.count(1)
        self._left: list[KernelGroup] = []
        """The control groups of kernels that have ended, while processes are still in there."""
        self._children: dict[int, Forked] = {}
        self._folders = [Path.cwd()]
        self._selector = selectors.DefaultSelector()
        self._deaths, writes = os.pipe()
        for end in (self._deaths, writes):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # without a handler nothing is written to wake up select
        signal.set_wakeup_fd(writes)
        self._selector.register(self._deaths, selectors.EVENT_READ, self._reap)
        self._selector.register(grader, selectors.EVENT_READ, partial(self._answer, grader, None))

    def serve(self) -> None:
        """Import and fork as requested until the grader has ended; then leave nothing behind."""
        with suppress(EOFError):
            while True:
                for key, _ in self._selector.select():
                    key.data()
        self._end_all()

    def _answer(self, asking: socket.socket, asked_by: int | None) -> None:
        """Do what one request says; raise EOFError where the grader has ended.

        A request that cannot be met (no process is to be had, or a part of it was lost) costs nothing else: its pipe is
        closed, so that the child has ended before it began.
        """
        if asking.fileno() < 0:  # its worker was reaped after select had named both
            return
        try:
            request, descriptors, _, _ = socket.recv_fds(asking, LARGEST_REQUEST, MOST_FILES)
        except ConnectionResetError:  # whoever asks has ended with something unread
            request, descriptors = b"", []
        if not request:
            if asked_by is None:
                raise EOFError
            self._selector.unregister(asking)
            return
        try:
            form: dict[str, Any] = json.loads(request)
            match form["type"]:
                case "preload":
                    preload(form["packages"])
                case "worker":
                    self._launch_worker(form, descriptors)
                case "kernel":
                    self._launch_kernel(form, descriptors, asked_by)
        except (OSError, ValueError, KeyError):
            traceback.print_exc()
        for descriptor in descriptors:  # a child that has begun keeps its pipe
            os.close(descriptor)

    def _launch_worker(self, form: dict[str, Any], descriptors: list[int]) -> None:
        *files, _ = descriptors
        self._folders.append(Path(form["folder"]))
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = fork([*files, theirs.fileno()], partial(be_worker, form))
        self._selector.register(ours, selectors.EVENT_READ, partial(self._answer, ours, number))
        self._has_begun(number, Forked(descriptors.pop(), None, ours))

    def _launch_kernel(self, form: dict[str, Any], descriptors: list[int], asked_by: int | None) -> None:
        errors, _ = descriptors
        preload()
        group = self._group_for(json.loads(form["policy"]))
        nothing = os.open(os.devnull, os.O_RDONLY)
        try:
            number = fork([nothing, errors, errors], partial(be_kernel, form, group))
        except OSError:
            group.remove()
            raise
        finally:
            os.close(nothing)
        self._has_begun(number, Forked(descriptors.pop(), asked_by, group=group))

    def _group_for(self, policy: dict[str, Any]) -> KernelGroup:
        """Make the control group of a kernel: its files are memory as well, where they are on a tmpfs."""
        memory_mib = policy["memory_mib"] + policy["disk_mib"] + SPARE_MIB
        return self._groups.for_kernel(next(self._launched), memory_mib=memory_mib, tasks=policy["tasks"] + SPARE_TASKS)

    def _has_begun(self, number: int, child: Forked) -> None:
        self._children[number] = child
        if not _report(child.pipe, number):
            self._end([number])

    def _reap(self) -> None:
        """Report every child that has ended, and reap it: until then, nothing else gets its number."""
        with suppress(BlockingIOError):
            while os.read(self._deaths, LARGEST_REQUEST):
                pass
        while self._children and (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)):
            self._has_ended(ended.si_pid, ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status)
            os.waitpid(ended.si_pid, 0)
        self._left = [group for group in self._left if not group.remove()]

    def _has_ended(self, number: int, status: int) -> None:
        """Report a child's end; end what is left of its session, and the kernels of a worker."""
        child = self._children.pop(number, None)
        if child is None:  # of something that was imported
            return
        self._end([number])
        _report(child.pipe, _status(status, child.group))
        os.close(child.pipe)
        child.group.kill()
        self._left.append(child.group)
        if child.socket is not None:
            self._forget(child.socket)
            self._end(kernel for kernel, its in self._children.items() if its.asked_by == number)

    def _forget(self, asking: socket.socket) -> None:
        with suppress(KeyError):  # its end was read already
            self._selector.unregister(asking)
        asking.close()

    @staticmethod
    def _end(numbers: Iterable[int]) -> None:
        for number in tuple(numbers):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
            with suppress(ProcessLookupError, PermissionError):  # and what it started; at first it leads no group
                os.killpg(number, signal.SIGKILL)

    def _end_all(self) -> None:
        self._end(self._children)
        while self._children:
            self._children.pop(os.wait()[0], None)
        self._groups.remove()
        for folder in self._folders:
            remove_tree(folder)


def _status(status: int, group: KernelGroup) -> str:
    """Return how a child has ended, as its pipe reports it."""
    lacked_memory = status == -signal.SIGKILL and group.lacked_memory()
    return f"{status} {NO_MEMORY}" if lacked_memory else str(status)


def _report(pipe: int, line: object) -> bool:
    """Write a line into a child's pipe; say whether somebody still reads it."""
    try:
        os.write(pipe, f"{line}\n".encode())
    except BrokenPipeError:
        return False
    return True


if __name__ == "__main__":
    be_called("grade-server")
    unbound_memory()  # a kernel has a limit of its own
    Forkserver(socket.socket(fileno=int(sys.argv[1])), read_groups(sys.argv[2:])).serve()
