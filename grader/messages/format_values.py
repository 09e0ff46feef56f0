"""Values as a person reads them: six digits, large arrays shortened."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.messages.library_messages import without_machinery
from grader.messages.sentences import clean
from grader.model import DataTable, Given, Masked, Raised, Returned, Series, Sparse, Structured, Tensor
from grader.networks.model import Built

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Array, Observation, TableColumn

MOST_SHOWN = 240
"""How many characters of each value of a public question a page shows."""
NO_ANSWER = "-"
"""What stands for an answer that cannot be shown, or would not help."""
HIDDEN = "--"
"""What stands for a masked value, as in NumPy."""
MOST_WHOLE, EDGE = 24, 3
"""Up to how many elements an array is shown whole, and how many are shown from each end of an axis otherwise."""


def shown(value: Any) -> str:  # noqa: ANN401 (any argument or answer)
    """Return a value as a person reads it."""
    if isinstance(value, np.ndarray):
        return _array(value)
    text = ""
    for piece in _pieces_of(value):
        text += piece
        if len(text) > MOST_SHOWN:
            return text[: MOST_SHOWN - 1] + "…"
    return text


def _pieces_of(value: Any) -> Iterator[str]:  # noqa: ANN401 (any argument or answer: a case for each type)
    """Yield the text of a value bit by bit: of a large one the first bits are enough."""
    match value:
        case np.ndarray():
            yield _array(value)
        case float() | Fraction() | complex() | Decimal():
            yield f"{value:.6g}" if isinstance(value, float | complex) else str(value)
        case str():
            yield repr(value[:MOST_SHOWN])
        case list() | tuple() | frozenset():
            brackets = {list: "[]", tuple: "()", frozenset: "{}"}[type(value)]
            yield brackets[0]
            items = sorted(value, key=repr) if isinstance(value, frozenset) else value
            for place, item in enumerate(items):
                yield ", " if place else ""
                yield from _pieces_of(item)
            yield ",)" if isinstance(value, tuple) and len(value) == 1 else brackets[1]
        case dict():
            yield "{"
            for place, (key, item) in enumerate(value.items()):
                yield ", " if place else ""
                yield from _pieces_of(key)
                yield ": "
                yield from _pieces_of(item)
            yield "}"
        case Masked(values, mask):
            yield _array(np.where(mask, np.array(HIDDEN, object), values.astype(object)))
        case Tensor(values):
            yield _array(values)
        case Given(function):
            yield function
        case Sparse(shape, rows, columns, values):
            yield f"{shape[0]}x{shape[1]}: "
            yield from _pieces_of({(int(a), int(b)): c.item() for a, b, c in zip(rows, columns, values, strict=True)})
        case Series(column, index, name):
            yield "" if name is None else f"{name}: "
            yield from _pieces_of(dict(zip(map(_label, index.items), _cells(column), strict=False)))
        case DataTable(columns, labels):
            cells = {_label(label): list(_cells(column)) for label, column in zip(labels.items, columns, strict=True)}
            yield from _pieces_of(cells)
        case _:
            yield str(value) if isinstance(value, date | time | timedelta) else repr(value)


def _label(label: Any) -> Any:  # noqa: ANN401 (any label)
    return shown(label) if isinstance(label, np.ndarray | list | dict) else label


def _cells(column: TableColumn) -> Iterator[Any]:
    for cell in column.values[:MOST_SHOWN]:
        yield cell.item() if isinstance(cell, np.generic) and cell.dtype.kind not in "Mm" else cell


def outcome(observed: Observation) -> str:
    """Return the answer to a question, or what came in its place, as short as a value."""
    match observed:
        case Returned(value) | Structured(value):
            return shown(value)
        case Raised(kind, message, refused=None):
            return clean(error_text(kind, message), longest=MOST_SHOWN)
        case Built(reported=reported) if reported is not None:
            return f"{reported:.5g}"
    return NO_ANSWER


def error_text(kind: str, message: str) -> str:
    """Return an exception as Python prints it, without what a kernel or a library says about its own machinery."""
    message = re.sub(r"\s*\([^()]*\.py, line \d+\)$|\s*\(<[^<>]*>, line \d+\)$", "", message)
    message = without_machinery(message)
    return f"{kind}: {message}" if message else kind


def _array(array: Array) -> str:
    """Return an array as NumPy prints it, cut at MOST_SHOWN at once: a whole image would take a millisecond."""
    text = ""
    for piece in _pieces(array, cut=array.size > MOST_WHOLE):
        text += piece
        if len(text) > MOST_SHOWN:
            return text[: MOST_SHOWN - 1] + "…"
    return text


def _pieces(array: Array, *, cut: bool) -> Iterator[str]:
    """Yield the text of an array bit by bit, with `...` in the middle of every axis that is cut."""
    if array.ndim == 0:
        yield shown(array.item())
        return
    count = len(array)
    leaves_out = cut and count > 2 * EDGE
    yield "["
    for place in (*range(EDGE), *range(count - EDGE, count)) if leaves_out else range(count):
        if place:
            yield ", ..., " if leaves_out and place == count - EDGE else ", "
        part = array[place]
        if isinstance(part, np.ndarray | np.generic):
            yield from _pieces(np.asarray(part), cut=cut)
        else:  # of an array of objects
            yield str(part) if part == HIDDEN else shown(part)
    yield "]"
