"""Whatever a function returns is read as plain data, or refused; what lies about itself gains nothing."""

from __future__ import annotations

import collections
import enum
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest

from grader.model import DataTable, Labels, Masked, Series, Sparse, TableColumn, Tensor
from grader.wire.given import fresh, library_of
from grader.wire.plain import decode_value, encode_value
from grader.wire.reading import NotPlainError, plain_of
from grader.wire.values import PastBoundError


class Point(NamedTuple):
    """A tuple with names."""

    x: int
    y: int


class Colour(enum.IntEnum):
    """A whole number with a name."""

    RED = 1


class Lying(dict):  # type: ignore[type-arg]
    """It claims to be the right value."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None

    def items(self) -> Any:  # noqa: ANN401, D102 (a lie)
        return {"right": 1}.items()

    def __iter__(self) -> Any:  # noqa: ANN401 (a lie)
        return iter(["right"])


class LyingText(str):
    """It claims to be the right value."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("right")

    def __str__(self) -> str:
        return "right"


class LyingList(list):  # type: ignore[type-arg]
    """It claims to be the right value."""

    def __iter__(self) -> Any:  # noqa: ANN401 (a lie)
        return iter([1, 2, 3])


class LyingInt(int):
    """It claims to be the right value."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __int__(self) -> int:
        return 42


@pytest.mark.parametrize(
    ("answer", "plain"),
    [
        (Lying(wrong=2), {"wrong": 2}),
        (LyingText("wrong"), "wrong"),
        (LyingList([9]), [9]),
        (LyingInt(7), 7),
        (collections.OrderedDict(a=1), {"a": 1}),
        (collections.Counter("aab"), {"a": 2, "b": 1}),
        (collections.defaultdict(int, {"a": 1}), {"a": 1}),
        (Point(1, 2), (1, 2)),
        (Colour.RED, 1),
        ({1, 2}, frozenset({1, 2})),
        (range(3), [0, 1, 2]),
        ({"a": 1}.keys(), ["a"]),
        ({"a": 1}.items(), [("a", 1)]),
        (bytearray(b"ab"), b"ab"),
        (np.int64(3), 3),
        (np.bool_(True), True),  # noqa: FBT003 (a value)
        (np.str_("a"), "a"),
        (np.float64(0.5), 0.5),
        (np.array([1, "a", None], object), [1, "a", None]),
        (Fraction(1, 3), Fraction(1, 3)),
        (Decimal("1.10"), Decimal("1.10")),
        (date(2026, 1, 2), date(2026, 1, 2)),
        (timedelta(1), timedelta(1)),
        (datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)),
        (10**400, 10**400),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_is_read_as_the_data_that_it_holds(answer: object, plain: object) -> None:
    read = plain_of(answer)
    assert type(read) is type(plain)
    assert encode_value(read) == encode_value(plain)


@pytest.mark.parametrize(
    "answer",
    [object(), iter(()), len, lambda: 0, Colour, np.array([object()], object), {"a": object()}, [print]],
    ids=lambda value: type(value).__name__,
)
def test_an_object_that_holds_no_data_is_refused_by_the_name_of_its_type(answer: object) -> None:
    with pytest.raises(NotPlainError):
        plain_of(answer)


def test_a_list_that_holds_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(PastBoundError) as caught:
        plain_of(endless)
    assert caught.value.reason == "deep"


def test_a_masked_array_keeps_its_mask() -> None:
    read = plain_of(np.ma.masked_array([1.0, 2.0], [False, True]))
    assert isinstance(read, Masked)
    assert read.mask.tolist() == [False, True]


def test_an_array_of_a_subclass_is_read_by_its_numbers() -> None:
    class Claims(np.ndarray):
        def __array__(self, *_: object, **__: object) -> Any:  # noqa: ANN401 (a lie)
            return np.array([1.0, 2.0])

    read = plain_of(np.array([8.0, 9.0]).view(Claims))
    assert isinstance(read, np.ndarray)
    assert type(read) is np.ndarray


# Tables -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def pandas() -> Any:  # noqa: ANN401 (a module)
    """Return pandas, where it is installed."""
    return pytest.importorskip("pandas", reason="pandas is not installed here (it comes with the extra `test`)")


def test_a_table_is_read_with_index_columns_names_and_dtypes(pandas: Any) -> None:  # noqa: ANN401 (a module)
    frame = pandas.DataFrame({"n": [1, 2], "w": [0.5, float("nan")], "s": ["a", None]}, index=["x", "y"])
    frame.index.name = "who"
    read = plain_of(frame)
    assert isinstance(read, DataTable)
    assert (read.labels.items, read.index.items, read.index.names) == (("n", "w", "s"), ("x", "y"), ("who",))
    assert [column.dtype for column in read.columns[:2]] == ["int64", "float64"]
    assert read.columns[2].values == ("a", None)


def test_a_table_is_given_as_it_was_read(pandas: Any) -> None:  # noqa: ANN401 (a module)
    frame = pandas.DataFrame(
        {"n": [1, 2], "when": pandas.to_datetime(["2026-01-01", None]), "kind": pandas.Categorical(["a", "b"])},
        index=pandas.MultiIndex.from_tuples([(1, "p"), (2, "q")], names=["i", "j"]),
    )
    given = fresh(decode_value(encode_value(plain_of(frame))))
    pandas.testing.assert_frame_equal(given, frame, check_dtype=False, check_categorical=False)
    assert str(given.dtypes["n"]) == "int64"


def test_a_column_is_read_as_a_series(pandas: Any) -> None:  # noqa: ANN401 (a module)
    read = plain_of(pandas.Series([1.5, 2.5], index=["a", "b"], name="w"))
    assert isinstance(read, Series)
    assert (read.name, read.index.items) == ("w", ("a", "b"))


def test_a_table_that_claims_to_be_another_is_read_by_its_data(pandas: Any) -> None:  # noqa: ANN401 (a module)
    class Claims(pandas.DataFrame):  # type: ignore[misc]  # noqa: PLW1641 (it is never hashed)
        def equals(self, _: object) -> bool:
            return True

        def __eq__(self, _: object) -> bool:
            return True

        def to_numpy(self, *_: object, **__: object) -> Any:  # noqa: ANN401 (a lie)
            return np.array([[1]])

    read = plain_of(Claims({"n": [9]}))
    assert isinstance(read, DataTable)
    assert np.asarray(read.columns[0].values).tolist() == [9]


def test_a_sparse_matrix_has_one_form() -> None:
    sparse = pytest.importorskip("scipy.sparse", reason="SciPy is not installed here (it comes with the extra `test`)")
    twice = sparse.coo_matrix(([1.0, 2.0, 0.0], ([1, 1, 0], [0, 0, 1])), shape=(2, 3))
    read = plain_of(twice)
    assert isinstance(read, Sparse)
    assert (read.shape, read.rows.tolist(), read.columns.tolist(), read.values.tolist()) == ((2, 3), [1], [0], [3.0])


def test_what_is_given_shares_nothing_with_the_question() -> None:
    inner = np.zeros(2)
    question = {"a": [inner], "b": (inner, frozenset({1}))}
    given = fresh(question)
    given["a"][0][0] = 5
    given["b"][1].add(2)
    assert inner.tolist() == [0, 0]
    assert question["b"][1] == frozenset({1})


def test_labels_and_columns_are_plain_data() -> None:
    read = plain_of(DataTable((TableColumn(np.arange(2), "int64"),), Labels(("a",), (None,)), Labels((0, 1), (None,))))
    assert isinstance(read, DataTable)


@pytest.mark.parametrize(
    ("value", "library"),
    [
        (Tensor(np.zeros(2), "torch"), "torch"),
        (Sparse((1, 1), np.zeros(0, int), np.zeros(0, int), np.zeros(0)), "scipy"),
        (Series(TableColumn(np.zeros(0), "float64"), Labels((), (None,)), None), "pandas"),
        (np.zeros(2), None),
        ([1, "a"], None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_an_argument_needs_is_known_before_anything_is_asked(value: Any, library: str | None) -> None:  # noqa: ANN401 (any value)
    assert library_of(value) == library
