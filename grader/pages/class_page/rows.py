"""The table of students: its rows, and by what they can be filtered.

A row bears short words of ours for what holds of it (`full`, `c0` failed the first check, `m2` made the third
mistake), so that no text of a student has to be compared in the page.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from grader.messages.sentences import clean, quote, say
from grader.pages.plain_text import check_name
from grader.pages.summary import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from grader.model import Text
    from grader.pages.class_summary import ClassReading, MistakeCount
    from grader.records.record import Record, TaskPart

LONGEST_CHOICE = 60


@dataclass(frozen=True, slots=True)
class TableRow:
    """A student's row: the record, its points in percent, its tasks in the table's order, the words that find it."""

    record: Record
    percent: str
    parts: tuple[TaskPart | None, ...]
    seconds: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to filter by: the word that a row bears, and what the reader chooses."""

    word: str
    text: Text


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """Choices of one kind."""

    text: Text
    choices: tuple[Choice, ...]


def columns(reading: ClassReading) -> tuple[TaskPart, ...]:
    """Return the tasks that have a column, as one of the records tells them."""
    tasks: dict[str, TaskPart] = {}
    for record in reading.records:
        for task in record.tasks:
            tasks.setdefault(task.name, task)
    return tuple(tasks.values())


def rows(reading: ClassReading) -> tuple[TableRow, ...]:
    """Return a row for each record, sorted by student."""
    words = _words(reading)
    names = [task.name for task in columns(reading)]
    return tuple(
        TableRow(
            record=record,
            percent=_percent(record.earned, record.points),
            parts=_parts(record, names),
            seconds=record.seconds.get("total") if record.earned is not None else None,
            words=" ".join((_state(record), *words[record.student])),
        )
        for record in reading.records
    )


def choices(reading: ClassReading) -> tuple[FilterGroup, ...]:
    """Return what the table can be filtered by: the state, the checks that somebody failed, the mistakes."""
    states = (
        Choice("", say("everybody")),
        Choice("full", say("full marks")),
        Choice("less", say("less than full marks")),
        Choice("ungraded", say("not graded")),
    )
    checks = tuple(
        Choice(f"c{position}", quote(check_name(count.task, count.check)))
        for position, count in enumerate(reading.checks)
        if count.failed
    )
    mistakes = tuple(Choice(f"m{position}", _named(mistake)) for position, mistake in enumerate(reading.mistakes))
    groups = (
        FilterGroup(say("State"), states),
        FilterGroup(say("Failed check"), checks),
        FilterGroup(say("Mistake"), mistakes),
    )
    return tuple(group for group in groups if group.choices)


def _parts(record: Record, names: Sequence[str]) -> tuple[TaskPart | None, ...]:
    tasks = {task.name: task for task in record.tasks}
    return tuple(tasks.get(name) for name in names)


def _words(reading: ClassReading) -> defaultdict[str, list[str]]:
    words: defaultdict[str, list[str]] = defaultdict(list)
    for word, students in _marked(reading):
        for student in students:
            words[student].append(word)
    return words


def _marked(reading: ClassReading) -> Iterator[tuple[str, tuple[str, ...]]]:
    for position, count in enumerate(reading.checks):
        yield f"c{position}", count.failed
    for position, mistake in enumerate(reading.mistakes):
        yield f"m{position}", mistake.students


def _state(record: Record) -> Literal["full", "less", "ungraded"]:
    if record.earned is None:
        return "ungraded"
    return "full" if record.is_full else "less"


def _percent(earned: Fraction | None, points: Fraction) -> str:
    return "" if earned is None or not points else number(earned / points * 100)


def _named(mistake: MistakeCount) -> Text:
    """Return a short name of a mistake for a list to choose from."""
    checks = f"{mistake.task.name}: {', '.join(mistake.checks)}"
    if mistake.name is None:
        return say("{checks}, not explained", checks=_short(checks))
    return quote(_short(f"{mistake.task.name}: {mistake.name}"))


def _short(text: str) -> str:
    return clean(text, longest=LONGEST_CHOICE)
