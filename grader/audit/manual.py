"""What is amiss with a task that a person reads: points that cannot be reached, or that nobody could lose."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from grader.audit.finding import Finding
from grader.messages.sentences import say
from grader.pages.summary import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.course.manual import Manual
    from grader.model import Text


def manual_findings(course: Course, lab: Lab) -> Iterator[Finding]:
    """Yield what a teacher should know of the items before anybody reads with them."""
    file = str(course.rubric_path(lab.name))
    for name, task in lab.rubric.tasks.items():
        if task.manual is not None:
            for told in _amiss(task.manual):
                yield Finding("missing", f"{name}.manual", told, file=file)


def _amiss(manual: Manual) -> Iterator[Text]:
    points = number(manual.points)
    for item in manual.items:
        if abs(item.points) > manual.points and not item.bonus:
            yield say(
                "the item {item} is worth {worth}, more than all {points} points",
                item=item.id,
                worth=_signed(item.points),
                points=points,
            )
    given = [item.points for item in manual.items if item.points > 0 and not item.bonus]
    most = manual.begins_with + sum(given, Fraction(0))
    if manual.items and most < manual.points:
        yield say(
            "with every item that gives points there are {most} of {points} points", most=number(most), points=points
        )


def _signed(points: Fraction) -> str:
    return f"{'-' if points < 0 else ''}{number(abs(points))}"
