"""What kind of value something is, as a person says it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from grader.messages.sentences import quote, say
from grader.model import DataTable, Masked, Series, Sparse

if TYPE_CHECKING:
    from grader.model import Text, Value

NUMERIC = frozenset("iufc")


def is_number(value: Value) -> bool:
    """Say whether a value is one number; True and False are none."""
    return isinstance(value, int | float | complex | Fraction | Decimal) and not isinstance(value, bool)


def as_numbers(value: Value) -> np.ndarray | None:
    """Return a number, an array of numbers, or rectangular lists and tuples of them as an array; else None."""
    if isinstance(value, np.ndarray):
        return value if value.dtype.kind in NUMERIC else None
    if is_number(value):
        return _number(value)
    if not isinstance(value, list | tuple) or not value:
        return None
    parts = [as_numbers(item) for item in value]
    found = [part for part in parts if part is not None]
    if len(found) < len(value) or len({part.shape for part in found}) > 1:
        return None
    if any(part.dtype.kind == "O" for part in found):
        return np.array([part.item() for part in found], object) if found[0].shape == () else None
    return np.stack(found)


def _number(value: Value) -> np.ndarray:
    """Return a number as an array; a whole number beyond 64 bits as an object, so that it stays exact."""
    if isinstance(value, Fraction | Decimal):
        try:
            return np.array(float(value))
        except OverflowError:  # of a Fraction
            return np.array(np.inf if value > 0 else -np.inf)
    array = np.array(value)
    return array if array.dtype.kind in NUMERIC else np.array(value, object)


def bare_kind_text(value: Value) -> Text:
    """Return what kind of value it is, without its size."""
    match value:
        case np.ndarray() if value.shape:
            return say("an array")
        case Masked():
            return say("a masked array")
        case Sparse():
            return say("a sparse matrix")
        case DataTable():
            return say("a table")
        case Series():
            return say("a Series")
        case list():
            return say("a list")
        case tuple():
            return say("a tuple")
        case frozenset():
            return say("a set")
        case dict():
            return say("a dict")
    return kind_text(value)


def kind_text(value: Value) -> Text:
    """Return what kind of value it is, with its size."""
    match value:
        case None:
            return quote("None")
        case bool():
            return say("True or False")
        case int():
            return say("a whole number")
        case complex():
            return say("a complex number")
        case Fraction():
            return say("a Fraction")
        case Decimal():
            return say("a Decimal")
        case float():
            return say("a number (float)")
        case str():
            return say("a text")
        case bytes():
            return say("bytes")
        case datetime():
            return say("a date with a time of day")
        case date():
            return say("a date")
        case time():
            return say("a time of day")
        case timedelta():
            return say("a duration")
        case np.ndarray():
            return _array_text(value)
        case Masked(values=values):
            return say("a masked array of shape {shape}", shape=values.shape)
        case Sparse(shape=shape):
            return say("a sparse matrix of shape {shape}", shape=shape)
        case DataTable(columns=columns, index=index):
            return say("a table of {rows} rows and {columns} columns", rows=len(index.items), columns=len(columns))
        case Series(index=index):
            return say("a Series of {count} values", count=len(index.items))
        case list():
            return say("a list of {count} values", count=len(value))
        case tuple():
            return say("a tuple of {count} values", count=len(value))
        case frozenset():
            return say("a set of {count} values", count=len(value))
        case dict():
            return say("a dict of {count} keys", count=len(value))
    return say("a value of the type {kind}", kind=type(value).__name__)


def _array_text(array: np.ndarray) -> Text:
    if array.shape == ():
        match array.dtype.kind:
            case "M" | "m":
                return say("a date or a time")
            case "U" | "S":
                return say("a text")
            case "b":
                return say("True or False")
        return say("a single number")
    match array.dtype.kind:
        case "b":
            return say("an array of True and False of shape {shape}", shape=array.shape)
        case "U" | "S":
            return say("an array of texts of shape {shape}", shape=array.shape)
        case "M" | "m":
            return say("an array of dates of shape {shape}", shape=array.shape)
    return say("an array of shape {shape}", shape=array.shape)


DTYPE_KINDS = (
    ("bool", ("bool", "boolean")),
    ("whole", ("int", "uint", "Int", "UInt")),
    ("number", ("float", "Float", "double")),
    ("text", ("object", "str", "string", "<U", "large_string")),
    ("date", ("datetime64", "date", "timestamp", "period")),
    ("duration", ("timedelta64", "duration")),
    ("category", ("category",)),
    ("complex", ("complex",)),
)


def dtype_kind(dtype: str) -> str:
    """Return the kind of a column's dtype: what is left where its size and its maker do not count."""
    for kind, beginnings in DTYPE_KINDS:
        if dtype.startswith(beginnings):
            return kind
    return dtype
