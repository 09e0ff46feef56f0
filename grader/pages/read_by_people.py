"""What a page shows of a task that somebody has read: the items that were given, with their points, and the comment."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from grader.messages.sentences import quote, say
from grader.pages.summary import signed
from grader.pages.waiting import WAITING, waiting_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Text
    from grader.records.brief import AnyRecord
    from grader.records.record import TaskPart

READ = "●"
"""The mark of what somebody has read: right and wrong are for what can be judged."""


def read_in(record: AnyRecord) -> tuple[TaskPart, ...]:
    """Return the tasks of a record that somebody has read."""
    return tuple(task for task in record.tasks if task.manual is not None and task.manual.earned is not None)


def manual_points(task: TaskPart) -> tuple[Fraction, Fraction]:
    """Return what a person has given for a task so far, and of how many points."""
    if task.manual is None:
        return Fraction(0), Fraction(0)
    return task.manual.earned or Fraction(0), task.manual.points


def manual_mark(task: TaskPart) -> str:
    """Return the mark of what a person reads of a task."""
    return WAITING if task.to_read else READ


def manual_texts(task: TaskPart, *, kit: bool = False) -> tuple[Text, ...]:
    """Return how a task stands that a person reads, and what was said of it; of a kit not what is still to come."""
    said = tuple(reading_texts(task))
    if task.manual is None or task.manual.earned is None:
        return (waiting_text(task, kit=kit), *said)
    return said or (say("a person has read this"),)


def reading_texts(task: TaskPart) -> Iterator[Text]:
    """Yield what a person has said of a task: each item, what was given besides, and the comment's lines."""
    reading = None if task.manual is None else task.manual.reading
    if reading is None:
        return
    if reading.is_earlier and reading.comment:
        yield say("This was said of your earlier version:")
    yield from (say("{points}: {item}", points=signed(item.points), item=item.text.text) for item in reading.items)
    if reading.points:
        yield say("{points} besides", points=signed(reading.points))
    yield from map(quote, reading.comment.splitlines())
