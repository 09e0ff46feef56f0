"""The tasks of a record as their student reads them: with what people gave, and what they said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.gradebook.task_standing import NOTHING
from grader.messages.sentences import quote, say
from grader.pages.summary import earned_text, number
from grader.records.brief import Brief
from grader.records.record import ItemPart, ReadingPart, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.gradebook.standing import Standing
    from grader.gradebook.task_standing import Overridden, TaskStanding
    from grader.model import Text
    from grader.records.brief import Either
    from grader.records.record import CheckPart, ReaderPart, TaskPart


def with_tasks(record: Either, standing: Standing) -> Either:
    """Return a record with its tasks as they stand in the gradebook."""
    standings = {task.part.name: task for task in standing.tasks}
    tasks = tuple(
        corrected_task(task, standings[task.name]) if task.name in standings else task for task in record.tasks
    )
    if isinstance(record, Brief):
        return replace(record, tasks=tasks)
    return record.model_copy(update={"tasks": tasks})


def corrected_task(task: TaskPart, standing: TaskStanding) -> TaskPart:
    """Return a task as it stands in the gradebook."""
    overridden = {one.check.name: one for one in standing.overridden}
    checks = tuple(_check(check, overridden.get(check.name)) for check in task.checks)
    earned = None if task.earned is None else task.earned + standing.changed
    manual = None if task.manual is None else _manual(task.manual, standing)
    return task.model_copy(update={"checks": checks, "earned": earned, "manual": manual})


def _manual(part: ReaderPart, standing: TaskStanding) -> ReaderPart:
    reading = standing.reading
    if reading is None or not reading.is_read:
        return part
    said = ReadingPart(
        items=tuple(
            ItemPart(id=item.id, text=words(item.text), points=item.points, bonus=item.bonus) for item in standing.given
        ),
        points=None if standing.manual is None else reading.points,
        comment=reading.comment,
        is_earlier=standing.manual is None,
    )
    return part.model_copy(update={"earned": standing.manual, "reading": said})


def _check(check: CheckPart, one: Overridden | None) -> CheckPart:
    """Return a check with the points that a person gave, if one did; what the grader said stands beside them."""
    if one is None:
        return check
    said = {"earned": one.points, "notes": (*map(words, _override_notes(check, one)), *check.notes)}
    if one.points == check.points and check.verdict != "passed":
        said |= {"verdict": "passed", "because": None, "mistake": None, "hint": None, "about": None}
    elif one.points < check.points and check.verdict == "passed":
        said |= {"verdict": "failed"}
    return check.model_copy(update=said)


def _override_notes(check: CheckPart, one: Overridden) -> Iterator[Text]:
    yield say(
        "By hand: {score}. The grader gave {automatic}.",
        score=earned_text(one.points, check.points),
        automatic=number(check.earned or NOTHING),
    )
    if one.override.reason:
        yield say("From your teacher: {comment}", comment=quote(one.override.reason))
    if check.because is not None and one.points == check.points:
        yield say("The grader said: {because}", because=check.because.text)
