"""`kind: unchanged`: the call leaves its arguments as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.comparing.compare import difference
from grader.comparing.rule import Comparison
from grader.comparing.spoiling import spoiled_values
from grader.messages.sentences import say
from grader.model import Agrees, Differs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Judgement, Structured

COUNTS = "arguments"


def judge(observed: Structured, expected: Structured) -> Judgement:
    """Agree when every argument is equal, in every part, to what it was before the call."""
    found = difference(observed.value, expected.value, Comparison(exact=True))
    if found is None:
        return Agrees()
    place = found.path[0].ordinal[0] if found.path and found.path[0].ordinal else 1
    text = say("the call changes its argument {place}", place=place)
    return Differs(text, hidden=text)


def impostors(expected: Structured) -> Iterator[tuple[str, Structured]]:
    """Give arguments of which one is spoiled."""
    yield from spoiled_values(expected)
