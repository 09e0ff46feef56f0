"""What every page says of the tasks that a person reads: they are not graded yet, which is no zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.messages.sentences import say
from grader.pages.summary import points_text

if TYPE_CHECKING:
    from grader.model import Text
    from grader.records.brief import AnyRecord
    from grader.records.record import TaskPart

WAITING = "…"
"""The mark of what is not graded yet."""
MANUAL = "manual"
"""How a platform's page calls this part of a task, as the rubric does."""


def waiting_in(record: AnyRecord) -> tuple[TaskPart, ...]:
    """Return the tasks of a record that somebody has yet to read."""
    return tuple(task for task in record.tasks if task.manual is not None and task.manual.earned is None)


def waiting_text(task: TaskPart, *, kit: bool = False) -> Text:
    """Return how a task stands that a person reads; where the notebook has nothing of it, what was looked for.

    Of a kit it does not say what is still to come: nobody is graded with one.
    """
    if task.manual is not None and task.manual.because is not None:
        return task.manual.because.text
    return say("a person reads this") if kit else say("not graded yet: a person reads this")


def manual_points_text(task: TaskPart) -> str:
    """Return the points of what a person reads, with a dash until somebody has."""
    manual = task.manual
    return "" if manual is None else points_text(manual.earned, manual.points)


def asked_points_text(task: TaskPart) -> str:
    """Return what a task has earned of the points that do not wait for a person."""
    return points_text(None if not task.graded_points else task.earned_so_far, task.graded_points or task.points)
