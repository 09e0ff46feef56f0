"""What a question comes to, with the items and the points that a person gave."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from grader.gradebook.task_standing import given_points, reading_points
from grader.pages.summary import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.readings import Item, Reading
    from grader.records.record import TaskPart


def manual_points(task: TaskPart, items: Sequence[Item], reading: Reading | None) -> Fraction | None:
    """Return what a person's points of a question come to, also while it is read; None where it has none."""
    if task.manual is None or reading is None:
        return None
    given = [item for item in items if item.id in reading.items and not item.is_removed]
    return reading_points(task.manual, given, reading.points)


def uncounted(task: TaskPart, items: Sequence[Item], reading: Reading | None) -> Fraction:
    """Return what was given above all that counts (positive), or taken below 0 (negative); 0 where all counts."""
    total = manual_points(task, items, reading)
    if task.manual is None or reading is None or total is None:
        return Fraction(0)
    given = [item for item in items if item.id in reading.items and not item.is_removed]
    return given_points(task.manual, given, reading.points) - total


def signed(points: Fraction) -> str:
    """Return points with their sign."""
    return ("+" if points > 0 else "−" if points < 0 else "") + number(abs(points))
