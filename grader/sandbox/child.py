"""A process that the forkserver forks, for whoever asked for it: a pipe brings its number, and then its exit status.

Where nothing can be forked there is none, and only the name `Child` is used.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

KILL = 9
"""SIGKILL, which Windows' Python does not name."""
LOST = -KILL
"""The exit status of a child whose forkserver has exited: the system kills it then."""

MOST_BYTES = 64
"""Two numbers: the child's own and its exit status, which NO_MEMORY may follow."""

NO_MEMORY = "memory"
"""What is said of a child that the system ended for want of memory in its control group."""


def ask_for_child(forkserver: socket.socket, request: bytes, descriptors: Sequence[int]) -> Child:
    """Ask a forkserver for a process that has these files.

    Where it has exited, or takes no such request, the child has ended before it began.
    """
    ours, theirs = os.pipe()
    with suppress(OSError):  # the pipe is closed below, which is what its end looks like
        if sys.platform != "win32":
            socket.send_fds(forkserver, [request], [*descriptors, theirs])
    os.close(theirs)
    return Child(ours)


class Child:
    """A forked process, with the part of Popen's interface that is used. `close` it when it is no longer needed.

    Only one thread at a time may use it.
    """

    stdin = stdout = stderr = None

    def __init__(self, pipe: int) -> None:
        if sys.platform != "win32":
            os.set_blocking(pipe, False)
        self._pipe = pipe
        self._read = b""
        self._has_all = False

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when there is news."""
        return self._pipe

    @property
    def pid(self) -> int:
        """Wait until it has begun, and return its number; 0 where it never will."""
        while not self.has_begun():
            select.select([self._pipe], [], [])
        return int(self._read.partition(b"\n")[0] or 0)

    def has_begun(self) -> bool:
        """Say whether it has begun, or never will."""
        self._receive()
        return self._has_all or b"\n" in self._read

    def poll(self) -> int | None:
        """Return its exit status, the negative signal where one ended it; None while it runs."""
        self._receive()
        _, _, status = self._read.strip().partition(b"\n")
        return int(status.split()[0]) if status else LOST if self._has_all else None

    @property
    def lacked_memory(self) -> bool:
        """Say whether it has ended because its control group had no more memory."""
        return self._read.endswith(f" {NO_MEMORY}\n".encode())

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raise subprocess.TimeoutExpired if it does not come within `timeout` seconds."""
        until = None if timeout is None else monotonic() + timeout
        while (status := self.poll()) is None:
            left = None if until is None else max(0.0, until - monotonic())
            if not select.select([self._pipe], [], [], left)[0]:
                raise subprocess.TimeoutExpired("child", timeout or 0.0)
        return status

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(KILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """Close the pipe; what is known by then stays known."""
        self._receive()
        self._has_all = True
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1

    def _receive(self) -> None:
        while not self._has_all:
            try:
                part = os.read(self._pipe, MOST_BYTES)
            except BlockingIOError:
                return
            self._read += part
            self._has_all = not part
