"""Writes a value as an input of a rubric, in the plainest form that stands for the same value."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml
from pydantic import TypeAdapter, ValidationError

from grader.course.forms import Input
from grader.course.inputs import value_of
from grader.model import DataTable, Given, Labels, Masked, Series, Sparse, TableColumn, Value
from grader.wire.plain import encode_value

if TYPE_CHECKING:
    from grader.model import Array

    Form = dict[str, Any]

TEXTS = frozenset({"object", "str", "string"})
LARGEST_WHOLE = 1e15


def written_input(value: Value) -> object:
    """Return a value as plain YAML that `value_of` makes the same value of, types and dtypes included.

    Raises WireError for what cannot be asked at all.
    """
    plainest = _input(value)
    return plainest if _stands_for(plainest, _inferred(value)) else {"value": encode_value(value)}


def _stands_for(form: object, value: Value) -> bool:
    try:
        text = as_yaml(form)
        read: Any = TypeAdapter[Any](Input).validate_python(yaml.safe_load(text))
        return encode_value(value_of(read)) == encode_value(value)
    except (ValidationError, ValueError, TypeError, yaml.YAMLError):  # no form of the rubric's: the value's own is left
        return False


def _inferred(value: Value) -> Value:
    """Return a table or Series whose columns of texts have the dtype that pandas finds for them by itself."""
    match value:
        case Series(column=column):
            return replace(value, column=_inferred_column(column))
        case DataTable(columns=columns):
            return replace(value, columns=tuple(map(_inferred_column, columns)))
    return value


def _inferred_column(column: TableColumn) -> TableColumn:
    return replace(column, dtype="") if column.dtype in TEXTS and isinstance(column.values, tuple) else column


def _input(value: Value) -> object:
    """Return the form of an input; what it does not stand for is found by reading it back."""
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        return _numbers(value)
    if isinstance(value, list):
        return {"list": list(map(_item, value))}
    return _item(value)


def _numbers(array: Array) -> object:
    """Return numbers as lists, whole ones without a point."""
    numbers = array.astype(np.float64)
    is_minus_zero = (numbers == 0) & np.signbit(numbers)
    is_whole = (numbers == np.round(numbers)) & (np.abs(numbers) < LARGEST_WHOLE) & ~is_minus_zero
    return numbers.astype(np.int64).tolist() if is_whole.all() else numbers.tolist()


def _item(value: Value) -> object:
    """Return the form of an item of a list, where a list is a list."""
    match value:
        case np.ndarray():
            return {"array": value.tolist(), "dtype": "str" if value.dtype.kind == "U" else value.dtype.name}
        case list():
            return list(map(_item, value))
        case tuple():
            return {"tuple": list(map(_item, value))}
        case frozenset():
            return {"set": list(map(_item, sorted(value, key=repr)))}
        case dict():
            return {"dict": {key: _item(item) for key, item in value.items()}}
        case Given(function=name):
            return {"function": name}
        case Masked() | Sparse() | Series() | DataTable():
            return _of_a_library(value)
    return _of_text(value)


def _of_text(value: Value) -> object:
    """Return the form of a value that YAML does not have; any other as it is."""
    match value:
        case complex():
            return {"complex": str(value).strip("()")}
        case Fraction():
            return {"fraction": str(value)}
        case Decimal():
            return {"decimal": str(value)}
        case datetime() | date():
            return {"date": value.isoformat()}
        case bytes():
            return {"bytes": value.hex()}
    return value


def _of_a_library(value: Masked | Sparse | Series | DataTable) -> Form:
    match value:
        case Masked(values=values, mask=mask):
            return {"masked": values.tolist(), "mask": mask.tolist()}
        case Sparse(shape=shape, rows=rows, columns=columns):
            dense = np.zeros(shape)
            dense[rows, columns] = value.values
            return {"sparse": dense.tolist()}
        case Series(column=column, index=index, name=name):
            named = {} if name is None else {"name": name}
            return {"series": _column(column), **named, **_index(index)}
        case DataTable(columns=columns, labels=labels, index=index):
            names = dict(zip(labels.items, map(_column, columns), strict=True))
            return {"table": names, **_index(index)}


def _column(column: TableColumn) -> list[object]:
    values: Array | tuple[Any, ...] = column.values
    return values.tolist() if isinstance(values, np.ndarray) else list(map(_item, values))


def _index(index: Labels) -> Form:
    """Return an index; nothing for the one that counts from 0."""
    items = list(map(_item, index.items))
    return {} if items == list(range(len(items))) else {"index": items}


def as_yaml(value: object, width: float = math.inf) -> str:
    """Return a value as YAML in one line, or in several of some width, which reads as it was."""
    for is_plain in (True, False):  # of some line breaks, such as U+0085, plain text reads as a blank
        text: str = yaml.safe_dump(value, default_flow_style=True, allow_unicode=is_plain, sort_keys=False, width=width)
        if yaml.safe_load(text) == value:
            break
    return text
