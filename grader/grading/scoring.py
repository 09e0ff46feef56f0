"""Verdicts -> points, in exact fractions. Rounding is for where a person reads."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from grader.model import CheckScore, Passed, Score, TaskScore, Ungraded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.model import Verdict


def score_check(name: str, verdict: Verdict, points: Fraction, *, questions: int, agreed: int) -> CheckScore:
    """Return what a check earned: all of its points or none; None where it was not graded."""
    earned = None if isinstance(verdict, Ungraded) else points if isinstance(verdict, Passed) else Fraction(0)
    return CheckScore(name, verdict, earned, points, questions, agreed)


def score_task(name: str, checks: Iterable[CheckScore]) -> TaskScore:
    """Return a task's score: the sum of its checks, and None if one of them was not graded."""
    parts = tuple(checks)
    return TaskScore(name, parts, _total(part.earned for part in parts), _whole(part.points for part in parts))


def score_submission(tasks: Iterable[TaskScore]) -> Score:
    """Return a submission's score: the sum of its tasks, and None if one of them was not graded."""
    parts = tuple(tasks)
    return Score(parts, _total(part.earned for part in parts), _whole(part.points for part in parts))


def _total(earned: Iterable[Fraction | None]) -> Fraction | None:
    total = Fraction(0)
    for part in earned:
        if part is None:
            return None
        total += part
    return total


def _whole(points: Iterable[Fraction]) -> Fraction:
    return sum(points, start=Fraction(0))
