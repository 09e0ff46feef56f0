"""Inputs like those of a question: one argument changed a little, in the ways in which inputs of a kind differ."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from grader.model import DataTable, Series

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from grader.model import Labels, TableColumn, Value

TWICE = 200
"""How many inputs are made with two changes."""

NUMBER = re.compile(r"(?<![\w.])(?<!\de-)\d+(?:\.\d+)?(?![\w.])")
TEXT = re.compile(r"'([^']*)'|\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class Constants:
    """What stands in the code where a slip was made: answers often change at these numbers, and with these texts."""

    numbers: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()


def constants_in(code: str) -> Constants:
    """Return the numbers and texts in a piece of code, which need not be whole."""
    texts = [first or second for first, second in TEXT.findall(code)]
    numbers = [float(number) for number in NUMBER.findall(TEXT.sub("", code))]
    return Constants(tuple(dict.fromkeys(numbers)), tuple(dict.fromkeys(texts)))


def variations(arguments: tuple[Value, ...], constants: Constants) -> Iterator[tuple[Value, ...]]:
    """Yield the arguments with one change each, and then some with two, the same every time."""
    once = list(_changed_once(arguments, constants))
    yield from once
    rng = random.Random(0)  # noqa: S311 (no secret)
    for _ in range(TWICE if once else 0):
        if twice := list(_changed_once(rng.choice(once), constants)):
            yield rng.choice(twice)


def _changed_once(arguments: tuple[Value, ...], constants: Constants) -> Iterator[tuple[Value, ...]]:
    for place, value in enumerate(arguments):
        for other in varied(value, constants):
            yield (*arguments[:place], other, *arguments[place + 1 :])


def varied(value: Value, constants: Constants) -> Iterator[Value]:
    """Yield values of the same kind; none of a kind that is not known here."""
    match value:
        case bool():
            yield not value
        case int():
            yield from (int(number) for number in constants.numbers)
            yield from (0, 1, -value, value - 1, value + 1, 2 * value)
        case float():
            yield from constants.numbers
            yield from (0.0, 1.0, -value, value / 2, value + 1.0, 2 * value)
        case str():
            yield from (f"{value}{text}" for text in constants.texts)
            yield from ("", value[1:], value[::-1], value.swapcase(), f"{value} {value}", f" {value}.")
        case list():
            yield from _sequences(value, constants)
        case tuple():
            yield from (tuple(one) for one in _sequences(list(value), constants))
        case np.ndarray() if value.dtype.kind in "iuf" and value.size:
            yield from _arrays(value, constants)
        case dict() if value:
            yield from _dicts(value, constants)
        case DataTable() | Series():
            yield from _tables(value, constants)


def _sequences(value: list[Any], constants: Constants) -> Iterator[list[Any]]:
    yield from ([], value[:1], value[1:], value[::-1], value + value[:1])
    for place, item in enumerate(value[:2]):
        for other in varied(item, constants):
            yield [*value[:place], other, *value[place + 1 :]]


def _dicts(value: dict[Any, Any], constants: Constants) -> Iterator[dict[Any, Any]]:
    first = next(iter(value))
    yield {name: one for name, one in value.items() if name != first}
    yield dict(reversed(value.items()))
    yield dict.fromkeys(value, value[first])
    for other in varied(value[first], constants):
        yield {**value, first: other}


def _arrays(value: NDArray[Any], constants: Constants) -> Iterator[NDArray[Any]]:
    if value.ndim:
        yield from (value[:1], value[1:], value[::-1], np.concatenate([value, value[:1]]))
    yield from (np.zeros_like(value), value + 1, 2 * value)
    if value.dtype.kind != "u":
        yield -1 * value
    for number in (0, 1, 2, 100, *constants.numbers):
        yield _with_first(value, number)


def _with_first(value: NDArray[Any], number: float) -> NDArray[Any]:
    changed = value.copy()
    changed.flat[0] = number
    return changed


def _tables(value: DataTable | Series, constants: Constants) -> Iterator[DataTable | Series]:
    """Yield a table or a column with other rows, and with one value changed or missing."""
    columns = value.columns if isinstance(value, DataTable) else (value.column,)
    rows = list(range(len(value.index.items)))
    for order in (rows[1:], rows[:1], rows[::-1], rows + rows[:1], rows + rows):
        yield _with_columns(value, [_taken(one, order) for one in columns], _labels(value.index, order))
    for place, column in enumerate(columns if rows else ()):
        for other in _columns(column, constants):
            yield _with_columns(value, [*columns[:place], other, *columns[place + 1 :]], value.index)


def _with_columns(value: DataTable | Series, columns: Sequence[TableColumn], index: Labels) -> DataTable | Series:
    if isinstance(value, DataTable):
        return replace(value, columns=tuple(columns), index=index)
    return replace(value, column=columns[0], index=index)


def _taken(column: TableColumn, order: Sequence[int]) -> TableColumn:
    values = column.values
    if isinstance(values, np.ndarray):
        return replace(column, values=values[list(order)])
    return replace(column, values=tuple(values[place] for place in order))


def _labels(index: Labels, order: Sequence[int]) -> Labels:
    """Return the labels of these rows: counted anew where they count the rows."""
    counted = index.items == tuple(range(len(index.items)))
    return replace(index, items=tuple(range(len(order)) if counted else (index.items[place] for place in order)))


def _columns(column: TableColumn, constants: Constants) -> Iterator[TableColumn]:
    values = column.values
    if not isinstance(values, np.ndarray):
        yield replace(column, values=(None, *values[1:]))
        yield replace(column, values=(values[-1], *values[1:]))
    elif values.dtype.kind in "iuf":
        numbers = (0, 1, 100, *constants.numbers, *([np.nan] if values.dtype.kind == "f" else []))
        yield from (replace(column, values=_with_first(values, number)) for number in numbers)
