"""What a student has in the end: the automatic score, what teachers added, and what being late costs.

It is computed whenever somebody looks, from the result that counts, the marks and the course's settings, in exact
fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.course.settings import Settings
    from grader.gradebook.entries import Mark, Result

State: TypeAlias = Literal["graded", "ungraded", "missing", "excused"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A student in a lab. `score` = `automatic` + `added` - `penalty`, never below 0; None where there is none.

    `points` are those that the lab is worth; `penalty` is what is really taken off. Without an automatic score, points
    that a teacher added are the score. `days_late` counts days that have begun.
    """

    student: str
    lab: str
    result: Result | None
    points: Fraction
    added: Fraction
    days_late: int
    penalty: Fraction
    score: Fraction | None
    excused: bool
    comments: tuple[str, ...]
    is_timed: bool
    """Whether the time of handing in is known, or a teacher has said how late it was."""

    @property
    def is_late_untimed(self) -> bool:
        """Say whether the platform calls it late, and nobody knows by how much."""
        return not self.is_timed and self.result is not None and self.result.record().submission.late

    @property
    def automatic(self) -> Fraction | None:
        """The points that the grader gave."""
        return None if self.result is None else self.result.earned

    @property
    def state(self) -> State:
        """The standing in one word."""
        if self.excused:
            return "excused"
        if self.score is not None:
            return "graded"
        return "missing" if self.result is None else "ungraded"


def standing_of(
    student: str,
    lab: str,
    *,
    points: Fraction,
    result: Result | None,
    marks: Sequence[Mark],
    settings: Settings,
) -> Standing:
    """Return the standing of a student in a lab worth `points`; `marks` are the student's in it, the oldest first."""
    added = [mark.points for mark in marks if mark.points is not None]
    automatic = None if result is None else result.earned
    days = _days_late(lab, result, marks, settings=settings)
    score, penalty = None, Fraction(0)
    if automatic is not None or added:
        before = (automatic or 0) + sum(added, Fraction(0))
        penalty = _penalty(days, points, before, settings=settings, lab=lab)
        score = max(before - penalty, Fraction(0))
    return Standing(
        student=student,
        lab=lab,
        result=result,
        points=points,
        added=sum(added, Fraction(0)),
        days_late=days,
        penalty=penalty,
        score=score,
        excused=_last(marks, "excuse", "unexcuse") == "excuse",
        comments=tuple(_comments(marks)),
        is_timed=_is_timed(result, marks),
    )


def _days_late(lab: str, result: Result | None, marks: Sequence[Mark], *, settings: Settings) -> int:
    """Return the days late by the teacher's last word, or else by the time of submission."""
    said = [mark for mark in marks if mark.kind == "late"]
    if said and said[-1].days is not None:
        return said[-1].days
    submitted = said[-1].submitted if said else None
    if submitted is None and result is not None:
        submitted = result.submitted
    return 0 if submitted is None else settings.days_late(lab, submitted)


def _is_timed(result: Result | None, marks: Sequence[Mark]) -> bool:
    said = [mark for mark in marks if mark.kind == "late"]
    by_teacher = bool(said) and (said[-1].days is not None or said[-1].submitted is not None)
    return by_teacher or (result is not None and result.submitted is not None)


def _penalty(days: int, points: Fraction, before: Fraction, *, settings: Settings, lab: str) -> Fraction:
    policy = settings.policy(lab)
    percent = min(days * policy.percent_per_day, policy.percent_at_most)
    left = max(before, Fraction(0))
    return min((points if policy.of == "points" else left) * percent / 100, left)


def _last(marks: Sequence[Mark], *kinds: str) -> str | None:
    return next((mark.kind for mark in reversed(marks) if mark.kind in kinds), None)


def _comments(marks: Sequence[Mark]) -> Iterator[str]:
    """Yield the comments that hold: of several excuses, or several late marks, only the last one's."""
    last = {mark.kind if mark.kind != "unexcuse" else "excuse": mark for mark in marks}
    for mark in marks:
        single = mark.kind not in {"add", "comment"}
        if mark.comment and not (single and mark not in last.values()):
            yield mark.comment
