"""A worker that has ended is no error of ours, however its system says so."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from grader.sandbox.worker_process import WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Ended(io.BytesIO):
    """The input of a process that has ended, as a system tells it."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def flush(self) -> None:
        if not self.closed:
            raise self._error


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE) as ended:
        ended.wait()
        yield ended


@pytest.mark.parametrize(
    "error", [BrokenPipeError(32, "Broken pipe"), OSError(22, "Invalid argument"), ValueError("closed file")], ids=repr
)
def test_a_worker_that_has_ended_takes_no_line(process: subprocess.Popen[bytes], error: Exception) -> None:
    """Windows says "invalid argument" where POSIX says "broken pipe"."""
    assert process.stdout is not None
    worker = WorkerProcess(process, _Ended(error), process.stdout, errors=io.BytesIO())
    assert not worker.send(b"line\n")
    assert worker.receive(5) == b""
