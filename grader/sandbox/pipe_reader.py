"""Reads a pipe and waits no longer than is allowed: by `select`, or by a thread where the system has none for pipes."""

from __future__ import annotations

import contextlib
import os
import select
import threading
from queue import Empty, SimpleQueue
from typing import IO

from grader.system import HERE, waits

MOST_BYTES = 2**20


class PipeReader:
    """The end of a pipe that a process writes to. `selects` says how it is waited for."""

    def __init__(self, pipe: IO[bytes], *, selects: bool = HERE.waits_on_pipes) -> None:
        self._pipe = pipe
        self._parts: SimpleQueue[bytes] | None = None
        if not selects:
            self._parts = SimpleQueue()
            threading.Thread(target=_pass_on, args=(pipe, self._parts), daemon=True).start()

    def read(self, seconds: float) -> bytes:
        """Return what has come; empty if nothing comes within `seconds`, or at the end."""
        if self._parts is None:
            ready = select.select([self._pipe], [], [], seconds)[0]
            return os.read(self._pipe.fileno(), MOST_BYTES) if ready else b""
        for at_once in waits(seconds):
            with contextlib.suppress(Empty):
                return self._parts.get(timeout=at_once)
        return b""

    def close(self) -> None:
        """Close the pipe, whose other end is closed; a thread does so itself, for one that is being read stays open."""
        if self._parts is None:
            self._pipe.close()


def _pass_on(pipe: IO[bytes], parts: SimpleQueue[bytes]) -> None:
    """Put all that comes on the queue, and empty bytes at the end."""
    with pipe:
        while part := os.read(pipe.fileno(), MOST_BYTES):
            parts.put(part)
    parts.put(b"")
