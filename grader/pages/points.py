"""Points as a person reads them: those that were given, with their sign, and never "4 of 3"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.messages.sentences import say
from grader.pages.summary import number

if TYPE_CHECKING:
    from fractions import Fraction

    from grader.model import Text


def signed(points: Fraction) -> str:
    """Return points that are added with their sign: +1.5, -2 or 0."""
    return ("+" if points > 0 else "") + number(points)


def earned_text(earned: Fraction, points: Fraction) -> Text:
    """Return what was earned of points; what is above them is a bonus, and is called so."""
    if earned > points:
        return say(
            "{points} of {points} points and a bonus of {bonus}", points=number(points), bonus=number(earned - points)
        )
    return say("{earned} of {points} points", earned=number(earned), points=number(points))
