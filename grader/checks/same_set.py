"""`kind: same_set`: the same values as expected, each as often, in whatever order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.comparing.compare import unmatched
from grader.comparing.kinds import kind_text
from grader.comparing.rule import Comparison
from grader.comparing.spoiling import spoiled_values
from grader.messages.sentences import say
from grader.model import Agrees, Differs, Series, Structured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Judgement, Value

COUNTS = "value"


def judge(observed: Structured, expected: Structured, *, rtol: float = 2e-4, atol: float = 1e-6) -> Judgement:
    """Agree when every expected value has one of its own among the observed ones, and none is left over.

    A list, a tuple, a set and an array count alike.
    """
    seen, wanted = _members(observed.value), _members(expected.value)
    if wanted is None:
        return Differs(
            say("a list, tuple, set, array or Series is needed, and this is {kind}", kind=kind_text(expected.value))
        )
    if seen is None:
        here, there = kind_text(expected.value), kind_text(observed.value)
        text = say("expected {expected}, observed {observed}", expected=here, observed=there)
        return Differs(text, "structure", hidden=say("the answer is built otherwise than the expected one"))
    rule = Comparison(rtol, atol)
    if absent := unmatched(wanted, seen, rule):
        return Differs(
            say("{count} of {total} values are missing", count=len(absent), total=len(wanted)),
            hidden=say("not all of the expected values are there"),
        )
    if len(seen) > len(wanted):
        count = len(seen) - len(wanted)
        return Differs(
            say("{count} values too many, or too often", count=count), hidden=say("there are too many values")
        )
    return Agrees()


def impostors(expected: Structured) -> Iterator[tuple[str, Structured]]:
    """Give values of which one is spoiled, is left out or stands twice."""
    members = _members(expected.value) or []
    yield from spoiled_values(Structured(list(members)))
    if members:
        yield "one value twice", Structured([*members, members[0]])


def _members(value: Value) -> list[Value] | None:
    match value:
        case list() | tuple():
            return list(value)
        case frozenset():
            return sorted(value, key=repr)
        case np.ndarray() if value.ndim:
            return list(value.tolist())
        case Series(column=column):
            return list(column.values.tolist() if isinstance(column.values, np.ndarray) else column.values)
    return None
