"""Values on the wire: what is sent arrives with its type and its bits, and what is hostile is refused."""

from __future__ import annotations

import base64
import json
import math
import struct
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.wire.plain import DEEPEST, decode_value, encode_value
from grader.wire.values import DTYPES, LARGEST_ARRAY_BYTES, WireError, decode_array, encode_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

BEYOND_FLOAT = 10**400
ARRAYS = st.sampled_from(sorted(DTYPES)).flatmap(
    lambda name: hnp.arrays(name, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
NUMBERS = st.booleans() | st.integers(-(10**300), 10**300) | st.floats()
LEAVES = NUMBERS | st.text() | ARRAYS
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple), max_leaves=8
).filter(lambda value: _depth(value) <= DEEPEST)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(BEYOND_FLOAT) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner, max_size=5),
    max_leaves=12,
)


def _depth(value: object) -> int:
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list | tuple) else 0


def across(form: object) -> Any:  # noqa: ANN401 (whatever JSON holds)
    return json.loads(json.dumps(form))


def raw(text: bytes) -> str:
    return base64.b64encode(text).decode("ascii")


def array_form(**changed: object) -> dict[str, object]:
    """Return the form of two float64 numbers, spoiled."""
    return {"dtype": "float64", "shape": [2], "bytes": raw(bytes(16)), **changed}


def identical(one: object, other: object) -> bool:
    """Say whether two values have the same types and the same bits."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(identical, one, other))
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    if isinstance(one, float) and isinstance(other, float):
        return struct.pack("<d", one) == struct.pack("<d", other)
    return bool(one == other)


# What is sent arrives as it was -------------------------------------------------------------------------------


@given(VALUES)
def test_an_argument_arrives_with_its_type_and_its_bits(value: Any) -> None:  # noqa: ANN401
    assert identical(decode_value(across(encode_value(value))), value)


@given(ARRAYS)
def test_an_array_of_any_dtype_and_shape_arrives_bit_for_bit(array: NDArray[Any]) -> None:
    assert identical(decode_array(across(encode_array(array))), array)


@pytest.mark.parametrize("dtype", sorted(DTYPES))
@pytest.mark.parametrize("shape", [(), (0,), (1,), (3,), (0, 3), (3, 0), (2, 3), (1, 2, 3)])
def test_every_dtype_and_shape_arrives(dtype: str, shape: tuple[int, ...]) -> None:
    array = (np.arange(math.prod(shape)) % 2).astype(dtype).reshape(shape)
    assert identical(decode_array(across(encode_array(array))), array)


@pytest.mark.parametrize("bits", [0x7FF8000000000000, 0x7FF8DEADBEEF0001, 0xFFF0000000000000, 0x8000000000000000])
def test_the_bits_of_nan_infinity_and_minus_zero_arrive(bits: int) -> None:
    array = np.array([bits], np.uint64).view(np.float64)
    assert decode_array(across(encode_array(array))).tobytes() == array.tobytes()


@pytest.mark.parametrize("number", [0, -1, 2**53 + 1, -(2**63), 2**64, 10**300])
def test_a_whole_number_arrives_with_every_digit(number: int) -> None:
    assert decode_value(across(encode_value(number))) == number


@pytest.mark.parametrize("number", [0.1, -0.0, 5e-324, 1.7976931348623157e308, math.inf, -math.inf])
def test_a_float_arrives_exactly(number: float) -> None:
    assert identical(decode_value(across(encode_value(number))), number)


@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_in_any_byte_and_memory_order_arrives_with_its_values(order: Any) -> None:  # noqa: ANN401
    array = np.array([[1.5, 2], [3, 4]], dtype=">f8", order=order)
    arrived = decode_array(across(encode_array(array)))
    assert arrived.tolist() == array.tolist()
    assert arrived.dtype == np.dtype("float64")


def test_a_view_with_strides_arrives_with_its_values() -> None:
    array = np.arange(12).reshape(3, 4)[::-1, ::2]
    assert decode_array(across(encode_array(array))).tolist() == array.tolist()


def test_an_arrived_array_is_fresh_and_writable() -> None:
    form = encode_array(np.zeros(3))
    first: NDArray[Any] = decode_array(form)
    first[0] = 7
    assert decode_array(form).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "value",
    [{1}, range(3), object(), np.int64(1), np.float32(1), [1, [object()]], iter(()), len],
    ids=lambda value: type(value).__name__,
)
def test_no_argument_of_another_type_is_sent(value: Any) -> None:  # noqa: ANN401
    with pytest.raises(WireError):
        encode_value(value)


IS_FLOAT64 = pytest.mark.skipif(np.dtype("longdouble").itemsize == 8, reason="a long double is a float64 here")


@pytest.mark.parametrize("dtype", ["O", pytest.param("longdouble", marks=IS_FLOAT64), "V8"])
def test_no_array_of_another_dtype_is_sent(dtype: str) -> None:
    with pytest.raises(WireError):
        encode_array(np.zeros(2, dtype))


class Pair(tuple[int, int]):
    """A tuple that is more than a tuple, as a namedtuple is."""

    __slots__ = ()


class Word(str):
    """A text that is more than a text, as numpy.str_ is."""

    __slots__ = ()


@pytest.mark.parametrize(
    "value",
    [np.str_("word"), Word("word"), Pair((1, 2)), [[[[[[[[[1]]]]]]]]], 10**500, 10**5000],
    ids=["numpy.str_", "a kind of str", "a kind of tuple", "nested 9 deep", "500 digits", "5000 digits"],
)
def test_what_can_be_sent_can_be_read(value: Any) -> None:  # noqa: ANN401
    """Otherwise a maker of the staff ends the worker, long after the key was made."""
    try:
        form = encode_value(value)
    except WireError:
        return  # refused where it is sent, which the key tells the staff
    assert decode_value(across(form)) == value


# What is hostile is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(array_form(dtype="complex128"), id="complex"),
        pytest.param(array_form(dtype="object"), id="object"),
        pytest.param(array_form(dtype="O"), id="object by its letter"),
        pytest.param(array_form(dtype="float128"), id="longdouble"),
        pytest.param(array_form(dtype="<f8"), id="another name of float64"),
        pytest.param(array_form(dtype="V8"), id="void"),
        pytest.param(array_form(dtype="U4"), id="text"),
        pytest.param(array_form(dtype="bfloat16"), id="bfloat16"),
        pytest.param(array_form(dtype=None), id="no dtype"),
        pytest.param(array_form(dtype=["float64"]), id="dtype in a list"),
        pytest.param(array_form(dtype={"names": ["a"], "formats": ["O"]}), id="dtype as an object"),
        pytest.param(array_form(shape=[-2]), id="negative length"),
        pytest.param(array_form(shape=[-1, -2]), id="two negative lengths"),
        pytest.param(array_form(shape=[2.0]), id="length as a float"),
        pytest.param(array_form(shape=["2"]), id="length as text"),
        pytest.param(array_form(shape=[True, 2]), id="length as a bool"),
        pytest.param(array_form(shape=[None]), id="no length"),
        pytest.param(array_form(shape=2), id="shape as a number"),
        pytest.param(array_form(shape="2"), id="shape as text"),
        pytest.param(array_form(shape={"0": 2}), id="shape as an object"),
        pytest.param(array_form(shape=None), id="no shape"),
        pytest.param(array_form(shape=[[2]]), id="shape in a shape"),
        pytest.param(array_form(shape=[2, *[1] * 40]), id="too many axes"),
        pytest.param(array_form(shape=[2**62]), id="huge length"),
        pytest.param(array_form(shape=[2**80]), id="length beyond 64 bits"),
        pytest.param(array_form(shape=[BEYOND_FLOAT]), id="length beyond all floats"),
        pytest.param(array_form(shape=[2**20, 2**20, 2**20, 2**20]), id="product beyond 64 bits"),
        pytest.param(array_form(shape=[2**16, 2**16, 2**16, 2**16], bytes=""), id="product of 0 modulo 2**64"),
        pytest.param(array_form(shape=[0, *[2**26] * 3], bytes=""), id="no element, huge lengths"),
        pytest.param(array_form(shape=[0, *[2**26] * 31], bytes=""), id="no element, huge lengths on every axis"),
        pytest.param(array_form(shape=[0, 2**21], bytes=""), id="no element, a length beyond what is looked at"),
        pytest.param(array_form(shape=[2**21, 0], bytes=""), id="no element in very many rows"),
        pytest.param(array_form(shape=[LARGEST_ARRAY_BYTES]), id="larger than is looked at"),
        pytest.param(array_form(shape=[3]), id="too few bytes"),
        pytest.param(array_form(shape=[1]), id="too many bytes"),
        pytest.param(array_form(shape=[]), id="too many bytes for one number"),
        pytest.param(array_form(bytes=raw(bytes(15))), id="one byte short"),
        pytest.param(array_form(bytes=raw(bytes(17))), id="one byte over"),
        pytest.param(array_form(bytes=""), id="no bytes"),
        pytest.param(array_form(bytes="!" * 24), id="not base64"),
        pytest.param(array_form(bytes="é" * 24), id="not ASCII"),
        pytest.param(array_form(bytes="\ud800" * 24), id="lone surrogates"),
        pytest.param(array_form(bytes="=" * 24), id="padding only"),
        pytest.param(array_form(bytes="A" * 20 + "==AA"), id="padding in the middle"),
        pytest.param(array_form(bytes=raw(bytes(16))[:-1] + "\n"), id="newline in base64"),
        pytest.param(array_form(bytes=[0] * 16), id="bytes as a list"),
        pytest.param(array_form(bytes=None), id="bytes as null"),
        pytest.param(array_form(strides=[8]), id="extra key"),
        pytest.param({"dtype": "float64", "shape": []}, id="missing key"),
        pytest.param({}, id="no key"),
        pytest.param([], id="list"),
        pytest.param("array", id="text"),
        pytest.param(None, id="null"),
    ],
)
def test_a_hostile_array_is_refused(form: object) -> None:
    with pytest.raises(WireError):
        decode_array(form)
    with pytest.raises(WireError):
        decode_value({"array": form})


def nested(depth: int) -> dict[str, Any]:
    form: dict[str, Any] = {"int": "1"}
    for _ in range(depth):
        form = {"list": [form]}
    return form


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(nested(DEEPEST + 1), id="one level too deep"),
        pytest.param(nested(900), id="far too deep"),
        pytest.param({"int": 1}, id="int as a number"),
        pytest.param({"int": True}, id="int as a bool"),
        pytest.param({"int": "1.5"}, id="int as a float"),
        pytest.param({"int": ""}, id="empty int"),
        pytest.param({"float": 1.5}, id="float as a number"),
        pytest.param({"float": "one"}, id="float as a word"),
        pytest.param({"float": "0x1p99999"}, id="float out of range"),
        pytest.param({"float": None}, id="float as null"),
        pytest.param({"bool": 1}, id="bool as a number"),
        pytest.param({"bool": "true"}, id="bool as text"),
        pytest.param({"str": 1}, id="text as a number"),
        pytest.param({"str": None}, id="text as null"),
        pytest.param({"list": {}}, id="list as an object"),
        pytest.param({"list": "12"}, id="list as text"),
        pytest.param({"list": [1]}, id="bare number in a list"),
        pytest.param({"tuple": None}, id="tuple as null"),
        pytest.param({"tuple": [[]]}, id="bare list in a tuple"),
        pytest.param({"dict": {}}, id="dict"),
        pytest.param({"pickle": "gASV"}, id="pickle"),
        pytest.param({"": 1}, id="empty kind"),
        pytest.param({"int": "1", "float": "0x1p0"}, id="two kinds"),
        pytest.param({}, id="no kind"),
        pytest.param([], id="list without a kind"),
        pytest.param(1, id="bare number"),
        pytest.param(None, id="null"),
    ],
)
def test_a_hostile_argument_is_refused(form: object) -> None:
    with pytest.raises(WireError):
        decode_value(form)


ARGUMENT_KINDS = st.sampled_from(["bool", "int", "float", "str", "list", "tuple", "array"])
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


@given(JSON | st.dictionaries(ARGUMENT_KINDS, JSON | ARRAY_FORMS, min_size=1, max_size=1))
@settings(deadline=None, max_examples=300)
def test_any_json_is_an_argument_or_a_wire_error(form: object) -> None:
    _refused_or_read(decode_value, form)


@given(ARRAY_FORMS)
@settings(deadline=None, max_examples=300)
def test_any_header_is_an_array_or_a_wire_error(form: object) -> None:
    _refused_or_read(decode_array, form)
