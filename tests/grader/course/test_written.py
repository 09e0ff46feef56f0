"""A value is written as an input of a rubric so that it is read as the same value, as plainly as can be."""

from __future__ import annotations

import importlib
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pydantic import TypeAdapter

from grader.course.forms import Input
from grader.course.inputs import value_of
from grader.course.written import as_yaml, written_input
from grader.model import Masked
from grader.wire.plain import encode_value
from grader.wire.reading import plain_of

ARRAYS: st.SearchStrategy[Any] = st.sampled_from(
    ["float64", "float32", "int64", "uint8", "bool", "complex128"]
).flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)))
KEYS: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.binary(max_size=5)
)
LEAVES = (
    KEYS | st.complex_numbers() | st.fractions() | st.decimals() | st.dates() | st.datetimes() | st.floats() | ARRAYS
)
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


def read(form: object) -> Any:  # noqa: ANN401 (any value)
    """Return the value of an input, after YAML has written and read it."""
    text = as_yaml(form)
    given_form: Any = TypeAdapter[Any](Input).validate_python(yaml.safe_load(text))
    return value_of(given_form)


@given(VALUES)
def test_every_value_is_read_as_it_was(value: Any) -> None:  # noqa: ANN401 (any value)
    assert encode_value(read(written_input(value))) == encode_value(value)


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (3, 3),
        (True, True),
        (None, None),
        ("a", "a"),
        (0.5, 0.5),
        (np.array([1.0, 2.0]), [1, 2]),
        (np.array([[0.5], [2.0]]), [[0.5], [2.0]]),
        (np.array([1, 2]), {"array": [1, 2], "dtype": "int64"}),
        (np.array(["a", "bc"]), {"array": ["a", "bc"], "dtype": "str"}),
        ([1, "a", [2.5]], {"list": [1, "a", [2.5]]}),
        ((1, [2]), {"tuple": [1, [2]]}),
        (frozenset({2, 1}), {"set": [1, 2]}),
        ({"w": np.array([1.0]), 3: (1,)}, {"dict": {"w": {"array": [1.0], "dtype": "float64"}, 3: {"tuple": [1]}}}),
        ([{"a": 1}], {"list": [{"dict": {"a": 1}}]}),
        (1 + 2j, {"complex": "1+2j"}),
        (Fraction(1, 3), {"fraction": "1/3"}),
        (Decimal("0.10"), {"decimal": "0.10"}),
        (date(2026, 1, 31), {"date": "2026-01-31"}),
        (datetime(2026, 1, 31, 8, 30), {"date": "2026-01-31T08:30:00"}),  # noqa: DTZ001 (a rubric has none)
        (b"\x00\xff", {"bytes": "00ff"}),
        (Masked(np.array([1.0, 2.0]), np.array([False, True])), {"masked": [1.0, 2.0], "mask": [False, True]}),
    ],
)
def test_a_value_is_written_in_the_plainest_form(value: Any, form: object) -> None:  # noqa: ANN401 (any value)
    assert written_input(value) == form


def test_tables_are_written_by_their_columns() -> None:
    pd: Any = importlib.import_module("pandas")
    table = pd.DataFrame({"x": [1, 2], "y": ["a", "b"]})
    assert written_input(plain_of(table)) == {"table": {"x": [1, 2], "y": ["a", "b"]}}
    series = pd.Series([1.5, 2.5], index=["a", "b"], name="z")
    assert written_input(plain_of(series)) == {"series": [1.5, 2.5], "name": "z", "index": ["a", "b"]}


@pytest.mark.parametrize("value", [np.array(2.0), np.array([np.nan]), float("inf"), {(1, 2): 3}, np.zeros((0, 3))])
def test_what_has_no_form_of_its_own_is_written_as_a_value(value: Any) -> None:  # noqa: ANN401 (any value)
    form: Any = written_input(value)
    assert list(form) == ["value"]


@pytest.mark.parametrize(
    "text", ["a\x85b", "a\u2028b", "a\u2029b", "損失", "yes", "1.0", "a: b", "\n", "\t", "\x07", "é"]
)
def test_any_text_reads_as_it_was_in_yaml(text: str) -> None:
    assert yaml.safe_load(as_yaml({"list": [text]})) == {"list": [text]}
    assert ("損失" in as_yaml(text)) == (text == "損失")
