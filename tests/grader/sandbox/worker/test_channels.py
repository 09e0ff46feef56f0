"""Whatever frames a kernel sends and whatever it says: there is a message or none, an observation or none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_client.session import Session

from grader.model import Died, Limits, NotAsked, OverLimit, Raised, Returned, Unreadable
from grader.sandbox.worker.channels import LONGEST_SIGNATURE, read_message
from grader.sandbox.worker.untrusted import read_untrusted
from grader.wire.observations import encode_observation, observe

KEY = b"key"
LIMITS = Limits(1, 1, 1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
KINDS = (
    "returned",
    "raised",
    "timed_out",
    "missing",
    "died",
    "unreadable",
    "built",
    "over_limit",
    "not_asked",
    "array",
)


def signed(*parts: bytes) -> list[bytes]:
    return [b"<IDS|MSG>", Session(key=KEY).sign(list(parts)), *parts]


@given(st.lists(st.binary(max_size=50), max_size=9))
def test_any_frames_are_a_message_or_none(frames: list[bytes]) -> None:
    assert read_message(Session(key=KEY), frames) is None
    assert read_message(Session(key=KEY), [b"<IDS|MSG>", *frames]) is None


@given(JSON, JSON, JSON, JSON)
def test_any_signed_parts_are_a_whole_message_or_none(header: Any, parent: Any, metadata: Any, content: Any) -> None:  # noqa: ANN401 (any JSON)
    parts = [json.dumps(part).encode("utf-8", "surrogatepass") for part in (header, parent, metadata, content)]
    message = read_message(Session(key=KEY), signed(*parts))
    if message is not None:
        assert isinstance(message["content"], dict)
        assert isinstance(message["parent_header"], dict)
        assert isinstance(message["msg_type"], str)


@pytest.mark.parametrize(
    "part",
    [b"[" * 100_000, b'{"a":' * 100_000, b"9" * 10_000, b'"\\ud800"', b"\xff\xfe", b"NaN", b"", b"null"],
    ids=["lists", "objects", "digits", "half a pair", "bytes", "nan", "nothing", "null"],
)
def test_what_no_parser_likes_is_no_message(part: bytes) -> None:
    assert read_message(Session(key=KEY), signed(part, b"{}", b"{}", b"{}")) is None


def test_a_message_is_a_message_and_a_long_signature_is_not_kept() -> None:
    session = Session(key=KEY)
    frames = signed(b'{"msg_id": "1", "msg_type": "status"}', b"{}", b"{}", b'{"execution_state": "idle"}')
    message = read_message(session, frames)
    assert message is not None
    assert message["content"] == {"execution_state": "idle"}
    before = len(session.digest_history)
    assert read_message(session, [b"<IDS|MSG>", b"s" * (LONGEST_SIGNATURE + 1), *frames[2:]]) is None
    assert len(session.digest_history) == before


@given(JSON | st.dictionaries(st.sampled_from(KINDS), JSON | st.dictionaries(st.text(max_size=9), JSON), max_size=2))
def test_whatever_a_kernel_says_is_an_observation(said: Any) -> None:  # noqa: ANN401 (any JSON)
    seen = read_untrusted(said, lambda _: None, LIMITS)
    assert not isinstance(seen, Died | OverLimit | NotAsked), "which only this side can know"
    encode_observation(seen)


def test_an_answer_is_read_as_it_was_given() -> None:
    seen = read_untrusted(encode_observation(observe([1.0, 2.0])), lambda _: None, LIMITS)
    assert isinstance(seen, Returned)
    assert seen.value.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("said", [Died(9), OverLimit("disk", 1, 2), NotAsked()], ids=["died", "over", "not asked"])
def test_what_a_kernel_cannot_know_is_malformed(said: Died | OverLimit | NotAsked) -> None:
    assert read_untrusted(encode_observation(said), lambda _: None, LIMITS) == Unreadable("malformed", "")


def test_texts_are_cleaned_and_a_lack_of_memory_is_the_limit() -> None:
    dirty = encode_observation(Raised("\x1b[31mE", "a\x07\u202eb"))
    assert read_untrusted(dirty, lambda _: None, LIMITS) == Raised("E", "ab")
    short = encode_observation(Raised("MemoryError", ""))
    assert read_untrusted(short, lambda _: None, LIMITS) == OverLimit("memory", LIMITS.memory_mib)
