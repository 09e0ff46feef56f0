"""Frames are put together as far as a message may be large, however they come; all else is an error of ours."""

from __future__ import annotations

import contextlib
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.worker.frames import GREETING, LONG, MORE, Frames, NoFramesError, TooLargeError, framed, hello

LARGEST = 2**20


def greeted() -> Frames:
    frames = Frames(LARGEST)
    assert list(frames.feed(hello(b"ROUTER"))) == []
    return frames


def feed_without_end(frames: Frames, read: bytes) -> None:
    for _ in range(100_000):
        assert list(frames.feed(read)) == []


@given(st.lists(st.lists(st.binary(max_size=400), min_size=1, max_size=5), max_size=4), st.integers(1, 300))
def test_messages_are_read_as_they_were_written_in_pieces_of_any_length(messages: list[list[bytes]], step: int) -> None:
    text = hello(b"PUB") + b"".join(map(framed, messages))
    frames = Frames(LARGEST)
    read = [one for place in range(0, len(text), step) for one in frames.feed(text[place : place + step])]
    assert read == messages
    assert frames.is_ready


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_messages_or_an_error_of_ours(read: bytes, greeting: bool) -> None:  # noqa: FBT001 (Hypothesis')
    frames = greeted() if greeting else Frames(LARGEST)
    with contextlib.suppress(NoFramesError, TooLargeError):
        assert all(isinstance(parts, list) for parts in frames.feed(read))


def test_nothing_is_ready_before_the_other_side_has_said_hello() -> None:
    frames = Frames(LARGEST)
    assert list(frames.feed(GREETING)) == []
    assert not frames.is_ready


@pytest.mark.parametrize(
    "endless",
    [bytes([MORE | LONG]) + (2**16).to_bytes(8, "big") + bytes(2**16), bytes([MORE, 0]), bytes([MORE, 1, 0]) * 100],
    ids=["large frames", "empty frames", "small frames"],
)
def test_a_message_that_never_ends_is_dropped_at_its_bound(endless: bytes) -> None:
    frames = greeted()
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            feed_without_end(frames, endless)
        assert tracemalloc.get_traced_memory()[1] < 4 * LARGEST
    finally:
        tracemalloc.stop()


def test_a_frame_that_says_that_it_is_large_is_not_waited_for() -> None:
    with pytest.raises(TooLargeError):
        list(greeted().feed(bytes([LONG]) + (2**62).to_bytes(8, "big")))


@pytest.mark.parametrize("read", [b"\xf0", b"\x08\x00", hello(b"PUB")[64:] * 30], ids=["flags", "a bit", "hellos"])
def test_what_is_no_frame_is_told(read: bytes) -> None:
    with pytest.raises(NoFramesError):
        list(greeted().feed(read))
