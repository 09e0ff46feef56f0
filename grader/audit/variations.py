"""Inputs like those of a question: one argument changed a little, in the ways in which inputs of a kind differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Value


def variations(arguments: tuple[Value, ...]) -> Iterator[tuple[Value, ...]]:
    """Yield the arguments with one of them changed."""
    for place, value in enumerate(arguments):
        for other in varied(value):
            yield (*arguments[:place], other, *arguments[place + 1 :])


def varied(value: Value) -> Iterator[Value]:
    """Yield values of the same kind: smaller ones first, and none for a kind that is not known here."""
    match value:
        case bool():
            yield not value
        case int():
            yield from (0, 1, -value, value - 1, value + 1, 2 * value)
        case float():
            yield from (0.0, 1.0, -value, value / 2, value + 1.0, 2 * value)
        case str():
            yield from ("", value[1:], value[::-1], value.swapcase(), f"{value} {value}", f" {value}.")
        case list():
            yield from _sequences(value)
        case tuple():
            yield from (tuple(one) for one in _sequences(list(value)))
        case np.ndarray() if value.dtype.kind in "iuf" and value.size:
            yield from _arrays(value)
        case dict() if value:
            first = next(iter(value))
            yield {name: one for name, one in value.items() if name != first}
            for other in varied(value[first]):
                yield {**value, first: other}


def _sequences(value: list[Value]) -> Iterator[list[Value]]:
    yield []
    yield value[:1]
    yield value[1:]
    yield value[::-1]
    yield value + value[:1]
    for place, item in enumerate(value[:2]):
        for other in varied(item):
            yield [*value[:place], other, *value[place + 1 :]]


def _arrays(value: np.ndarray) -> Iterator[np.ndarray]:
    if value.ndim:
        yield value[:1]
        yield value[1:]
        yield value[::-1]
        yield np.concatenate([value, value[:1]])
    yield np.zeros_like(value)
    yield -value if value.dtype.kind != "u" else value + 1
    yield value + 1
    yield 2 * value
    for number in (0, -1, 1, 100):
        changed = value.copy()
        changed.flat[0] = number if value.dtype.kind != "u" else abs(number)
        yield changed
