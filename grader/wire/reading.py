"""Reads whatever a function returned as a plain value.

In a kernel this runs beside the student's code, so an answer may do anything when it is touched, and may claim anything
of itself: what counts is the plain data that comes of it. Its own comparisons are never used.
"""

from __future__ import annotations

import numbers
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from grader.model import DataTable, Given, Labels, Masked, Series, Sparse, TableColumn, Tensor
from grader.wire.plain import DEEPEST, MOST_VALUES
from grader.wire.values import LARGEST_ARRAY_BYTES, LONGEST_NAME, PastBoundError

if TYPE_CHECKING:
    from grader.model import Array, Value

PLAIN_KINDS = frozenset("biufcUSMm")
NUMBERS = frozenset("biuf")
VIEWS: tuple[type, ...] = (range, type({}.keys()), type({}.values()), type({}.items()))


class NotPlainError(TypeError):
    """A value is none that can be compared; `found` is the name of its type."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


def plain_of(answer: object) -> Value:
    """Return a value as plain data; raise NotPlainError for an object of another kind, PastBoundError past a bound."""
    return _Walk().value(answer, 0)


class _Walk:
    """Reads one answer, and counts what it holds."""

    def __init__(self) -> None:
        self._left = MOST_VALUES

    def value(self, answer: Any, depth: int) -> Value:  # noqa: ANN401 (one line for each type)
        self._left -= 1
        if depth > DEEPEST:
            raise PastBoundError("deep")
        if self._left < 0:
            raise PastBoundError("many")
        kind = type(answer)
        if answer is None or kind in {bool, int, float, complex}:
            return cast("Value", answer)
        if (found := self._of_a_library(answer, depth)) is not None:
            return found
        match answer:
            case Masked() | Sparse() | Series() | DataTable() | Tensor() | Given():  # of the staff
                return cast("Value", answer)
            case str():
                return str(_short(str.__str__(answer)))
            case bytes() | bytearray() | memoryview():
                return bytes(_short(bytes(answer)))
            case bool() | np.bool_():
                return bool(answer)
            case np.generic() | np.ndarray():
                return self._array(answer, depth)
            case Fraction():
                return Fraction(answer.numerator, answer.denominator)
            case Decimal():
                return Decimal(answer)
            case int():
                return int.__int__(answer)
            case float():
                return float.__float__(answer)
            case complex():
                return complex(answer.real, answer.imag)
            case datetime() | date() | time() | timedelta():
                return _moment(answer)
            case tuple():
                return tuple(self.value(item, depth + 1) for item in tuple.__iter__(answer))
            case list():
                return [self.value(item, depth + 1) for item in list.__iter__(answer)]
            case set() | frozenset():
                return frozenset(self._key(item, depth) for item in answer)
            case dict():
                return {self._key(key, depth): self.value(item, depth + 1) for key, item in dict.items(answer)}
        if isinstance(answer, VIEWS):
            return [self.value(item, depth + 1) for item in iter(cast("Any", answer))]
        if isinstance(answer, numbers.Real):
            return float(answer)
        return self._array(_array_of(answer), depth)

    def _key(self, answer: object, depth: int) -> Any:  # noqa: ANN401 (a hashable value)
        value: Any = self.value(answer, depth + 1)
        try:
            hash(value)
        except TypeError:
            raise NotPlainError(_name(answer)) from None
        return value

    def _array(self, array: Any, depth: int) -> Value:  # noqa: ANN401 (an array or a NumPy scalar)
        if isinstance(array, np.ma.MaskedArray):
            mask = np.ma.getmaskarray(array)
            return Masked(self._numbers(np.ma.getdata(array)), np.array(mask, np.bool_))
        if isinstance(array, np.generic):
            return self._scalar(array)
        array = np.asarray(array)
        if array.dtype.name == "bfloat16":
            return cast("Array", array.astype(np.float32))
        if array.dtype.kind != "O":
            return self._numbers(array)
        if array.ndim == 0:
            return self.value(array.item(), depth + 1)
        return self.value(array.tolist(), depth)

    def _numbers(self, array: Array) -> Array:
        if array.dtype.kind not in PLAIN_KINDS:
            raise NotPlainError(f"array of {array.dtype.name}"[:LONGEST_NAME])
        if array.dtype.name in {"longdouble", "float96", "float128"}:
            array = array.astype(np.float64)
        elif array.dtype.kind == "c" and array.dtype.itemsize > np.dtype(np.complex128).itemsize:
            array = array.astype(np.complex128)
        if array.nbytes > LARGEST_ARRAY_BYTES:
            raise PastBoundError("large")
        return np.array(array, order="C", subok=False)

    def _scalar(self, scalar: np.generic) -> Value:
        if scalar.dtype.kind in "Mm" or scalar.dtype.name == "float16":
            return np.array(scalar)  # Python's own dates have no nanoseconds
        if scalar.dtype.kind == "f":
            return np.array(scalar) if scalar.dtype.name == "float32" else float(scalar)
        plain: Value = scalar.item()
        return plain

    def _of_a_library(self, answer: Any, depth: int) -> Value:  # noqa: ANN401 (any object)
        """Return what is a table, a sparse matrix or a tensor; None for what is none of these."""
        pandas: Any = sys.modules.get("pandas")
        if pandas is not None:
            if answer is pandas.NA or answer is pandas.NaT:
                return float("nan")
            if isinstance(answer, pandas.DataFrame):
                return self._table(answer, depth)
            if isinstance(answer, pandas.Series):
                return Series(self._column(answer, depth), self._labels(answer.index, depth), self._name(answer.name))
            if isinstance(answer, pandas.Index):
                return self._column(answer.to_series(), depth).values
            if isinstance(answer, pandas.Timestamp | pandas.Timedelta):
                return np.array(answer.to_numpy())
        sparse: Any = sys.modules.get("scipy.sparse")
        if sparse is not None and sparse.issparse(answer):
            return _sparse(answer)
        if callable(getattr(answer, "numpy", None)) and not isinstance(answer, np.ndarray | np.generic):
            return self._array(out_of(answer), depth)
        return None

    def _table(self, table: Any, depth: int) -> DataTable:  # noqa: ANN401 (a DataFrame)
        columns = tuple(self._column(table.iloc[:, place], depth) for place in range(table.shape[1]))
        return DataTable(columns, self._labels(table.columns, depth), self._labels(table.index, depth))

    def _column(self, series: Any, depth: int) -> TableColumn:  # noqa: ANN401 (a Series)
        dtype = str(series.dtype)[:LONGEST_NAME]
        if isinstance(series.dtype, np.dtype) and series.dtype.kind in PLAIN_KINDS:
            return TableColumn(self._numbers(series.to_numpy()), dtype)
        missing = series.isna().tolist()
        cells = zip(series.tolist(), missing, strict=True)
        return TableColumn(tuple(None if gone else self.value(item, depth + 1) for item, gone in cells), dtype)

    def _labels(self, index: Any, depth: int) -> Labels:  # noqa: ANN401 (an Index)
        names = tuple(self._name(name) for name in index.names)
        return Labels(tuple(self.value(item, depth + 1) for item in index.tolist()), names)

    def _name(self, name: object) -> Value:
        return self.value(name, 0)


def _short(value: Any) -> Any:  # noqa: ANN401 (text or bytes)
    if len(value) > LARGEST_ARRAY_BYTES:
        raise PastBoundError("large")
    return value


def _moment(answer: date | time | timedelta) -> date | time | timedelta:
    """Return a date as Python's own, a zone as its distance from UTC."""
    match answer:
        case datetime():
            return datetime.fromisoformat(datetime.isoformat(answer))
        case date():
            return date(answer.year, answer.month, answer.day)
        case time():
            return time.fromisoformat(time.isoformat(answer))
    return timedelta(answer.days, answer.seconds, answer.microseconds)


def _sparse(matrix: Any) -> Sparse:  # noqa: ANN401 (of SciPy)
    """Return a sparse matrix in one form: places in order, sums of what stands twice, and no zeros."""
    if matrix.ndim != 2:  # noqa: PLR2004 (rows, columns)
        raise NotPlainError(_name(matrix))
    ordered = matrix.tocsr(copy=True)
    ordered.sum_duplicates()
    ordered.eliminate_zeros()
    found = ordered.tocoo()
    height, width = found.shape
    rows, columns = np.array(found.row, np.int64), np.array(found.col, np.int64)
    return Sparse((int(height), int(width)), rows, columns, values=np.array(found.data))


def _array_of(answer: object) -> object:
    """Return an object that gives an array of itself as that array; raise NotPlainError for any other."""
    if not callable(getattr(type(answer), "__array__", None)):
        raise NotPlainError(_name(answer))
    return np.asarray(answer)


def out_of(tensor: Any) -> object:  # noqa: ANN401 (of TensorFlow or PyTorch)
    """Return a tensor's numbers. PyTorch's has to leave its gradients and its processor behind first."""
    for step in ("detach", "cpu") if callable(getattr(tensor, "detach", None)) else ():
        tensor = getattr(tensor, step)()
    return tensor.numpy()


def _name(answer: object) -> str:
    return type(answer).__name__[:LONGEST_NAME]
