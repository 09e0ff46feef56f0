"""Writes any plain value as JSON and reads it back, on both sides of the wall.

A value keeps its type (see `grader.model.Value`); arrays go as their dtype, shape and bytes. Depth, count and bytes are
bounded on both sides. Nothing that comes from a kernel is trusted: whatever `encode_value` would not write raises a
WireError.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from grader.model import DataTable, Given, Labels, Masked, Series, Sparse, TableColumn, Tensor
from grader.wire.values import (
    LARGEST_ARRAY_BYTES,
    LONGEST_NAME,
    LONGEST_NUMBER,
    PastBoundError,
    WireError,
    decode_array,
    encode_array,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.model import Array, Value

    Form = dict[str, Any]

Read = TypeVar("Read")

DEEPEST = 16
"""How deep lists, dicts and the like may be nested in one another."""
MOST_VALUES = 200_000
"""How many values a value may consist of; an array counts as one."""
LONGEST_INT = 10_000
"""How many decimal digits a whole number may have; Python reads 4,300 of them in decimal, and any in hexadecimal."""


class Bound:
    """What is left of what one value may hold."""

    def __init__(self) -> None:
        self._values = MOST_VALUES
        self._bytes = LARGEST_ARRAY_BYTES

    def take(self, size: int, depth: int) -> None:
        """Count a value of so many bytes; raise PastBoundError where a bound is passed."""
        self._values -= 1
        self._bytes -= size
        if depth > DEEPEST:
            raise PastBoundError("deep")
        if self._values < 0:
            raise PastBoundError("many")
        if self._bytes < 0:
            raise PastBoundError("large")


def encode_value(value: Value) -> Form:
    """Return a value as JSON; raise WireError for what `decode_value` would not read, PastBoundError past a bound."""
    return _Writer().form(value, 0)


def decode_value(form: object) -> Value:
    """Return the value that `encode_value` was given, arrays as fresh copies."""
    return _Reader().value(form, 0)


def size_of(value: Value) -> int:
    """Return roughly how many bytes a value takes."""
    match value:
        case np.ndarray():
            return value.nbytes
        case str() | bytes():
            return len(value)
        case dict():
            return 64 + sum(size_of(key) + size_of(item) for key, item in value.items())
        case list() | tuple() | frozenset():
            return 64 + sum(map(size_of, value))
        case Masked() | Sparse() | Tensor() | Series() | DataTable() | TableColumn() | Labels():
            return sum(size_of(getattr(value, name)) for name in value.__dataclass_fields__)
    return 32


class _Writer:
    """Writes one value, within its bounds."""

    def __init__(self) -> None:
        self._bound = Bound()

    def form(self, value: Value, depth: int) -> Form:
        self._bound.take(len(value) if isinstance(value, str | bytes) else 0, depth)
        match value:
            case None:
                return {"none": None}
            case bool():
                return {"bool": value}
            case str():
                return {"str": str(value)}
            case bytes():
                return {"bytes": value.hex()}
            case int():
                return {"int": _int_text(int(value))}  # text: JSON numbers lose digits beyond 2**53 elsewhere
            case float():
                return {"float": float(value).hex()}
            case complex():
                return {"complex": [value.real.hex(), value.imag.hex()]}
            case Fraction():
                return {"fraction": [_int_text(value.numerator), _int_text(value.denominator)]}
            case Decimal():
                return {"decimal": str(value)}
            case datetime():
                return {"datetime": value.isoformat()}
            case date():
                return {"date": value.isoformat()}
            case time():
                return {"time": value.isoformat()}
            case timedelta():
                return {"timedelta": [value.days, value.seconds, value.microseconds]}
            case np.ndarray():
                return {"array": self._array(value, depth)}
            case list():
                return {"list": self._forms(value, depth)}
            case tuple():
                return {"tuple": self._forms(value, depth)}
            case frozenset():
                return {"set": self._forms(sorted(value, key=repr), depth)}
            case dict():
                return {"dict": [self._forms(pair, depth) for pair in value.items()]}
        return self._of_a_library(value, depth)

    def _of_a_library(self, value: Value, depth: int) -> Form:
        match value:
            case Masked(values, mask):
                return {"masked": [self._array(values, depth), self._array(mask, depth)]}
            case Sparse(shape, rows, columns, values):
                return {"sparse": [list(shape), *(self._array(part, depth) for part in (rows, columns, values))]}
            case Tensor(values, library):
                return {"tensor": [self._array(values, depth), library]}
            case Given(function):
                return {"given": function}
            case Series(column, index, name):
                parts = [self._column(column, depth), self._labels(index, depth), self.form(name, depth + 1)]
                return {"series": parts}
            case DataTable(columns, labels, index):
                forms = [self._column(column, depth) for column in columns]
                return {"table": [forms, self._labels(labels, depth), self._labels(index, depth)]}
        raise WireError(f"no value can be of type {type(value).__name__}")

    def _forms(self, values: Any, depth: int) -> list[Form]:  # noqa: ANN401 (a list, tuple or pair)
        return [self.form(item, depth + 1) for item in values]

    def _array(self, array: Array, depth: int) -> Form:
        self._bound.take(array.nbytes, depth)
        return encode_array(array)

    def _column(self, column: TableColumn, depth: int) -> list[Any]:
        values = column.values
        if isinstance(values, np.ndarray):
            return [column.dtype, {"array": self._array(values, depth)}]
        return [column.dtype, {"tuple": self._forms(values, depth)}]

    def _labels(self, labels: Labels, depth: int) -> list[Any]:
        return [self._forms(labels.items, depth), self._forms(labels.names, depth)]


class _Reader:
    """Reads one value, within its bounds."""

    def __init__(self) -> None:
        self._bound = Bound()

    def value(self, form: object, depth: int) -> Value:
        if not isinstance(form, dict) or len(form) != 1:
            raise WireError("expected a value: an object with one key")
        [(kind, content)] = form.items()
        self._bound.take(len(content) if isinstance(content, str) else 0, depth)
        match kind, content:
            case "none", None:
                return None
            case ("bool", bool()) | ("str", str()):
                return cast("Value", content)
            case "bytes", str():
                return _read(bytes.fromhex, content)
            case "int", str():
                return _int(content)
            case "float", str():
                return _float(content)
            case "complex", [str() as real, str() as imaginary]:
                return complex(_float(real), _float(imaginary))
            case "fraction", [str() as above, str() as below]:
                return _fraction(_int(above), _int(below))
            case "decimal", str():
                return _decimal(content)
            case "datetime", str():
                return _read(datetime.fromisoformat, content)
            case "date", str():
                return _read(date.fromisoformat, content)
            case "time", str():
                return _read(time.fromisoformat, content)
            case "timedelta", [int() as days, int() as seconds, int() as microseconds]:
                return _timedelta(days, seconds, microseconds)
            case "array", _:
                return self._array(content, depth)
            case "list", list():
                return self._values(content, depth)
            case "tuple", list():
                return tuple(self._values(content, depth))
            case "set", list():
                return frozenset(self._key(item, depth) for item in content)
            case "dict", list():
                return {self._key(key, depth): self.value(item, depth + 1) for key, item in map(_pair, content)}
        return self._of_a_library(kind, content, depth)

    def _of_a_library(self, kind: object, content: object, depth: int) -> Value:
        match kind, content:
            case "masked", [values, mask]:
                return self._masked(values, mask, depth)
            case "sparse", [[int() as height, int() as width], rows, columns, values]:
                parts = [self._array(part, depth) for part in (rows, columns, values)]
                return _sparse((height, width), *parts)
            case "tensor", [values, ("torch" | "tensorflow") as library]:
                return Tensor(self._array(values, depth), library)
            case "given", str() as function:
                return Given(text(function, LONGEST_NAME))
            case "series", [column, index, name]:
                return _series(self._column(column, depth), self._labels(index, depth), self.value(name, depth + 1))
            case "table", [list() as columns, labels, index]:
                found = tuple(self._column(column, depth) for column in columns)
                return _table(found, self._labels(labels, depth), self._labels(index, depth))
        raise WireError(f"no value is of the kind {kind!r}")

    def _values(self, forms: list[Any], depth: int) -> list[Value]:
        return [self.value(item, depth + 1) for item in forms]

    def _array(self, form: object, depth: int) -> Array:
        array = decode_array(form)
        self._bound.take(array.nbytes, depth)
        return array

    def _key(self, form: object, depth: int) -> Any:  # noqa: ANN401 (a hashable value)
        value: Any = self.value(form, depth + 1)
        try:
            hash(value)
        except TypeError as error:
            raise WireError("expected a value that can be a key") from error
        return value

    def _masked(self, values: object, mask: object, depth: int) -> Masked:
        found = Masked(self._array(values, depth), self._array(mask, depth))
        if found.values.shape != found.mask.shape or found.mask.dtype.kind != "b":
            raise WireError("expected a mask of the array's shape")
        return found

    def _column(self, form: object, depth: int) -> TableColumn:
        match form:
            case [str() as dtype, {"array": array}]:
                values = self._array(array, depth)
                if values.ndim != 1:
                    raise WireError("expected a column of one axis")
                return TableColumn(values, text(dtype, LONGEST_NAME))
            case [str() as dtype, {"tuple": list() as forms}]:
                return TableColumn(tuple(self._values(forms, depth)), text(dtype, LONGEST_NAME))
        raise WireError("expected a column")

    def _labels(self, form: object, depth: int) -> Labels:
        match form:
            case [list() as items, list() as names]:
                return Labels(tuple(self._values(items, depth)), tuple(self._values(names, depth)))
        raise WireError("expected labels and their names")


def _pair(form: object) -> tuple[object, object]:
    match form:
        case [key, item]:
            return key, item
    raise WireError("expected a key and its value")


def _sparse(shape: tuple[int, int], rows: Array, columns: Array, values: Array) -> Sparse:
    places = (rows, columns)
    if any(part.ndim != 1 or len(part) != len(values) for part in (*places, values)):
        raise WireError("expected as many places as values")
    for part, length in zip(places, shape, strict=True):
        if part.dtype.kind != "i" or length < 0 or (part.size and not 0 <= part.min() <= part.max() < length):
            raise WireError("expected places within the shape")
    return Sparse(shape, rows, columns, values=values)


def _series(column: TableColumn, index: Labels, name: Value) -> Series:
    if len(column.values) != len(index.items):
        raise WireError("expected as many values as labels")
    return Series(column, index, name)


def _table(columns: tuple[TableColumn, ...], labels: Labels, index: Labels) -> DataTable:
    if len(columns) != len(labels.items) or any(len(one.values) != len(index.items) for one in columns):
        raise WireError("expected a table of columns of one length")
    return DataTable(columns, labels, index)


def _int_text(value: int) -> str:
    if abs(value) < 10 ** (LONGEST_NUMBER - 1):
        return str(value)
    if value.bit_length() > 4 * LONGEST_INT:
        raise PastBoundError("large")
    return hex(value)


def _int(content: str) -> int:
    if len(content) > LONGEST_INT + 3:
        raise WireError("expected a shorter number")
    return _read(lambda digits: int(digits, 16 if "x" in digits else 10), content)


def _float(content: str) -> float:
    if len(content) > LONGEST_NUMBER:
        raise WireError("expected a shorter number")
    return _read(float.fromhex, content)


def _fraction(above: int, below: int) -> Fraction:
    if below == 0:
        raise WireError("expected a fraction")
    return Fraction(above, below)


def _decimal(content: str) -> Decimal:
    if len(content) > LONGEST_NUMBER:
        raise WireError("expected a shorter number")
    return _read(Decimal, content)


def _timedelta(days: int, seconds: int, microseconds: int) -> timedelta:
    try:
        return timedelta(days, seconds, microseconds)
    except OverflowError as error:
        raise WireError("expected a duration") from error


def _read(read: Callable[[str], Read], content: str) -> Read:
    try:
        return read(content)
    except (ValueError, OverflowError, InvalidOperation) as error:
        raise WireError("expected a number, a date or bytes as text") from error
