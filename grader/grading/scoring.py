"""Verdicts become points, in exact fractions: only what a person reads is rounded."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from grader.model import CheckScore, Passed, Score, TaskScore, Ungraded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.course.lab import Lab
    from grader.course.rubric import Task
    from grader.grading.judging import Judged
    from grader.model import Verdict

NOTHING = Fraction(0)


def score_of(lab: Lab, judged: Iterable[Judged]) -> Score:
    """Return a submission's score: its verdicts, added up by the rubric's points."""
    by_name = {(one.task, one.check): one for one in judged}
    return score_submission(
        score_task(
            name,
            [_scored(by_name[name, check], entry.points) for check, entry in task.checks.items()],
            by_a_person=manual_points(task),
        )
        for name, task in lab.rubric.tasks.items()
    )


def manual_points(task: Task) -> Fraction:
    """Return the points of a task that a person gives."""
    return Fraction(0) if task.manual is None else task.manual.points


def _scored(judged: Judged, points: Fraction) -> CheckScore:
    score = score_check(judged.check, judged.verdict, points, questions=judged.questions, agreed=judged.agreed)
    return replace(score, network=judged.network, missed=judged.missed, alleged=judged.alleged)


def score_check(name: str, verdict: Verdict, points: Fraction, *, questions: int, agreed: int) -> CheckScore:
    """Return what a check earned: all of its points or 0, None where it was not graded."""
    earned = None if isinstance(verdict, Ungraded) else points if isinstance(verdict, Passed) else Fraction(0)
    return CheckScore(name, verdict, earned, points=points, questions=questions, agreed=agreed)


def score_task(name: str, checks: Iterable[CheckScore], *, by_a_person: Fraction = NOTHING) -> TaskScore:
    """Return a task's score: the sum of its checks, and None if one of them was not graded.

    What a person gives counts among its points, and is not earned yet.
    """
    parts = tuple(checks)
    points = by_a_person + _whole(part.points for part in parts)
    return TaskScore(name, parts, _total(part.earned for part in parts), points=points)


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
    return sum(points, start=NOTHING)
