"""What was seen, on the wire: an observation arrives as it was, a hostile one is refused, and every answer is named."""

from __future__ import annotations

import base64
import json
import math
import warnings
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.model import (
    Died,
    Missing,
    NotAsked,
    NotAttempted,
    Observation,
    Place,
    Raised,
    Refusal,
    Returned,
    TimedOut,
    Unreadable,
)
from grader.wire.observations import (
    decode_observation,
    decode_passed_over,
    decode_place,
    decode_refusal,
    encode_observation,
    encode_place,
    observe,
)
from grader.wire.values import (
    DTYPES,
    LARGEST_ARRAY_BYTES,
    LONGEST_MESSAGE,
    LONGEST_NAME,
    WireError,
    encode_array,
)

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

BEYOND_FLOAT = 10**400
ARRAYS = st.sampled_from(sorted(DTYPES)).flatmap(
    lambda name: hnp.arrays(name, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(BEYOND_FLOAT) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner, max_size=5),
    max_leaves=12,
)


def across(form: object) -> Any:  # noqa: ANN401 (whatever JSON holds)
    return json.loads(json.dumps(form))


def raw(text: bytes) -> str:
    return base64.b64encode(text).decode("ascii")


def identical(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Say whether two arrays have the same dtype, shape and bits."""
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()


# What was seen arrives as it was -------------------------------------------------------------------------------

OBSERVATIONS: list[Observation] = [
    Raised("ValueError", "no", Place(3, 2), "softmax"),
    Raised("KeyboardInterrupt", "", None, None),
    Raised("E", "m", Place(1, None), None),
    Raised("E", "m", Place(1, 2), "softmax", refused=Refusal("package", "pandas")),
    Raised("E", "m", refused=Refusal("keyboard")),
    TimedOut("call", 3),
    TimedOut("submission", 0.5),
    Missing(None),
    Missing("int"),
    NotAttempted(),
    NotAsked(),
    Died(None),
    Died(9),
    *(Unreadable(reason, "list") for reason in ("nothing", "text", "ragged", "complex", "type", "large", "malformed")),
]


@pytest.mark.parametrize("observation", OBSERVATIONS, ids=repr)
def test_an_observation_arrives_as_it_was(observation: Observation) -> None:
    assert decode_observation(across(encode_observation(observation))) == observation


@given(ARRAYS)
def test_an_answer_arrives_as_it_was(array: NDArray[Any]) -> None:
    arrived = decode_observation(across(encode_observation(Returned(array, array.dtype.name))))
    assert isinstance(arrived, Returned)
    assert arrived.dtype == array.dtype.name
    assert identical(arrived.value, array)


def test_a_bfloat16_answer_arrives_as_float32_that_keeps_its_name() -> None:
    arrived = decode_observation(across(encode_observation(Returned(np.ones(2, np.float32), "bfloat16"))))
    assert isinstance(arrived, Returned)
    assert (arrived.dtype, arrived.value.dtype.name) == ("bfloat16", "float32")


@pytest.mark.parametrize("place", [None, Place(1, None), Place(12, 34)])
def test_a_place_arrives_as_it_was(place: Place | None) -> None:
    assert decode_place(across(encode_place(place))) == place


def test_long_texts_of_an_error_are_cut() -> None:
    form = {"raised": {"kind": "k" * 10**5, "message": "m" * 10**6, "place": None, "function": "f" * 10**5}}
    arrived = decode_observation(form)
    assert isinstance(arrived, Raised)
    assert len(arrived.kind) == len(arrived.function or "") == LONGEST_NAME
    assert len(arrived.message) == LONGEST_MESSAGE


# What is hostile is refused -----------------------------------------------------------------------------------


RAISED = {"kind": "E", "message": "m", "place": [1, 2], "function": "f"}
GOOD_ARRAY = encode_array(np.ones(2))


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"raised": RAISED | {"kind": 1}}, id="raised, kind as a number"),
        pytest.param({"raised": RAISED | {"kind": None}}, id="raised, no kind"),
        pytest.param({"raised": RAISED | {"message": ["m"]}}, id="raised, message in a list"),
        pytest.param({"raised": RAISED | {"message": None}}, id="raised, no message"),
        pytest.param({"raised": RAISED | {"function": 7}}, id="raised, function as a number"),
        pytest.param({"raised": RAISED | {"place": 1}}, id="raised, place as a number"),
        pytest.param({"raised": RAISED | {"place": "12"}}, id="raised, place as text"),
        pytest.param({"raised": RAISED | {"place": [1]}}, id="raised, place without a line"),
        pytest.param({"raised": RAISED | {"place": [1, 2, 3]}}, id="raised, place of three"),
        pytest.param({"raised": RAISED | {"place": [None, 2]}}, id="raised, place without a cell"),
        pytest.param({"raised": RAISED | {"place": [1, "2"]}}, id="raised, line as text"),
        pytest.param({"raised": RAISED | {"place": [1.0, 2]}}, id="raised, cell as a float"),
        pytest.param({"raised": RAISED | {"place": [True, 2]}}, id="raised, cell as a bool"),
        pytest.param({"raised": RAISED | {"place": [1, False]}}, id="raised, line as a bool"),
        pytest.param({"raised": RAISED | {"place": {"cell": 1}}}, id="raised, place as an object"),
        pytest.param({"raised": {}}, id="raised, nothing said"),
        pytest.param({"timed_out": {"limit": "cell", "seconds": 1}}, id="timed out, another limit"),
        pytest.param({"timed_out": {"limit": None, "seconds": 1}}, id="timed out, no limit"),
        pytest.param({"timed_out": {"limit": ["call"], "seconds": 1}}, id="timed out, limit in a list"),
        pytest.param({"timed_out": {"limit": "call", "seconds": "1"}}, id="timed out, seconds as text"),
        pytest.param({"timed_out": {"limit": "call", "seconds": True}}, id="timed out, seconds as a bool"),
        pytest.param({"timed_out": {"limit": "call", "seconds": math.nan}}, id="timed out, NaN seconds"),
        pytest.param({"timed_out": {"limit": "call", "seconds": math.inf}}, id="timed out, infinite seconds"),
        pytest.param({"timed_out": {"limit": "call", "seconds": BEYOND_FLOAT}}, id="timed out, 10**400 seconds"),
        pytest.param({"timed_out": {"limit": "call"}}, id="timed out, no seconds"),
        pytest.param({"missing": {"found": 1}}, id="missing, found a number"),
        pytest.param({"missing": {"found": ["int"]}}, id="missing, found a list"),
        pytest.param({"died": {"signal": "9"}}, id="died, signal as text"),
        pytest.param({"died": {"signal": 9.0}}, id="died, signal as a float"),
        pytest.param({"died": {"signal": True}}, id="died, signal as a bool"),
        pytest.param({"unreadable": {"reason": "other", "found": "x"}}, id="unreadable, another reason"),
        pytest.param({"unreadable": {"reason": None, "found": "x"}}, id="unreadable, no reason"),
        pytest.param({"unreadable": {"reason": "text", "found": 1}}, id="unreadable, found a number"),
        pytest.param({"unreadable": {"reason": "text"}}, id="unreadable, nothing found"),
        pytest.param({"returned": {"array": GOOD_ARRAY, "dtype": "float32"}}, id="returned, another dtype"),
        pytest.param({"returned": {"array": GOOD_ARRAY, "dtype": "bfloat16"}}, id="returned, float64 as bfloat16"),
        pytest.param({"returned": {"array": GOOD_ARRAY, "dtype": None}}, id="returned, no dtype"),
        pytest.param({"returned": {"array": GOOD_ARRAY, "dtype": ["float64"]}}, id="returned, dtype in a list"),
        pytest.param({"returned": {"dtype": "float64"}}, id="returned, no array"),
        pytest.param({"returned": {"array": [1.0, 1.0], "dtype": "float64"}}, id="returned, a list of numbers"),
        pytest.param({"returned": GOOD_ARRAY}, id="returned, a bare array"),
        pytest.param({"returned": None}, id="returned, null"),
        pytest.param({"not_attempted": None}, id="not attempted, null"),
        pytest.param({"not_asked": []}, id="not asked, a list"),
        pytest.param({"passed": {}}, id="a verdict"),
        pytest.param({"ungraded": {}}, id="our own failure, alleged"),
        pytest.param({"returned": {}, "raised": {}}, id="two kinds"),
        pytest.param({}, id="no kind"),
        pytest.param("not_attempted", id="text"),
        pytest.param([{"not_attempted": {}}], id="list"),
        pytest.param(None, id="null"),
    ],
)
def test_a_hostile_observation_is_refused(form: object) -> None:
    with pytest.raises(WireError):
        decode_observation(form)


OBSERVATION_KINDS = st.sampled_from(
    ["returned", "built", "raised", "timed_out", "missing", "died", "unreadable", "not_attempted", "not_asked"]
)
FIELDS = st.sampled_from(
    ["array", "dtype", "kind", "message", "place", "function", "limit", "seconds", "found", "signal", "reason"]
)
WORDS = st.sampled_from(["call", "submission", "text", "float64", "float32", "bfloat16", "type"])
ARRAY_FORMS = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(sorted(DTYPES)) | JSON,
        "shape": st.lists(st.sampled_from([0, 1, 2, 3, 2**26, 2**40, -1, BEYOND_FLOAT]), max_size=34) | JSON,
        "bytes": st.binary(max_size=48).map(raw) | JSON,
    }
)


def _refused_or_read(decode: Any, form: object) -> None:  # noqa: ANN401 (a decoder)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            decode(form)
        except WireError:
            return


@given(
    JSON
    | st.dictionaries(
        OBSERVATION_KINDS,
        JSON | st.dictionaries(FIELDS, JSON | ARRAY_FORMS | WORDS | st.lists(st.integers(), max_size=3), max_size=5),
        min_size=1,
        max_size=1,
    )
)
@settings(deadline=None, max_examples=300)
def test_any_json_is_an_observation_or_a_wire_error(form: object) -> None:
    _refused_or_read(decode_observation, form)


@given(JSON)
def test_any_json_is_a_place_or_a_wire_error(form: object) -> None:
    _refused_or_read(decode_place, form)


@given(JSON)
def test_any_json_is_a_refusal_or_a_wire_error(form: object) -> None:
    _refused_or_read(decode_refusal, form)
    _refused_or_read(decode_passed_over, form)


# Every answer is named for what it is -------------------------------------------------------------------------


@dataclass
class Tensor:
    """What TensorFlow and PyTorch have in common: `numpy()`."""

    content: Any

    def numpy(self) -> Any:  # noqa: ANN401 (whatever a library gives)
        """Return what it holds."""
        return self.content


@pytest.mark.parametrize(
    ("answer", "dtype", "shape", "values"),
    [
        pytest.param(3, "int64", (), 3, id="int"),
        pytest.param(-(10**30), "float64", (), -1e30, id="int beyond 64 bits"),
        pytest.param(1.5, "float64", (), 1.5, id="float"),
        pytest.param(True, "bool", (), True, id="bool"),
        pytest.param(np.float32(1.5), "float32", (), 1.5, id="float32"),
        pytest.param(np.float16(1.5), "float16", (), 1.5, id="float16"),
        pytest.param(np.uint8(7), "uint8", (), 7, id="uint8"),
        pytest.param(np.bool_(True), "bool", (), True, id="numpy bool"),  # noqa: FBT003
        pytest.param(np.longdouble(1.5), "float64", (), 1.5, id="longdouble"),
        pytest.param(np.array([1.5], np.longdouble), "float64", (1,), [1.5], id="array of longdouble"),
        pytest.param(Fraction(1, 4), "float64", (), 0.25, id="Fraction"),
        pytest.param(Decimal("0.25"), "float64", (), 0.25, id="Decimal"),
        pytest.param([Fraction(1, 4), Decimal("0.5")], "float64", (2,), [0.25, 0.5], id="Fractions in a list"),
        pytest.param([1, 2.5], "float64", (2,), [1, 2.5], id="list"),
        pytest.param([], "float64", (0,), [], id="empty list"),
        pytest.param((1, 2), "int64", (2,), [1, 2], id="tuple"),
        pytest.param([(1, 2), (3, 4)], "int64", (2, 2), [[1, 2], [3, 4]], id="list of tuples"),
        pytest.param([np.array([1.0, 2]), [3, 4]], "float64", (2, 2), [[1, 2], [3, 4]], id="list of arrays"),
        pytest.param([np.float32(1), np.float32(2)], "float32", (2,), [1, 2], id="list of numpy scalars"),
        pytest.param(range(3), "int64", (3,), [0, 1, 2], id="range"),
        pytest.param(np.array(2.5), "float64", (), 2.5, id="0-d array"),
        pytest.param(np.array([2.5]), "float64", (1,), [2.5], id="array of size 1"),
        pytest.param(np.array([[2.5]]), "float64", (1, 1), [[2.5]], id="matrix of size 1"),
        pytest.param(np.zeros((0, 3)), "float64", (0, 3), [], id="array without elements"),
        pytest.param(np.array([1, 2], object), "float64", (2,), [1, 2], id="numbers in an object array"),
        pytest.param(np.array([1.5], ">f8"), "float64", (1,), [1.5], id="big-endian"),
        pytest.param(np.ma.masked_array([1.0, 2.0]), "float64", (2,), [1, 2], id="masked array"),
        pytest.param(Tensor(np.array([1.5], np.float32)), "float32", (1,), [1.5], id="tensor"),
        pytest.param(Tensor(np.float32(1.5)), "float32", (), 1.5, id="tensor of a scalar"),
        pytest.param([Tensor(np.float32(1)), Tensor(np.float32(2))], "float32", (2,), [1, 2], id="tensors in a list"),
        pytest.param((Tensor(np.ones(2)), [3, 4]), "float64", (2, 2), [[1, 1], [3, 4]], id="tensor beside a list"),
        pytest.param([[Tensor(np.float64(1))], [2]], "float64", (2, 1), [[1], [2]], id="tensor in a nested list"),
    ],
)
def test_a_numeric_answer_becomes_an_array(
    answer: object,
    dtype: str,
    shape: tuple[int, ...],
    values: object,
) -> None:
    observed = observe(answer)
    assert isinstance(observed, Returned)
    assert (observed.dtype, observed.value.shape, observed.value.tolist()) == (dtype, shape, values)
    assert decode_observation(across(encode_observation(observed)))


def test_nan_and_infinity_are_answers() -> None:
    observed = observe([math.nan, math.inf, -math.inf])
    assert isinstance(observed, Returned)
    np.testing.assert_array_equal(observed.value, [math.nan, math.inf, -math.inf])


@pytest.mark.parametrize(
    ("answer", "reason", "found"),
    [
        pytest.param(None, "nothing", "NoneType", id="None"),
        pytest.param("0.5", "text", "str", id="text"),
        pytest.param(b"0.5", "text", "bytes", id="bytes"),
        pytest.param(bytearray(b"0.5"), "text", "bytearray", id="bytearray"),
        pytest.param(np.str_("0.5"), "text", "str_", id="numpy text"),
        pytest.param(np.bytes_(b"0.5"), "text", "bytes_", id="numpy bytes"),
        pytest.param(["0.5", "0.5"], "text", "list", id="texts in a list"),
        pytest.param([0.5, "0.5"], "text", "list", id="a text beside a number"),
        pytest.param(np.array(["0.5"]), "text", "ndarray", id="array of text"),
        pytest.param(np.array([b"0.5"]), "text", "ndarray", id="array of bytes"),
        pytest.param(np.array(["a", 1], object), "text", "ndarray", id="words in an object array"),
        pytest.param(np.array(["0.5", 1], object), "text", "ndarray", id="digits as text in an object array"),
        pytest.param(np.array([b"0.5", 1], object), "text", "ndarray", id="digits as bytes in an object array"),
        pytest.param([Fraction(1, 2), "0.5"], "text", "list", id="digits as text beside a Fraction"),
        pytest.param(Tensor("0.5"), "text", "Tensor", id="tensor of text"),
        pytest.param([[1, 2], [3]], "ragged", "list", id="ragged"),
        pytest.param([1, [2, 3]], "ragged", "list", id="a number beside a list"),
        pytest.param([np.ones(2), np.ones(3)], "ragged", "list", id="ragged arrays"),
        pytest.param([Tensor(np.ones(2)), Tensor(np.ones(3))], "ragged", "list", id="ragged tensors"),
        pytest.param(1j, "complex", "complex", id="complex"),
        pytest.param([1, 1j], "complex", "list", id="complex in a list"),
        pytest.param(np.complex64(1), "complex", "complex64", id="complex64"),
        pytest.param({"a": 1}, "type", "dict", id="dict"),
        pytest.param({1, 2}, "type", "set", id="set"),
        pytest.param((i for i in range(3)), "type", "generator", id="generator"),
        pytest.param(map(abs, [1]), "type", "map", id="map"),
        pytest.param(object(), "type", "object", id="object"),
        pytest.param(print, "type", "builtin_function_or_method", id="function"),
        pytest.param(int, "type", "type", id="class"),
        pytest.param([{"a": 1}], "type", "list", id="dict in a list"),
        pytest.param([1.0, None], "type", "list", id="None in a list"),
        pytest.param([None, None], "type", "list", id="only None in a list"),
        pytest.param(np.array([None], object), "type", "ndarray", id="None in an object array"),
        pytest.param(np.datetime64("2026-01-01"), "type", "datetime64", id="datetime64"),
        pytest.param(np.timedelta64(1, "s"), "type", "timedelta64", id="timedelta64"),
        pytest.param(np.zeros(1, [("a", "f8")]), "type", "ndarray", id="record array"),
        pytest.param(np.zeros(LARGEST_ARRAY_BYTES + 1, np.uint8), "large", "ndarray", id="one byte too large"),
        pytest.param(Tensor(np.zeros(LARGEST_ARRAY_BYTES // 8 + 1)), "large", "Tensor", id="tensor too large"),
    ],
)
def test_an_answer_without_numbers_is_unreadable_and_says_why(answer: object, reason: str, found: str) -> None:
    observed = observe(answer)
    assert isinstance(observed, Unreadable), observed
    assert (observed.reason, observed.found) == (reason, found)


def test_a_tensor_that_keeps_its_gradient_is_read() -> None:
    observed = observe(WithGradient([0.5, 0.25]))
    assert isinstance(observed, Returned)
    assert observed.value.tolist() == [0.5, 0.25]
    inside = observe([WithGradient(1.0), WithGradient(2.0)])
    assert isinstance(inside, Returned)
    assert inside.value.tolist() == [1.0, 2.0]


class WithGradient:
    """Behaves as a tensor of PyTorch with `requires_grad=True` on another processor does."""

    def __init__(self, values: object, *, detached: bool = False, here: bool = False) -> None:
        self.values, self.detached, self.here = values, detached, here

    def detach(self) -> WithGradient:
        """Return it without its gradient."""
        return WithGradient(self.values, detached=True, here=self.here)

    def cpu(self) -> WithGradient:
        """Return it on this processor."""
        return WithGradient(self.values, detached=self.detached, here=True)

    def numpy(self) -> NDArray[Any]:
        """Return its numbers; raise RuntimeError as PyTorch does where that cannot be."""
        if not (self.detached and self.here):
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        return np.asarray(self.values)


def test_the_largest_answer_is_read() -> None:
    assert isinstance(observe(np.zeros(LARGEST_ARRAY_BYTES, np.uint8)), Returned)


def test_a_list_that_holds_itself_is_unreadable() -> None:
    answer: list[Any] = []
    answer.append(answer)
    assert isinstance(observe(answer), Unreadable)


def test_an_integer_beyond_every_float_is_unreadable() -> None:
    """It is a number, so no student should read of a type OverflowError that was never returned."""
    assert isinstance(observe(BEYOND_FLOAT), Unreadable)


@pytest.mark.parametrize("axes", [32, 33, 40, 64])
def test_what_is_observed_can_cross_the_wire(axes: int) -> None:
    observed = observe(np.zeros((1,) * axes))
    assert type(decode_observation(across(encode_observation(observed)))) is type(observed)


def test_a_long_name_of_a_type_is_cut() -> None:
    observed = observe(type("T" * 1000, (), {})())
    assert isinstance(observed, Unreadable)
    assert observed.found == "T" * LONGEST_NAME


@given(ARRAYS)
def test_observing_an_array_changes_nothing(array: NDArray[Any]) -> None:
    observed = observe(array)
    assert isinstance(observed, Returned)
    assert identical(observed.value, array)


def test_an_observed_array_is_the_answers_copy() -> None:
    answer = np.zeros(2)
    observed = observe(answer)
    answer[0] = 7
    assert isinstance(observed, Returned)
    assert observed.value.tolist() == [0, 0]


# The real thing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", sorted(DTYPES))
def test_a_tensor_of_every_dtype_becomes_an_array(tensorflow: ModuleType, dtype: str) -> None:
    observed = observe(tensorflow.cast([[0, 1], [1, 0]], dtype))
    assert isinstance(observed, Returned)
    assert observed.dtype == observed.value.dtype.name == dtype
    assert observed.value.tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize("shape", [(), (2,), (1, 2)])
def test_a_bfloat16_tensor_is_widened_and_keeps_its_name(tensorflow: ModuleType, shape: tuple[int, ...]) -> None:
    observed = observe(tensorflow.fill(shape, tensorflow.constant(1.5, tensorflow.bfloat16)))
    assert isinstance(observed, Returned)
    assert (observed.dtype, observed.value.dtype.name, observed.value.shape) == ("bfloat16", "float32", shape)
    assert (observed.value == np.float32(1.5)).all()
    assert decode_observation(across(encode_observation(observed)))


def test_bfloat16_tensors_in_a_list_are_widened_and_keep_their_name(tensorflow: ModuleType) -> None:
    observed = observe([tensorflow.constant(1.5, tensorflow.bfloat16), tensorflow.constant(2, tensorflow.bfloat16)])
    assert isinstance(observed, Returned)
    assert (observed.dtype, observed.value.tolist()) == ("bfloat16", [1.5, 2])


def test_a_variable_and_tensors_in_a_list_become_arrays(tensorflow: ModuleType) -> None:
    variable = observe(tensorflow.Variable([1.0, 2.0]))
    listed = observe([tensorflow.constant(1.0), tensorflow.Variable(2.0)])
    for observed in (variable, listed):
        assert isinstance(observed, Returned)
        assert (observed.dtype, observed.value.tolist()) == ("float32", [1, 2])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(lambda tf: tf.constant("0.5"), "text", id="string tensor"),
        pytest.param(lambda tf: tf.constant(["0.5", "1"]), "text", id="string tensors"),
        pytest.param(lambda tf: tf.constant(1j), "complex", id="complex tensor"),
        pytest.param(lambda tf: tf.keras.losses.MeanSquaredError(), "type", id="a loss, not its value"),
        pytest.param(lambda tf: tf.sparse.from_dense([[1.0, 0.0]]), "type", id="sparse tensor"),
        pytest.param(lambda tf: tf.keras.Input((3,)), "type", id="symbolic tensor"),
    ],
)
def test_a_tensor_without_numbers_is_unreadable(tensorflow: ModuleType, make: Any, reason: str) -> None:  # noqa: ANN401
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        observed = observe(make(tensorflow))
    assert isinstance(observed, Unreadable), observed
    assert observed.reason == reason


def test_a_ragged_tensor_is_unreadable_by_its_form_or_its_type(tensorflow: ModuleType) -> None:
    observed = observe(tensorflow.ragged.constant([[1.0, 2.0], [3.0]]))
    assert isinstance(observed, Unreadable)
    assert observed.reason == "ragged" or observed.found == "RaggedTensor"
