"""`kind: exact`: the value is the expected one: type, structure and every number, without a tolerance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.comparing.judging import nested
from grader.comparing.rule import Comparison
from grader.comparing.spoiling import spoiled_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Judgement, Structured

COUNTS = "value"


def judge(observed: Structured, expected: Structured) -> Judgement:
    """Agree when both values are equal in every part; a whole number, another number and an array are three kinds."""
    return nested(observed, expected, Comparison(exact=True))


def impostors(expected: Structured) -> Iterator[tuple[str, Structured]]:
    """Give values that are spoiled in one part each."""
    yield from spoiled_values(expected)
