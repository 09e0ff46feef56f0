"""What a student has in the end: the automatic score, what people gave, and what being late costs.

It is computed whenever somebody looks, from the result that counts, what people said and the course's settings, in
exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeAlias

from grader.gradebook.requests import requests_of
from grader.gradebook.task_standing import NOTHING, tasks_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.course.settings import Settings
    from grader.gradebook.entries import Mark, Result
    from grader.gradebook.requests import Request
    from grader.gradebook.task_standing import Remarks, TaskStanding

State: TypeAlias = Literal["graded", "waiting", "ungraded", "missing", "excused"]

IS_READ_BY_A_PERSON = '"manual": '
"""It stands in the JSON of a record where a person reads a task; to read thousands of records takes seconds."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A student in a lab.

    `so_far` = `automatic` + `overridden` + `read` + `added` - `cut` - `penalty`, never below 0; None where there is
    nothing yet. It is the `score`, unless somebody still has to read a task. `points` are those that the lab is worth,
    `cut` is what people gave above them that is no bonus, and `penalty` what is really taken off. Without an automatic
    score, points that a teacher added are the score. `days_late` counts days that have begun. `tasks` are empty where
    people have said nothing of any, and read none.
    """

    student: str
    lab: str
    result: Result | None
    points: Fraction
    tasks: tuple[TaskStanding, ...]
    added: Fraction
    cut: Fraction
    days_late: int
    penalty: Fraction
    so_far: Fraction | None
    excused: bool
    comments: tuple[str, ...]
    requests: tuple[Request, ...]
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
    def overridden(self) -> Fraction:
        """What people gave for checks on top of that."""
        return sum((task.changed for task in self.tasks), NOTHING)

    @property
    def read(self) -> Fraction:
        """What people gave for tasks that they read."""
        return sum((task.manual or NOTHING for task in self.tasks), NOTHING)

    @property
    def waiting(self) -> tuple[TaskStanding, ...]:
        """The tasks that somebody still has to read."""
        return tuple(task for task in self.tasks if task.is_waiting)

    @property
    def to_read(self) -> Fraction:
        """The points of the tasks that somebody still has to read."""
        return sum((task.part.to_read for task in self.waiting), NOTHING)

    @property
    def score(self) -> Fraction | None:
        """The points in the end; None where there are none, or not all yet."""
        return None if self.waiting else self.so_far

    @property
    def open_requests(self) -> tuple[Request, ...]:
        """What the student asked to be looked at again, and nobody has answered."""
        return tuple(request for request in self.requests if request.answer is None)

    @property
    def state(self) -> State:
        """The standing in one word."""
        if self.excused:
            return "excused"
        if self.waiting:
            return "waiting"
        if self.score is not None:
            return "graded"
        return "missing" if self.result is None else "ungraded"


def standing_of(
    student: str,
    lab: str,
    *,
    points: Fraction,
    result: Result | None,
    remarks: Remarks,
    settings: Settings,
) -> Standing:
    """Return the standing of a student in a lab worth `points`, by what people said of this student in it."""
    marks = remarks.marks
    tasks = _tasks(result, remarks)
    added = [mark.points for mark in marks if mark.points is not None]
    days = _days_late(lab, result, marks, settings=settings)
    so_far, cut, penalty = None, NOTHING, NOTHING
    if result is not None and result.earned is not None:
        so_far = result.earned + sum((task.changed + (task.manual or NOTHING) for task in tasks), NOTHING)
    if so_far is not None or added:
        before = (so_far or NOTHING) + sum(added, NOTHING)
        cut = max(before - max(points + _bonus(tasks, marks), so_far or NOTHING), NOTHING)
        penalty = _penalty(days, points, before - cut, settings=settings, lab=lab)
        so_far = max(before - cut - penalty, NOTHING)
    return Standing(
        student=student,
        lab=lab,
        result=result,
        points=points,
        tasks=tasks,
        added=sum(added, NOTHING),
        cut=cut,
        days_late=days,
        penalty=penalty,
        so_far=so_far,
        excused=_last(marks, "excuse", "unexcuse") == "excuse",
        comments=tuple(_comments(marks)),
        requests=requests_of(replace(mark, made=mark.made.astimezone(settings.time_zone)) for mark in marks),
        is_timed=_is_timed(result, marks),
    )


def _tasks(result: Result | None, remarks: Remarks) -> tuple[TaskStanding, ...]:
    """Return the tasks of what was graded, if people have something to say there."""
    if result is None or result.earned is None:
        return ()
    is_asked = remarks.overrides or IS_READ_BY_A_PERSON in result.record_json
    return tasks_of(result.record(), remarks) if is_asked else ()


def _bonus(tasks: Sequence[TaskStanding], marks: Sequence[Mark]) -> Fraction:
    """Return by how much the score may be above the lab's points."""
    extra = [mark.points for mark in marks if mark.bonus and mark.points is not None and mark.points > 0]
    return sum((*(task.bonus for task in tasks), *extra), NOTHING)


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
        if mark.kind in {"request", "answer"}:
            continue  # they stand together
        single = mark.kind not in {"add", "comment"}
        if mark.comment and not (single and mark not in last.values()):
            yield mark.comment
