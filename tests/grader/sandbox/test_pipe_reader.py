"""A pipe is read in both ways: what comes is returned, and nothing is waited for longer than is allowed."""

from __future__ import annotations

import os
import time
from typing import IO, TYPE_CHECKING

import pytest

from grader.sandbox.pipe_reader import PipeReader
from grader.system import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.parametrize(
    "selects",
    [
        pytest.param(
            True, marks=pytest.mark.skipif(not HERE.waits_on_pipes, reason="select takes no pipe here"), id="select"
        ),
        pytest.param(False, id="thread"),
    ],
)


@pytest.fixture
def pipe(selects: bool) -> Iterator[tuple[IO[bytes], PipeReader]]:  # noqa: FBT001 (a parameter of the tests)
    """Return the end that is written to, and the reader of the other."""
    ours, theirs = os.pipe()
    writer = os.fdopen(theirs, "wb", buffering=0)
    reader = PipeReader(os.fdopen(ours, "rb"), selects=selects)
    yield writer, reader
    writer.close()
    reader.close()


def test_what_comes_is_read(pipe: tuple[IO[bytes], PipeReader]) -> None:
    writer, reader = pipe
    writer.write(b"one\n")
    assert reader.read(5) == b"one\n"
    writer.write(b"two\n")
    assert reader.read(5) == b"two\n"


def test_nothing_is_waited_for_longer_than_is_allowed(pipe: tuple[IO[bytes], PipeReader]) -> None:
    started = time.monotonic()
    assert pipe[1].read(0.05) == b""
    assert time.monotonic() - started < 5


def test_the_end_is_noticed_at_once(pipe: tuple[IO[bytes], PipeReader]) -> None:
    writer, reader = pipe
    writer.write(b"last")
    writer.close()
    assert reader.read(5) == b"last"
    started = time.monotonic()
    assert reader.read(20) == b""
    assert time.monotonic() - started < 10
