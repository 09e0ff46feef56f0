"""Walks two plain values side by side: kind and structure first, numbers by a tolerance, everything else exactly."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from grader.comparing.kinds import as_numbers, bare_kind_text, is_number, kind_text
from grader.comparing.numbers import numbers_difference
from grader.comparing.rule import Difference, index_step, item_step, key_step, place_of, quoted, tuple_step
from grader.comparing.tables import series_difference, table_difference
from grader.messages.format_values import shown
from grader.messages.sentences import say
from grader.model import DataTable, Masked, Series, Sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from grader.comparing.rule import Comparison, Step
    from grader.model import Text, Value

MOST_NAMED = 5
"""How many keys or members a sentence names."""
SHOWN_BEFORE, SHOWN_TEXT = 20, 50
"""How many characters of a text are shown: before the first difference, and in all."""


def difference(observed: Value, expected: Value, how: Comparison) -> Difference | None:
    """Return the first place where an answer parts from the expected one; None where they agree."""
    match expected:
        case dict():
            return _dicts(observed, expected, how) if isinstance(observed, dict) else _kinds(observed, expected, how)
        case frozenset():
            return (
                _sets(observed, expected, how) if isinstance(observed, frozenset) else _kinds(observed, expected, how)
            )
        case DataTable():
            if not isinstance(observed, DataTable):
                return _kinds(observed, expected, how)
            return table_difference(observed, expected, how, inside=difference)
        case Series():
            if not isinstance(observed, Series):
                return _kinds(observed, expected, how)
            return series_difference(observed, expected, how, inside=difference)
        case Masked():
            return _masked(observed, expected, how)
        case Sparse():
            return _sparse(observed, expected, how)
        case list() | tuple():
            return _sequences(observed, expected, how)
        case np.ndarray():
            return _arrays(observed, expected, how)
    return _leaves(observed, expected, how)


def told(found: Difference) -> Text:
    """Return a difference as a sentence, with its place."""
    place = place_of(found.path)
    return found.because if place is None else say("{place}: {what}", place=place, what=found.because)


def _kinds(observed: Value, expected: Value, how: Comparison) -> Difference:
    text = say("expected {expected}, observed {observed}", expected=kind_text(expected), observed=kind_text(observed))
    bare = bare_kind_text(expected), bare_kind_text(observed)
    if bare[0] == bare[1]:
        hidden = say("{kind} in the answer is not of the expected size", kind=bare[0])
    else:
        hidden = say("expected {expected}, observed {observed}", expected=bare[0], observed=bare[1])
    return Difference(how.path, text, "structure", hidden=hidden)


def _sequences(observed: Value, expected: list[Value] | tuple[Value, ...], how: Comparison) -> Difference | None:
    is_kind = not how.exact or isinstance(observed, list) is isinstance(expected, list)
    if isinstance(observed, list | tuple) and is_kind:
        if len(observed) != len(expected):
            return _kinds(observed, expected, how)
        for place, (one, other) in enumerate(zip(observed, expected, strict=True)):
            found = difference(one, other, how.into(_step(expected, place, how)))
            if found is not None:
                return found
        return None
    numbers, seen = as_numbers(expected), as_numbers(observed)
    if how.exact or numbers is None or seen is None:
        return _as_texts(observed, expected, how)
    return numbers_difference(seen, numbers, how)


def _as_texts(observed: Value, expected: list[Value] | tuple[Value, ...], how: Comparison) -> Difference | None:
    """Compare an array of texts, dates or truth values with the list of them that is expected."""
    if how.exact or not isinstance(observed, np.ndarray) or observed.ndim != 1 or observed.dtype.kind not in "USMmb":
        return _kinds(observed, expected, how)
    items = observed.tolist()
    return _sequences(items if isinstance(expected, list) else tuple(items), expected, how)


def _step(expected: list[Value] | tuple[Value, ...], place: int, how: Comparison) -> Step:
    return tuple_step(place, len(expected)) if isinstance(expected, tuple) and not how.path else item_step(place)


def _dicts(observed: dict[Value, Value], expected: dict[Value, Value], how: Comparison) -> Difference | None:
    absent = [key for key in expected if key not in observed]
    extra = [key for key in observed if key not in expected]
    if absent:
        text = say("the dict has no key {keys}", keys=_names(absent))
        return Difference(how.path, text, "structure", hidden=say("a dict in the answer lacks a key"))
    if extra:
        text = say("the dict has a key too many: {keys}", keys=_names(extra))
        return Difference(how.path, text, "structure", hidden=say("a dict in the answer has a key too many"))
    for key, value in expected.items():
        if (found := difference(observed[key], value, how.into(key_step(key)))) is not None:
            return found
    return None


def _sets(observed: frozenset[Value], expected: frozenset[Value], how: Comparison) -> Difference | None:
    absent = unmatched(sorted(expected - observed, key=repr), sorted(observed - expected, key=repr), how)
    extra = unmatched(sorted(observed - expected, key=repr), sorted(expected - observed, key=repr), how)
    if absent:
        return Difference(
            how.path, say("the set lacks {count} of {total} values", count=len(absent), total=len(expected))
        )
    if extra:
        text = say("the set has {count} values too many: {values}", count=len(extra), values=_names(extra))
        return Difference(how.path, text)
    return None


def unmatched(wanted: Sequence[Value], offered: Sequence[Value], how: Comparison) -> list[Value]:
    """Return the wanted values to which none of the offered ones is equal, each of which serves once."""
    left, absent = list(offered), []
    for value in wanted:
        fit = next((place for place, other in enumerate(left) if difference(other, value, how) is None), None)
        if fit is None:
            absent.append(value)
        else:
            left.pop(fit)
    return absent


def _masked(observed: Value, expected: Masked, how: Comparison) -> Difference | None:
    if not isinstance(observed, Masked):
        return _kinds(observed, expected, how)
    if observed.mask.shape != expected.mask.shape:
        return _kinds(observed, expected, how)
    if (observed.mask != expected.mask).any():
        count = int((observed.mask != expected.mask).sum())
        text = say("the mask differs in {count} of {total} places", count=count, total=expected.mask.size)
        return Difference(how.path, text, "structure")
    shown_ones = np.logical_not(expected.mask)
    return difference(observed.values[shown_ones], expected.values[shown_ones], how)


def _sparse(observed: Value, expected: Sparse, how: Comparison) -> Difference | None:
    if not isinstance(observed, Sparse) or observed.shape != expected.shape:
        return _kinds(observed, expected, how)
    seen = {_place(row, column): value for row, column, value in _stored(observed)}
    for row, column, value in _stored(expected):
        other = seen.pop(_place(row, column), value.dtype.type(0))
        if numbers_difference(np.asarray(other), np.asarray(value), how) is not None:
            return Difference(
                how.path, say("the number at [{row}, {column}] is not the expected one", row=row, column=column)
            )
    for (height, width), value in seen.items():
        if numbers_difference(np.asarray(value), np.zeros((), value.dtype), how) is not None:
            return Difference(how.path, say("at [{row}, {column}] 0 is expected", row=height, column=width))
    return None


def _place(row: Any, column: Any) -> tuple[int, int]:  # noqa: ANN401 (whole numbers of NumPy)
    return int(row), int(column)


def _stored(matrix: Sparse) -> zip[tuple[Any, Any, Any]]:
    return zip(matrix.rows, matrix.columns, matrix.values, strict=True)


def _arrays(observed: Value, expected: NDArray[Any], how: Comparison) -> Difference | None:
    if expected.shape == () and expected.dtype.kind in "iufcb":
        return _leaves(observed, expected.item(), how)
    if (numbers := as_numbers(expected)) is not None:
        seen = observed if isinstance(observed, np.ndarray) and how.exact else as_numbers(observed)
        if not isinstance(seen, np.ndarray) or seen.dtype.kind not in "iufcO":
            return _kinds(observed, expected, how)
        return numbers_difference(seen, numbers, how)
    if expected.dtype.kind in "Mm":
        return _dates(observed, expected, how)
    if isinstance(observed, list | tuple) and not how.exact:
        observed = np.array(observed) if observed else np.array(observed, expected.dtype)
    if not isinstance(observed, np.ndarray) or observed.dtype.kind != expected.dtype.kind:
        return _kinds(observed, expected, how)
    if observed.shape != expected.shape:
        return _kinds(observed, expected, how)
    wrong = observed != expected
    if not wrong.any():
        return None
    place = tuple(int(part) for part in np.argwhere(wrong)[0])
    text = say(
        "observed {observed}, expected {expected} ({count} of {total} values differ)",
        observed=shown(observed[place].item()),
        expected=shown(expected[place].item()),
        count=int(wrong.sum()),
        total=wrong.size,
    )
    return Difference(how.into(index_step(place)).path, text)


def _dates(observed: Value, expected: NDArray[Any], how: Comparison) -> Difference | None:
    if isinstance(observed, datetime | date | timedelta) or (isinstance(observed, list | tuple) and observed):
        try:
            observed = np.array(observed, f"{expected.dtype.kind}8[us]")
        except (TypeError, ValueError, OverflowError):
            return _kinds(observed, expected, how)
    if not isinstance(observed, np.ndarray) or observed.dtype.kind != expected.dtype.kind:
        return _kinds(observed, expected, how)
    if observed.shape != expected.shape:
        return _kinds(observed, expected, how)
    wrong = (observed != expected) & ~(np.isnat(observed) & np.isnat(expected))
    if not np.any(wrong):
        return None
    text = say("{count} of {total} dates differ", count=int(np.sum(wrong)), total=expected.size)
    return Difference(how.path, text)


def _leaves(observed: Value, expected: Value, how: Comparison) -> Difference | None:
    if is_number(expected):
        return _number(observed, expected, how)
    if isinstance(observed, np.ndarray) and observed.shape == () and observed.dtype.kind in "USbMm":
        if isinstance(expected, datetime | date | timedelta):
            return _dates(observed, np.array(expected, f"{observed.dtype.kind}8[us]"), how)
        observed = observed.item()
    if type(observed) is not type(expected):
        return _kinds(observed, expected, how)
    is_same = observed == expected
    if isinstance(expected, datetime | time) and isinstance(observed, datetime | time):
        is_same = is_same and (observed.tzinfo is None) is (expected.tzinfo is None)
    return None if is_same else _values(observed, expected, how)


def _number(observed: Value, expected: Value, how: Comparison) -> Difference | None:
    if how.exact and type(observed) is not type(expected) and not isinstance(observed, np.ndarray):
        return _kinds(observed, expected, how)
    if how.exact and isinstance(expected, Fraction | Decimal):
        return None if repr(observed) == repr(expected) else _values(observed, expected, how)
    seen, numbers = as_numbers(observed), as_numbers(expected)
    if seen is None or numbers is None:
        return _kinds(observed, expected, how)
    found = numbers_difference(seen, numbers, how)
    return found if found is None or seen.shape else _values(observed, expected, how, kind=found.kind)


def _values(
    observed: Value,
    expected: Value,
    how: Comparison,
    *,
    kind: Literal["values", "structure", "shape", "not_finite"] = "values",
) -> Difference:
    if isinstance(observed, str) and isinstance(expected, str):
        observed, expected = _where_they_part(observed, expected)
    return Difference(
        how.path,
        say("observed {observed}, expected {expected}", observed=shown(observed), expected=shown(expected)),
        kind,
    )


def _where_they_part(observed: str, expected: str) -> tuple[str, str]:
    """Return the parts of two texts around their first difference."""
    same = next((place for place, pair in enumerate(zip(observed, expected, strict=False)) if pair[0] != pair[1]), None)
    place = min(len(observed), len(expected)) if same is None else same
    begin = max(0, place - SHOWN_BEFORE)
    return _cut(observed, begin), _cut(expected, begin)


def _cut(text: str, begin: int) -> str:
    piece = text[begin : begin + SHOWN_TEXT]
    return f"{'…' if begin else ''}{piece}{'…' if begin + SHOWN_TEXT < len(text) else ''}"


def _names(values: Sequence[Value]) -> str:
    named = ", ".join(map(quoted, values[:MOST_NAMED]))
    return named if len(values) <= MOST_NAMED else f"{named}, …"
