"""What a question comes to, with the items and the points that a person gave."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from grader.pages.summary import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.gradebook.readings import Item, Reading
    from grader.records.record import TaskPart


def manual_points(task: TaskPart, items: Sequence[Item], reading: Reading | None) -> Fraction | None:
    """Return what a person's points of a question come to; None where nobody has read it, or it has none.

    Never below 0, and never above what the question is worth, unless a bonus leads there.
    """
    manual = task.manual
    if manual is None or reading is None:
        return None
    given = [item for item in items if item.id in reading.items and not item.is_removed]
    plain = manual.start + sum((item.points for item in given if not item.bonus), reading.points or Fraction(0))
    within = min(max(plain, Fraction(0)), manual.points)
    bonus = sum((item.points for item in given if item.bonus), Fraction(0))
    return max(within + bonus, Fraction(0))


def signed(points: Fraction) -> str:
    """Return points with their sign."""
    return ("+" if points > 0 else "−" if points < 0 else "") + number(abs(points))
