"""What a student has in one task: what the grader gave, checks that a person gave other points, and what was read.

A task that a person reads waits until somebody has read the version that counts now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from grader.gradebook.readings import Item, with_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.gradebook.entries import Mark
    from grader.gradebook.readings import Override, Reading
    from grader.records.record import CheckPart, ReaderPart, Record, TaskPart

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Remarks:
    """All that people have said of a student in a lab.

    `marks` are the oldest first, `readings` by task, `overrides` by task and check; `items` are those of the lab that
    were added or changed while reading, by task and id.
    """

    marks: Sequence[Mark] = ()
    readings: Mapping[str, Reading] = field(default_factory=lambda: MappingProxyType({}))
    overrides: Mapping[tuple[str, str], Override] = field(default_factory=lambda: MappingProxyType({}))
    items: Mapping[str, Mapping[str, Item]] = field(default_factory=lambda: MappingProxyType({}))


NOTHING_SAID = Remarks()


@dataclass(frozen=True, slots=True)
class Overridden:
    """A check that is worth other points than the grader gave; `points` are never above those of the check."""

    check: CheckPart
    override: Override
    points: Fraction


@dataclass(frozen=True, slots=True)
class TaskStanding:
    """A student in a task.

    `given` are the items of the reading that counts, and `manual` are the points that a person gives: None where
    nobody reads this task, or it waits. Overrides of an earlier version are `dropped`.
    """

    part: TaskPart
    overridden: tuple[Overridden, ...]
    dropped: tuple[Override, ...]
    reading: Reading | None
    given: tuple[Item, ...]
    manual: Fraction | None

    @property
    def is_waiting(self) -> bool:
        """Say whether somebody still has to read it."""
        return self.part.manual is not None and self.manual is None

    @property
    def changed(self) -> Fraction:
        """Return what overrides add to the automatic points."""
        return sum((one.points - (one.check.earned or 0) for one in self.overridden), NOTHING)

    @property
    def bonus(self) -> Fraction:
        """Return by how much items of a bonus may lead above what the task is worth."""
        return bonus_of(self.given)


def tasks_of(record: Record, remarks: Remarks) -> tuple[TaskStanding, ...]:
    """Return a student's tasks as they stand in the book, in the rubric's order."""
    return tuple(_task(task, remarks) for task in record.tasks)


def items_of(part: ReaderPart) -> tuple[Item, ...]:
    """Return the items of a task as its rubric has them."""
    return tuple(Item(item.id, item.text.text, item.points, bonus=item.bonus) for item in part.items)


def reading_points(part: ReaderPart, given: Iterable[Item], adjustment: Fraction | None) -> Fraction:
    """Return the points of a task with these items: never below 0, and above the task's by a bonus alone."""
    items = tuple(given)
    total = part.start + sum((item.points for item in items), adjustment or NOTHING)
    return min(max(total, NOTHING), part.points + bonus_of(items))


def bonus_of(items: Iterable[Item]) -> Fraction:
    """Return by how much these items may lead above what a task is worth."""
    return sum((item.points for item in items if item.bonus and item.points > 0), NOTHING)


def given_items(part: ReaderPart, changed: Mapping[str, Item], ids: Iterable[str]) -> tuple[Item, ...]:
    """Return the items with these ids, in the task's order, as they are now; one that was removed is given no more."""
    wanted = frozenset(ids)
    return tuple(item for item in with_changes(items_of(part), changed) if item.id in wanted and not item.is_removed)


def _task(part: TaskPart, remarks: Remarks) -> TaskStanding:
    reading = remarks.readings.get(part.name)
    given: tuple[Item, ...] = ()
    manual = None
    if part.manual is not None and reading is not None and reading.is_read and not reading.is_earlier:
        given = given_items(part.manual, remarks.items.get(part.name, {}), reading.items)
        manual = reading_points(part.manual, given, reading.points)
    overrides = [remarks.overrides.get((part.name, check.name)) for check in part.checks]
    overridden = tuple(
        Overridden(check, override, min(max(override.points, NOTHING), check.points))
        for check, override in zip(part.checks, overrides, strict=True)
        if override is not None and override.points is not None and not override.is_earlier and check.earned is not None
    )
    dropped = tuple(one for one in overrides if one is not None and one.points is not None and one.is_earlier)
    return TaskStanding(part, overridden, dropped, reading=reading, given=given, manual=manual)
