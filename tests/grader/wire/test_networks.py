"""A network on the wire: it arrives as it was, and whatever else arrives is a WireError."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.networks.model import Built, Inspection, Layer, Trouble
from grader.wire.networks import (
    MOST_EPOCHS,
    MOST_LAYERS,
    STEPS,
    decode_built,
    decode_inspection,
    encode_built,
    encode_inspection,
)
from grader.wire.observations import decode_observation, encode_observation
from grader.wire.values import LONGEST_MESSAGE, LONGEST_NAME, WireError

BEYOND_FLOAT = 10**400
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(BEYOND_FLOAT) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner, max_size=5),
    max_leaves=12,
)
NAMES = st.text(max_size=LONGEST_NAME)
FLOATS = st.floats(allow_nan=True, allow_infinity=True)
ARRAYS = st.sampled_from(["float32", "float64"]).flatmap(
    lambda name: hnp.arrays(name, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
)
BUILT = st.builds(
    Built,
    layers=st.lists(
        st.builds(Layer, kind=NAMES, units=st.none() | st.integers(0, 2**40), activation=st.none() | NAMES), max_size=5
    ).map(tuple),
    parameters=st.integers(0, 2**60),
    loss=st.none() | NAMES,
    optimizer=st.none() | NAMES,
    from_logits=st.booleans(),
    scale=FLOATS,
    predictions=st.none() | ARRAYS,
    reported=st.none() | FLOATS,
    reported_likeliest=st.none() | FLOATS,
    penalties=FLOATS,
    losses=st.lists(FLOATS, max_size=5).map(tuple),
    unseen_before=st.none() | ARRAYS,
    unseen=st.none() | ARRAYS,
    weights=st.lists(st.tuples(ARRAYS, ARRAYS), max_size=3).map(tuple),
    thrown_off=st.booleans(),
    trouble=st.none()
    | st.builds(Trouble, step=st.sampled_from(STEPS), kind=NAMES, message=st.text(max_size=LONGEST_MESSAGE)),
)
SMALL = Built(
    layers=(Layer("Flatten", None, None), Layer("Dense", 10, "softmax")),
    parameters=7850,
    loss="mse",
    optimizer="Adam",
    from_logits=False,
    scale=1 / 255,
    predictions=np.full((2, 10), 0.1, np.float32),
    reported=0.09,
    penalties=0.0,
    losses=(2.3, 1.5),
    unseen_before=None,
    unseen=np.full((3, 10), 0.1, np.float32),
    weights=((np.ones((4, 3), np.float32), np.zeros(3, np.float32)),),
    trouble=Trouble("fit", "ValueError", "no"),
)


def across(form: object) -> Any:  # noqa: ANN401 (whatever JSON holds)
    return json.loads(json.dumps(form))


def assert_same(one: object, other: object) -> None:
    """Fail unless two values are the same to the bit, in type and in place."""
    if isinstance(one, np.ndarray):
        assert isinstance(other, np.ndarray)
        assert (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    elif isinstance(one, tuple):
        assert isinstance(other, tuple)
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            assert_same(left, right)
    else:
        assert type(one) is type(other)
        assert one == other or (one != one and other != other), (one, other)  # noqa: PLR0124 (NaN)


# It arrives as it was


@given(built=BUILT)
def test_every_network_arrives_as_it_was(built: Built) -> None:
    arrived = decode_built(across(encode_built(built)))
    for field in fields(Built):
        assert_same(getattr(arrived, field.name), getattr(built, field.name))


@pytest.mark.parametrize(
    "number", [0.0, -0.0, 5e-324, 1.7976931348623157e308, float("nan"), float("inf"), -float("inf"), 0.1]
)
def test_every_float_arrives_to_the_bit(number: float) -> None:
    built = decode_built(across(encode_built(replace(SMALL, losses=(number,), scale=number, reported=number))))
    for arrived in (*built.losses, built.scale, built.reported):
        assert_same(np.array(arrived), np.array(number))


def test_a_network_is_an_observation() -> None:
    arrived = decode_observation(across(encode_observation(SMALL)))
    assert isinstance(arrived, Built)
    for field in fields(Built):
        assert_same(getattr(arrived, field.name), getattr(SMALL, field.name))


@pytest.mark.parametrize(("epochs", "seconds", "seed"), [(0, 0.5, 0), (3, 20.0, 2**32 - 1)])
def test_a_watch_arrives_as_it_was(epochs: int, seconds: float, seed: int) -> None:
    images = np.random.default_rng(1).integers(0, 256, (5, 28, 28), np.uint8)
    inspection = Inspection(images, np.arange(5), images[:2], epochs, seconds, seed)
    arrived = decode_inspection(across(encode_inspection(inspection)))
    assert arrived is not None
    for field in fields(Inspection):
        assert_same(getattr(arrived, field.name), getattr(inspection, field.name))


def test_no_watch_arrives_as_none() -> None:
    assert decode_inspection(across(encode_inspection(None))) is None


# What is of another form

LONG_LIST = [["Dense", 1, None]] * (MOST_LAYERS + 1)
ARRAY = encode_built(SMALL)["predictions"]
HOSTILE: tuple[tuple[str, list[Any]], ...] = (
    ("layers", [None, 3, "Dense", {}, ["Dense"], [["Dense"]], [["Dense", 1]], [["Dense", 1, None, None]], LONG_LIST]),
    ("layers", [[[None, 1, None]], [[1, 1, None]], [["Dense", 1.5, None]], [["Dense", True, None]]]),
    ("layers", [[["Dense", "1", None]], [["Dense", 1, 1]], [["Dense", 1, ["relu"]]], [{"kind": "Dense"}]]),
    ("parameters", [None, "1", 1.5, True, [], {}]),
    ("loss", [1, True, [], {}, ["mse"]]),
    ("optimizer", [1, False, [], {}]),
    ("scale", [None, 1, 0.5, True, "", "one", "0x", [], {}, "0x1p99999", "1" * 5000, "0x1p" + "9" * 150]),
    ("predictions", [1, "x", [], {}, [ARRAY], ARRAY | {"dtype": "object"}, ARRAY | {"shape": [2, 11]}]),
    ("predictions", [ARRAY | {"bytes": "!"}, ARRAY | {"shape": [-2, -10]}, ARRAY | {"extra": 1}]),
    ("reported", [1, 0.5, True, "", "one", [], {}, "0x1p99999"]),
    ("reported_likeliest", [1, True, "one", [], {}, "0x1p99999"]),
    ("penalties", [None, 1, 0.5, "", "one", [], {}]),
    ("losses", [None, "0x1p0", {}, [1.5], [None], [[]], ["one"], ["0x1p0"] * (MOST_EPOCHS + 1)]),
    ("unseen", [1, "x", [], {}, ARRAY | {"dtype": "float128"}, ARRAY | {"dtype": ["float32"]}]),
    ("weights", [None, 1, {}, [ARRAY], [[ARRAY]], [[ARRAY, ARRAY, ARRAY]], [[ARRAY, None]], [[None, ARRAY]], [{}]]),
    ("weights", [[[ARRAY, ARRAY]] * (MOST_LAYERS + 1), [[ARRAY, ARRAY | {"shape": [3, 10]}]]]),
    ("trouble", [1, "fit", {}, ["fit"], ["fit", "E"], ["fit", "E", "m", "m"], ["train", "E", "m"], [[], "E", "m"]]),
    ("trouble", [[{}, "E", "m"], [None, "E", "m"], ["fit", None, "m"], ["fit", "E", None], ["fit", "E", ["m"]]]),
)


@pytest.mark.parametrize(("key", "content"), [(key, content) for key, every in HOSTILE for content in every])
def test_a_network_with_one_hostile_part_is_refused(key: str, content: object) -> None:
    form = encode_built(SMALL)
    assert key in form
    decode_built(across(form))
    with pytest.raises(WireError):
        decode_built(across(form | {key: content}))


@pytest.mark.parametrize("key", ["layers", "parameters", "scale", "penalties", "losses", "weights"])
def test_a_network_without_a_part_that_it_must_have_is_refused(key: str) -> None:
    form = across(encode_built(SMALL))
    del form[key]
    with pytest.raises(WireError):
        decode_built(form)


def test_an_empty_form_is_refused() -> None:
    with pytest.raises(WireError):
        decode_built({})


@pytest.mark.parametrize("told", [None, 1, "true", "yes", [], [True], {"a": 1}])
def test_only_true_is_from_logits(told: object) -> None:
    assert decode_built(across(encode_built(SMALL) | {"from_logits": told})).from_logits is False
    assert decode_built(across(encode_built(SMALL) | {"from_logits": True})).from_logits is True


def test_long_texts_arrive_cut() -> None:
    long = "x" * 100_000
    form = encode_built(SMALL) | {"loss": long, "layers": [[long, 1, long]], "trouble": ["fit", long, long]}
    built = decode_built(across(form))
    assert built.trouble is not None
    assert built.loss == built.trouble.kind == built.layers[0].kind == built.layers[0].activation == long[:LONGEST_NAME]
    assert built.trouble.message == long[:LONGEST_MESSAGE]


@pytest.mark.parametrize("content", [None, 1, "built", [], [{}], True, 1.5])
def test_what_is_no_object_is_refused_as_an_observation(content: object) -> None:
    with pytest.raises(WireError):
        decode_observation({"built": content})


@pytest.mark.slow
@settings(max_examples=400)
@given(form=st.dictionaries(st.sampled_from(sorted(encode_built(SMALL))), JSON))
def test_any_json_is_a_network_or_refused(form: dict[str, Any]) -> None:
    try:
        built = decode_built(across(form))
    except WireError:
        return
    assert_same(decode_built(across(encode_built(built))).losses, built.losses)


@settings(max_examples=400)
@given(key=st.sampled_from(sorted(encode_built(SMALL))), content=JSON)
def test_any_json_in_one_place_is_a_network_or_refused(key: str, content: object) -> None:
    form = across(encode_built(SMALL) | {key: content})
    for decode in (decode_built, lambda form: decode_observation({"built": form})):
        try:
            built = decode(form)
        except WireError:
            continue
        assert isinstance(built, Built)
        json.dumps(encode_built(built))
