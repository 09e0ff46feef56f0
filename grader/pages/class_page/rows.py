"""The table of students: its rows, and what they can be filtered by.

A row carries short words of ours (`full`: full marks, `c0`: failed the first check, `m2`: made the third mistake), so
that the page compares no text of a student.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from grader.messages.sentences import clean, quote, say
from grader.model import Text
from grader.pages.plain_text import check_name, plain_name
from grader.pages.summary import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from grader.pages.class_summary import ClassSummary, MistakeCount
    from grader.records.brief import AnyRecord
    from grader.records.record import TaskPart

LONGEST_CHOICE = 80


@dataclass(frozen=True, slots=True)
class TableRow:
    """A student's row: the record, its points in percent, its tasks in the table's order, the words to filter it by."""

    record: AnyRecord
    percent: str
    parts: tuple[TaskPart | None, ...]
    seconds: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to filter by: the word that a row carries, and the text that the reader chooses."""

    word: str
    text: Text


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """Choices of one kind, under a heading."""

    text: Text
    choices: tuple[Choice, ...]


def columns(summary: ClassSummary) -> tuple[TaskPart, ...]:
    """Return the tasks that have a column, each taken from one of the records."""
    tasks: dict[str, TaskPart] = {}
    for record in summary.records:
        for task in record.tasks:
            tasks.setdefault(task.name, task)
    return tuple(tasks.values())


def rows(summary: ClassSummary) -> tuple[TableRow, ...]:
    """Return a row for each record, sorted by student."""
    words = _words(summary)
    names = [task.name for task in columns(summary)]
    return tuple(
        TableRow(
            record=record,
            percent=_percent(record.earned, record.graded_points),
            parts=_parts(record, names),
            seconds=record.seconds.get("total") if record.earned is not None else None,
            words=" ".join((_state(record), *words[record.student])),
        )
        for record in summary.records
    )


def choices(summary: ClassSummary) -> tuple[FilterGroup, ...]:
    """Return what the table can be filtered by: the state, the checks that somebody failed, the mistakes."""
    full, less = say("full marks"), say("less than full marks")
    if summary.waiting:
        full, less = say("all points so far"), say("less than all points so far")
    states = (
        Choice("", say("everybody")),
        Choice("full", full),
        Choice("less", less),
        Choice("ungraded", say("not graded")),
    )
    checks = tuple(
        Choice(f"c{position}", quote(check_name(count.task, count.check)))
        for position, count in enumerate(summary.checks)
        if count.failed
    )
    mistakes = tuple(Choice(f"m{position}", _named(mistake)) for position, mistake in enumerate(summary.mistakes))
    lost = tuple(
        Choice(f"w{position}", quote(plain_name(count.task.name)))
        for position, count in enumerate(summary.waiting)
        if count.without
    )
    groups = (
        FilterGroup(say("State"), states),
        FilterGroup(say("Failed check"), checks),
        FilterGroup(say("Mistake"), mistakes),
        FilterGroup(say("Nothing found to read"), lost),
    )
    return tuple(group for group in groups if group.choices)


def _parts(record: AnyRecord, names: Sequence[str]) -> tuple[TaskPart | None, ...]:
    tasks = {task.name: task for task in record.tasks}
    return tuple(tasks.get(name) for name in names)


def _words(summary: ClassSummary) -> defaultdict[str, list[str]]:
    words: defaultdict[str, list[str]] = defaultdict(list)
    for word, students in _words_with_students(summary):
        for student in students:
            words[student].append(word)
    return words


def _words_with_students(summary: ClassSummary) -> Iterator[tuple[str, tuple[str, ...]]]:
    for position, count in enumerate(summary.checks):
        yield f"c{position}", count.failed
    for position, mistake in enumerate(summary.mistakes):
        yield f"m{position}", mistake.students
    for position, waiting in enumerate(summary.waiting):
        yield f"w{position}", waiting.without


def _state(record: AnyRecord) -> Literal["full", "less", "ungraded"]:
    if record.earned is None:
        return "ungraded"
    return "full" if record.is_full else "less"


def _percent(earned: Fraction | None, points: Fraction) -> str:
    return "" if earned is None or not points else percent(earned, points, 2)


def _named(mistake: MistakeCount) -> Text:
    """Return a short name of a mistake for a list to choose from."""
    checks = f"{mistake.task.name}: {', '.join(mistake.checks)}"
    if mistake.name is None:
        return say("{checks}, not explained", checks=_short(checks))
    if mistake.because is None:
        return quote(_short(checks))
    because = mistake.because.text
    return Text(*(_short(f"{mistake.task.name}: {text}") for text in (because.zh_tw, because.en)))


def _short(text: str) -> str:
    return clean(text, longest=LONGEST_CHOICE)
