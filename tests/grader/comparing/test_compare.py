"""Two values side by side: kind and structure first, numbers within the tolerance, all else exactly, with its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given

from grader.comparing.compare import difference, told
from grader.comparing.rule import Comparison
from grader.comparing.spoiling import spoiled_values
from grader.model import DataTable, Labels, Masked, Series, Sparse, Structured, TableColumn
from tests.grader.wire.test_plain import VALUES

if TYPE_CHECKING:
    from grader.model import Value

CLOSE = Comparison(2e-4, 1e-6)
EXACT = Comparison(exact=True)
PLUS_8 = timezone(timedelta(hours=8))


def table(**columns: list[Any]) -> DataTable:
    index = Labels(tuple(range(len(next(iter(columns.values()))))), (None,))
    made = tuple(
        TableColumn(np.array(values), np.array(values).dtype.name)
        if np.array(values).dtype.kind in "iufb"
        else TableColumn(tuple(values), "object")
        for values in columns.values()
    )
    return DataTable(made, Labels(tuple(columns), (None,)), index)


AGREE: list[tuple[Value, Value]] = [
    (1, 1.0),
    (np.float32(0.1).item(), 0.1),
    (np.array(3), 3),
    (Fraction(1, 2), 0.5),
    (Decimal("0.5"), Fraction(1, 2)),
    ([1, 2, 3], np.array([1.0, 2.0, 3.0])),
    (np.array([1, 2]), (1, 2)),
    ({"b": 2, "a": 1}, {"a": 1, "b": 2}),
    ([1, "a"], (1, "a")),
    ((0.5, {"a": 1}), [0.5, {"a": 1}]),
    ({"W1": np.zeros((2, 3), np.float32)}, {"W1": np.zeros((2, 3))}),
    (float("nan"), float("nan")),
    (np.array(["a", "b"]), ["a", "b"]),
    (["a", "b"], np.array(["a", "b"])),
    (frozenset({1.0, 2.0}), frozenset({1, 2})),
    (frozenset({0.30000000000000004}), frozenset({0.3})),
    (datetime(2026, 1, 1, 8, tzinfo=PLUS_8), datetime(2026, 1, 1, tzinfo=UTC)),
    (np.array("2026-01-01", "M8[ns]"), np.array("2026-01-01", "M8[D]")),
    ([date(2026, 1, 1)], np.array(["2026-01-01"], "M8[D]")),
    (10**400, 10**400),
    (table(a=[1, 2], b=["x", "y"]), table(a=[1, 2], b=["x", "y"])),
]


@pytest.mark.parametrize(("observed", "expected"), AGREE, ids=map(str, range(len(AGREE))))
def test_the_same_value_in_another_guise_agrees(observed: Value, expected: Value) -> None:
    assert difference(observed, expected, CLOSE) is None


LOSE: list[tuple[Value, Value, str]] = [
    (2**53 + 1, 2**53, "observed 9007199254740993, expected 9007199254740992"),
    (np.array([2**53 + 1]), np.array([2**53]), "[0]: observed 9007199254740993, expected 9007199254740992"),
    (10**400 + 1, 10**400, "observed"),
    (1.001, 1.0, "observed 1.001, expected 1"),
    (True, 1, "expected a whole number, observed True or False"),
    (1, True, "expected True or False, observed a whole number"),
    ("1", 1, "expected a whole number, observed a text"),
    (None, 0, "expected a whole number, observed None"),
    ("colour", "color", "observed 'colour', expected 'color'"),
    ([1, "a"], frozenset({1, "a"}), "expected a set of 2 values, observed a list of 2 values"),
    ([1, 2], [1, 2, 3], "expected a list of 3 values, observed a list of 2 values"),
    ((0.5, {"a": 1}), (0.5, {"a": 2}), 'value 2 of 2 ["a"]: observed 1, expected 2'),
    ({"W1": np.zeros((2, 3))}, {"W1": np.eye(2, 3)}, '["W1"][0, 0]: observed 0, expected 1 (2 of 6 numbers differ)'),
    ({"w1": 0}, {"W1": 0}, 'the dict has no key "W1"'),
    ({"a": 0, "b": 1}, {"a": 0}, 'the dict has a key too many: "b"'),
    ({1: "a"}, {"1": "a"}, 'the dict has no key "1"'),
    (frozenset({1}), frozenset({1, 2}), "the set lacks 1 of 2 values"),
    (frozenset({1, "x"}), frozenset({1}), 'the set has 1 values too many: "x"'),
    (np.zeros(3), np.zeros((3, 1)), "expected shape (3, 1), observed (3,)"),
    (float("inf"), 1.0, "observed inf, expected 1"),
    (b"ab", "ab", "expected a text, observed bytes"),
    (datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1), "expected a date, observed a date with a time of day"),
    (date(2026, 1, 1), date(2026, 1, 2), "observed 2026-01-01, expected 2026-01-02"),
    (np.array(["a"]), np.array(["b"]), "[0]: observed 'a', expected 'b'"),
    (np.array("2026-01-02", "M8[D]"), np.array("2026-01-01", "M8[D]"), "1 of 1 dates differ"),
    (Masked(np.arange(2.0), np.zeros(2, bool)), Masked(np.arange(2.0), np.array([True, False])), "the mask differs"),
    (np.arange(2.0), Masked(np.arange(2.0), np.array([True, False])), "expected a masked array of shape (2,)"),
    (Masked(np.array([9.0, 2.0]), np.array([False, True])), Masked(np.ones(2), np.array([False, True])), "differ"),
]


@pytest.mark.parametrize(("observed", "expected", "said"), LOSE, ids=map(str, range(len(LOSE))))
def test_another_value_loses_and_is_told_where_it_parts(observed: Value, expected: Value, said: str) -> None:
    found = difference(observed, expected, CLOSE)
    assert found is not None
    assert said in told(found).en
    assert told(found).zh_tw


def test_what_is_masked_is_not_compared() -> None:
    mask = np.array([False, True])
    assert difference(Masked(np.array([1.0, 9.0]), mask), Masked(np.array([1.0, 5.0]), mask), CLOSE) is None


@pytest.mark.parametrize(
    ("observed", "expected"), [(1.0, 1), ([1.0], [1]), (np.array([1]), [1]), ((1,), [1]), (1.0 + 1e-12, 1.0)], ids=str
)
def test_exactly_forgives_neither_a_type_nor_a_digit(observed: Value, expected: Value) -> None:
    assert difference(observed, expected, EXACT) is not None
    assert difference(expected, expected, EXACT) is None


@given(value=VALUES)
def test_every_value_agrees_with_itself_and_with_nothing_that_is_spoiled(value: Any) -> None:  # noqa: ANN401 (any value)
    assert difference(value, value, CLOSE) is None
    assert difference(value, value, EXACT) is None
    for name, wrong in spoiled_values(Structured(value)):
        if name != "1% and a little off":  # of a number whose 1% is within the tolerance nothing is asked here
            assert difference(wrong.value, value, EXACT) is not None, name


# Tables -----------------------------------------------------------------------------------------------------------

GRADES = table(who=["a", "b", "c"], points=[1, 2, 3])


def reordered(one: DataTable, order: list[int]) -> DataTable:
    columns = tuple(
        TableColumn(
            column.values[order] if isinstance(column.values, np.ndarray) else tuple(column.values[i] for i in order),
            column.dtype,
        )
        for column in one.columns
    )
    return DataTable(columns, one.labels, Labels(tuple(one.index.items[i] for i in order), one.index.names))


@pytest.mark.parametrize(
    ("observed", "said"),
    [
        (table(who=["a", "b", "c"], points=[1, 2, 4]), 'column "points", row 2: observed 4, expected 3'),
        (table(who=["a", "b", "d"], points=[1, 2, 3]), "column \"who\", row 2: observed 'd', expected 'c'"),
        (table(who=["a", "b", None], points=[1, 2, 3]), 'column "who", row 2: a value is missing'),
        (table(points=[1, 2, 3], who=["a", "b", "c"]), 'the columns are in another order: expected "who", "points"'),
        (table(who=["a", "b", "c"], score=[1, 2, 3]), 'there is no column "points"'),
        (table(who=["a", "b", "c"], points=[1, 2, 3], n=[0, 0, 0]), 'there is a column too many: "n"'),
        (
            table(who=["a", "b", "c"], points=[1.0, 2.0, 3.0]),
            "the dtype is float64; int64 is expected",
        ),
        (table(who=["a", "b"], points=[1, 2]), "expected a table of 3 rows and 2 columns"),
        (replace(GRADES, index=Labels((1, 2, 3), (None,))), "the index: label 0 is 1; 0 is expected"),
        (replace(GRADES, index=Labels((0, 1, 2), ("id",))), 'the index: named "id"; None is expected'),
        (reordered(GRADES, [1, 0, 2]), "the index: label 0 is 1; 0 is expected"),
        (Series(GRADES.columns[0], GRADES.index, "who"), "observed a Series of 3 values"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_table_is_told_by_column_and_row(observed: Value, said: str) -> None:
    found = difference(observed, GRADES, CLOSE)
    assert found is not None
    assert said in told(found).en


@pytest.mark.parametrize(
    ("order", "observed"),
    [
        ("rows", reordered(GRADES, [2, 0, 1])),
        ("rows", replace(reordered(GRADES, [2, 0, 1]), index=GRADES.index)),
        ("any", replace(reordered(GRADES, [2, 0, 1]), index=Labels((7, 3, 12), (None,)))),
        ("columns", table(points=[1, 2, 3], who=["a", "b", "c"])),
        ("any", reordered(table(points=[1, 2, 3], who=["a", "b", "c"]), [1, 2, 0])),
    ],
)
def test_rows_or_columns_may_come_in_another_order_where_the_rule_says_so(order: Any, observed: DataTable) -> None:  # noqa: ANN401 (a word)
    assert difference(observed, GRADES, replace(CLOSE, order=order)) is None
    assert difference(observed, GRADES, CLOSE) is not None


def test_another_order_does_not_excuse_another_value() -> None:
    wrong = reordered(table(who=["a", "b", "c"], points=[2, 1, 3]), [2, 0, 1])
    assert difference(wrong, GRADES, replace(CLOSE, order="any")) is not None


def test_names_and_dtypes_may_be_any_where_the_rule_says_so() -> None:
    renamed = replace(GRADES, index=Labels((0, 1, 2), ("id",)), labels=Labels(("who", "points"), ("what",)))
    assert difference(renamed, GRADES, CLOSE) is not None
    assert difference(renamed, GRADES, replace(CLOSE, names=False)) is None
    floats = table(who=["a", "b", "c"], points=[1.0, 2.0, 3.0])
    assert difference(floats, GRADES, replace(CLOSE, dtypes=False)) is None
    assert (
        difference(table(who=["a", "b", "c"], points=[1.0, 2.0, 3.5]), GRADES, replace(CLOSE, dtypes=False)) is not None
    )


@pytest.mark.parametrize(
    "observed",
    [
        replace(GRADES, index=Labels(("x", "y", "z"), (None,))),
        replace(GRADES, index=Labels((0, 1, 2), ("secret",))),
        table(who=["a", "b", "c"], secret=[1, 2, 3]),
        {"secret": 1},
        ["secret"],
    ],
    ids=lambda value: type(value).__name__,
)
def test_of_a_hidden_question_a_kind_and_a_place_are_said_and_no_label(observed: Value) -> None:
    found = difference(observed, GRADES, CLOSE)
    assert found is not None
    assert found.hidden is not None
    assert not any(word in found.hidden.en for word in ("secret", "points", "who", "3", "2"))


def test_swapped_columns_lose_in_any_order() -> None:
    swapped = table(points=["a", "b", "c"], who=[1, 2, 3])
    assert difference(swapped, GRADES, replace(CLOSE, order="any")) is not None


def test_a_missing_number_agrees_with_a_missing_number_alone() -> None:
    gap = table(n=[1.0, float("nan")])
    assert difference(gap, gap, CLOSE) is None
    assert difference(table(n=[1.0, 0.0]), gap, CLOSE) is not None
    assert difference(gap, table(n=[1.0, 0.0]), CLOSE) is not None


def test_a_series_is_compared_by_name_index_dtype_and_values() -> None:
    one = Series(TableColumn(np.array([1.0, 2.0]), "float64"), Labels(("a", "b"), (None,)), "w")
    assert difference(one, one, CLOSE) is None
    for wrong in (
        replace(one, name="v"),
        replace(one, index=Labels(("a", "c"), (None,))),
        replace(one, column=TableColumn(np.array([1.0, 2.1]), "float64")),
        replace(one, column=TableColumn(np.array([1, 2]), "int64")),
    ):
        assert difference(wrong, one, CLOSE) is not None
    turned = Series(TableColumn(np.array([2.0, 1.0]), "float64"), Labels(("b", "a"), (None,)), "w")
    assert difference(turned, one, replace(CLOSE, order="rows")) is None


def test_a_sparse_matrix_is_compared_by_its_numbers_and_not_by_what_is_stored() -> None:
    one = Sparse((2, 2), np.array([0]), np.array([1]), np.array([0.5]))
    with_zero = Sparse((2, 2), np.array([0, 1]), np.array([1, 1]), np.array([0.5, 0.0]))
    assert difference(with_zero, one, CLOSE) is None
    assert difference(replace(one, values=np.array([0.6])), one, CLOSE) is not None
    assert difference(replace(one, columns=np.array([0])), one, CLOSE) is not None
    assert difference(replace(one, shape=(2, 3)), one, CLOSE) is not None
