"""Descriptions of networks across the wire: what was written arrives, and whatever else a kernel sends is refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.networks.model import Alleged, Description
from grader.wire.descriptions import (
    DEEPEST_PART,
    LONGEST_TEXT,
    MOST_ARRAYS,
    MOST_PARTS,
    decode_description,
    encode_description,
    is_description,
)
from grader.wire.values import WireError, encode_array

SMALL = Description(
    network={"module": "keras", "class_name": "Sequential", "config": {"layers": [], "rate": 0.5, "seed": None}},
    compiled={"optimizer": None, "loss": "mse", "loss_weights": None},
    weights=(np.ones((2, 3), np.float32), np.zeros(3, np.float32)),
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


def across(form: object) -> Any:  # noqa: ANN401 (JSON)
    return json.loads(json.dumps(form))


def with_part(name: str, content: object) -> dict[str, Any]:
    return {"described": encode_description(SMALL)["described"] | {name: content}}


def nested(depth: int) -> Any:  # noqa: ANN401 (JSON)
    form: Any = None
    for _ in range(depth):
        form = [form]
    return form


def test_a_description_arrives_as_it_was_written() -> None:
    arrived = decode_description(across(encode_description(SMALL)))
    assert isinstance(arrived, Description)
    assert (arrived.network, arrived.compiled) == (SMALL.network, SMALL.compiled)
    assert [array.tolist() for array in arrived.weights] == [array.tolist() for array in SMALL.weights]


@pytest.mark.parametrize("why", [Alleged("part", "Network"), Alleged("size"), Alleged("library", "TypeError")])
def test_why_there_is_no_description_arrives_as_it_was_written(why: Alleged) -> None:
    form = across(encode_description(why))
    assert is_description(form)
    assert decode_description(form) == why


HOSTILE: tuple[tuple[str, object], ...] = (
    ("network", None),
    ("network", []),
    ("network", "keras"),
    ("network", {"deep": nested(DEEPEST_PART + 1)}),
    ("network", {"many": [0] * (MOST_PARTS + 1)}),
    ("network", {"long": "x" * (LONGEST_TEXT + 1)}),
    ("network", {"x" * (LONGEST_TEXT + 1): 1}),
    ("compiled", []),
    ("compiled", "mse"),
    ("compiled", {"loss": nested(DEEPEST_PART + 1)}),
    ("weights", None),
    ("weights", {}),
    ("weights", [None]),
    ("weights", [encode_array(np.zeros(1))] * (MOST_ARRAYS + 1)),
    ("weights", [encode_array(np.zeros(2**19))] * 3),
)


@pytest.mark.parametrize(("name", "content"), HOSTILE)
def test_a_description_with_one_hostile_part_is_refused(name: str, content: object) -> None:
    with pytest.raises(WireError):
        decode_description(across(with_part(name, content)))


@pytest.mark.parametrize("form", [{}, {"described": {}}, {"described": None}, {"undescribed": ["why", "x"]}, [], None])
def test_what_is_no_description_is_refused(form: object) -> None:
    with pytest.raises(WireError):
        decode_description(form)


@given(content=JSON)
def test_any_json_is_a_description_or_refused(content: object) -> None:
    for form in ({"described": content}, {"undescribed": content}, with_part("network", content)):
        try:
            arrived = decode_description(across(form))
        except WireError:
            continue
        assert across(encode_description(arrived))
