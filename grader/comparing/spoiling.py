"""Wrong values that are close to a right one: what a check has to refuse."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.comparing.kinds import NUMERIC, is_number
from grader.model import DataTable, Masked, Series, Sparse, Structured, TableColumn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Value


def spoiled_values(expected: Structured) -> Iterator[tuple[str, Structured]]:
    """Give wrong values: of each way in which a part can be spoiled one, and nothing at all."""
    seen: set[str] = set()
    for name, value in _spoiled(expected.value):
        if name not in seen:
            seen.add(name)
            yield name, Structured(value)
    if expected.value is not None:
        yield "nothing at all", Structured(None)


def _spoiled(value: Any) -> Iterator[tuple[str, Value]]:  # noqa: ANN401 (any value: one case for each type)
    match value:
        case bool():
            yield "the opposite", not value
        case str():
            yield "one character more", value + "x"
        case bytes():
            yield "one byte more", value + b"x"
        case list() | tuple():
            yield "one value less" if value else "one value more", value[:-1] if value else type(value)([0])
            for place, item in enumerate(value):
                for name, wrong in _spoiled(item):
                    yield name, type(value)([*value[:place], wrong, *value[place + 1 :]])
        case frozenset():
            yield "one value more", value | {"x"}
        case dict():
            yield "one key more", {**value, "x": 0}
            for key, item in value.items():
                for name, wrong in _spoiled(item):
                    yield name, {**value, key: wrong}
        case Masked(values, mask) if mask.size:
            yield "another mask", Masked(values, np.logical_not(mask))
        case Sparse(values=values) if values.size:
            yield "1% and a little off", replace(value, values=_off(values))
        case Series(column):
            yield from ((name, replace(value, column=wrong)) for name, wrong in _spoiled_column(column))
            yield "another name", replace(value, name="x" if value.name != "x" else "y")
        case DataTable(columns=columns):
            for place, column in enumerate(columns):
                for name, other in _spoiled_column(column):
                    yield name, replace(value, columns=(*columns[:place], other, *columns[place + 1 :]))
        case np.ndarray() if value.dtype.kind in NUMERIC and value.size:
            yield "1% and a little off", _off(value)
            yield "an extra axis", np.stack([value, value])
        case _ if is_number(value):
            is_exact = isinstance(value, int | Fraction | Decimal)
            yield "1% and a little off", value + 1 if is_exact else _off(np.array(value)).item()


def _spoiled_column(column: TableColumn) -> Iterator[tuple[str, TableColumn]]:
    values = column.values
    if isinstance(values, np.ndarray):
        if values.size and values.dtype.kind in NUMERIC:
            yield "1% and a little off", TableColumn(_off(values), column.dtype)
        return
    for name, wrong in _spoiled(values):
        if isinstance(wrong, tuple) and len(wrong) == len(values):
            yield name, TableColumn(wrong, column.dtype)


def _off(values: Any) -> Any:  # noqa: ANN401 (an array of numbers)
    if values.dtype.kind in "iu":
        return values + 1
    with np.errstate(all="ignore"):
        off = np.where(values == 0, 0.01, values * 1.01 + 1e-4)
    return np.where(np.isfinite(values), off, 0.0)
