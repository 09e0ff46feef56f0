"""Any plain value on the wire: what is sent arrives with its type, a bound is kept, and what is hostile is refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.model import DataTable, Given, Labels, Masked, Series, Sparse, TableColumn, Tensor
from grader.wire.plain import DEEPEST, MOST_VALUES, decode_value, encode_value, size_of
from grader.wire.values import LARGEST_ARRAY_BYTES, PastBoundError, WireError

if TYPE_CHECKING:
    from grader.model import Value

DTYPES = ["bool", "int64", "uint8", "float32", "complex128", "U3", "S2", "M8[ns]", "m8[s]"]
ARRAYS = st.sampled_from(DTYPES).flatmap(
    lambda name: hnp.arrays(np.dtype(name), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
)
KEYS: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.fractions()
    | st.decimals(allow_nan=False)
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
)
LEAVES = KEYS | st.complex_numbers(allow_nan=False) | ARRAYS
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.frozensets(KEYS, max_size=3)
    ),
    max_leaves=8,
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=10,
)


def across(value: Value) -> Value:
    return decode_value(json.loads(json.dumps(encode_value(value))))


def same(one: Any, other: Any) -> bool:  # noqa: ANN401 (any value)
    """Say whether two values have the same types and say the same."""
    return type(one) is type(other) and json.dumps(encode_value(one)) == json.dumps(encode_value(other))


@given(value=VALUES)
def test_every_plain_value_arrives_with_its_type(value: Any) -> None:  # noqa: ANN401 (any value)
    assert same(across(value), value)


LABELS = Labels(("a", "b"), ("letters",))
OTHERS = [
    Masked(np.array([1.0, 2.0]), np.array([False, True])),
    Sparse((3, 4), np.array([0, 2]), np.array([1, 3]), np.array([0.5, 1.5])),
    Series(TableColumn(np.array([1, 2]), "int64"), LABELS, "n"),
    Series(TableColumn(("x", None), "object"), LABELS, None),
    DataTable((TableColumn(np.array([1.0, 2.0]), "float64"),), Labels(("w",), (None,)), LABELS),
    DataTable((), Labels((), (None,)), Labels((), (None,))),
    Tensor(np.zeros((2, 2), np.float32), "torch"),
    Given("double"),
    10**4000,
    -(10**500),
    {"deep": {"er": [(1, {2, 3}.__class__ and frozenset({2, 3}))]}},
]


@pytest.mark.parametrize("value", OTHERS, ids=lambda value: type(value).__name__)
def test_what_python_itself_does_not_have_arrives_too(value: Any) -> None:  # noqa: ANN401 (any value)
    assert same(across(value), value)


def nested(depth: int) -> Value:
    value: Value = 0
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(nested(DEEPEST + 1), "deep", id="nested too deep"),
        pytest.param([0] * MOST_VALUES, "many", id="too many values"),
        pytest.param([np.zeros(LARGEST_ARRAY_BYTES // 16)] * 3, "large", id="too many bytes in arrays"),
        pytest.param(["x" * (LARGEST_ARRAY_BYTES // 2)] * 3, "large", id="too many characters"),
        pytest.param(10**13000, "large", id="a number of too many digits"),
    ],
)
def test_a_value_past_a_bound_is_not_sent_and_its_reason_is_known(value: Value, reason: str) -> None:
    with pytest.raises(PastBoundError) as caught:
        encode_value(value)
    assert caught.value.reason == reason


@given(form=JSON)
def test_whatever_a_kernel_sends_is_a_value_or_refused(form: object) -> None:
    try:
        value = decode_value(form)
    except WireError:
        return
    encode_value(value)


ARRAY = {"dtype": "int64", "shape": [1], "bytes": "AAAAAAAAAAA="}
MASK = {"dtype": "bool", "shape": [2], "bytes": "AAE="}


@pytest.mark.parametrize(
    "form",
    [
        {"set": [{"list": []}]},
        {"dict": [[{"list": []}, {"int": "1"}]]},
        {"dict": [[{"int": "1"}]]},
        {"fraction": ["1", "0"]},
        {"decimal": "one"},
        {"date": "2026-13-01"},
        {"timedelta": [10**12, 0, 0]},
        {"timedelta": [True, "0", 0]},
        {"bytes": "0g"},
        {"int": "1" * 20_000},
        {"masked": [ARRAY, MASK]},
        {"masked": [ARRAY, ARRAY]},
        {"sparse": [[1, 1], ARRAY, ARRAY, MASK]},
        {"sparse": [[0, 0], ARRAY, ARRAY, ARRAY]},
        {"sparse": [[-1, 1], ARRAY, ARRAY, ARRAY]},
        {"tensor": [ARRAY, "os"]},
        {"series": [["int64", {"array": ARRAY}], [[], []], {"none": None}]},
        {"table": [[["int64", {"array": ARRAY}]], [[], []], [[{"int": "0"}], [{"none": None}]]]},
        {"array": {"dtype": "object", "shape": [1], "bytes": "AAAAAAAAAAA="}},
        {"array": {"dtype": "str99999999999999", "shape": [0], "bytes": ""}},
        {"array": {"dtype": "str32", "shape": [1], "bytes": "/////w=="}},
        {"array": {"dtype": "datetime64[parsec]", "shape": [0], "bytes": ""}},
        {"pickle": "gAVOLg=="},
    ],
    ids=lambda form: next(iter(form)),
)
def test_a_form_that_no_value_has_is_refused(form: object) -> None:
    with pytest.raises(WireError):
        decode_value(form)


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 29, 12, tzinfo=UTC),
        datetime(2026, 11, 29, 12, 0, 1, 5),  # noqa: DTZ001 (without a zone)
        date(2026, 2, 28),
        time(3, 4, 5),
        timedelta(days=-1, microseconds=3),
        Decimal("1.10"),
        Decimal("Infinity"),
        Fraction(-1, 3),
        float("nan"),
        complex("nan+1j"),
    ],
    ids=repr,
)
def test_dates_and_exact_numbers_keep_every_digit(value: Value) -> None:
    assert repr(across(value)) == repr(value)


def test_the_size_of_a_value_counts_all_that_is_in_it() -> None:
    inner = np.zeros(1000)
    table = DataTable((TableColumn(inner, "float64"),), LABELS, Labels((), ()))
    for value in ([inner, inner], {"a": inner, "b": (inner,)}, table, Masked(inner, inner > 0)):
        assert size_of(value) >= inner.nbytes
