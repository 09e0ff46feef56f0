"""A worker as its runner sees it: a process that takes a line and answers with a line."""

from __future__ import annotations

import contextlib
import os
import subprocess
from time import monotonic
from typing import IO, TYPE_CHECKING

from grader.sandbox.pipe_reader import PipeReader
from grader.sandbox.reason import reason_in

if TYPE_CHECKING:
    from grader.sandbox.child import Child

MOST_ERROR_BYTES = 2**16
CLOSING_SECONDS = 5.0
"""How long a worker may take to end its kernel and itself."""


class WorkerProcess:
    """A worker, forked or started, with the ends of its pipes and the file that it writes its errors to."""

    def __init__(
        self, process: subprocess.Popen[bytes] | Child, stdin: IO[bytes], stdout: IO[bytes], errors: IO[bytes]
    ) -> None:
        self._process = process
        self._stdin, self._errors = stdin, errors
        self._answers = PipeReader(stdout)
        self._errors_before = errors.seek(0, os.SEEK_END)

    @property
    def pid(self) -> int:
        """Return its process number, 0 where it never began."""
        return self._process.pid

    def send(self, line: bytes) -> bool:
        """Send one line; say whether the worker could take it."""
        try:
            self._stdin.write(line)
            self._stdin.flush()
        except (OSError, ValueError):  # it has ended (Windows has no error of its own for that), or was left
            return False
        return True

    def receive(self, seconds: float) -> bytes:
        """Return the worker's next line; empty if none comes within `seconds`, or the worker has ended."""
        deadline, answer = monotonic() + seconds, bytearray()
        while not answer.endswith(b"\n"):
            part = self._answers.read(max(0.0, deadline - monotonic()))
            if not part:
                return b""
            answer += part
        return bytes(answer)

    def last_error(self) -> str:
        """Return why it ended: the exception of its own that was the last, or how it ended."""
        self._errors.seek(max(self._errors_before, self._errors.seek(0, os.SEEK_END) - MOST_ERROR_BYTES))
        own = self._errors.read().decode("utf-8", "replace")
        return reason_in(own) or f"exit status {self._process.poll()}"

    def errors(self) -> str:
        """Return its errors, the last ones where they are many, with those of the workers before it."""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - MOST_ERROR_BYTES))
        return self._errors.read().decode("utf-8", "replace").strip()

    def leave(self) -> None:
        """Let it end without waiting for it, so that several end side by side."""
        with contextlib.suppress(OSError):  # it has ended already
            self._stdin.close()

    def close(self) -> None:
        """End it: when its input ends, it kills its kernel and exits; if it does not, it is killed."""
        self.leave()
        if self._has_begun():
            try:
                self._process.wait(CLOSING_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if not isinstance(self._process, subprocess.Popen):
            self._process.close()
        self._answers.close()

    def _has_begun(self) -> bool:
        """Say whether it has begun. It is not waited for while its packages are still being imported."""
        return isinstance(self._process, subprocess.Popen) or self._process.has_begun()
