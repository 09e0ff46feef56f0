"""What a question comes to, with the items and the points that a person gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.gradebook.task_standing import reading_points
from grader.pages.summary import number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from grader.gradebook.readings import Item, Reading
    from grader.records.record import TaskPart


def manual_points(task: TaskPart, items: Sequence[Item], reading: Reading | None) -> Fraction | None:
    """Return what a person's points of a question come to, also while it is read; None where it has none."""
    if task.manual is None or reading is None:
        return None
    given = [item for item in items if item.id in reading.items and not item.is_removed]
    return reading_points(task.manual, given, reading.points)


def signed(points: Fraction) -> str:
    """Return points with their sign."""
    return ("+" if points > 0 else "−" if points < 0 else "") + number(abs(points))
