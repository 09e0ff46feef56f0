"""Where the answers to a check stand beside its tolerance, as the places of marks in a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.audit.tolerances import FACTOR

if TYPE_CHECKING:
    from grader.audit.finding import Clearance, Measured

WIDTH = 640.0
"""Of the picture, in its own units. Its scale is logarithmic."""

LEAST, MOST = -6, 6
"""The powers of ten at its ends; what is further out stands at the end."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An answer's place and what it is."""

    x: float
    name: str
    distance: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One check: marks of right answers and of mistakes, the end of the tolerance, and what has to stay free."""

    place: str
    variants: tuple[Mark, ...]
    mistakes: tuple[Mark, ...]
    end: float
    free_from: float
    free_to: float
    ticks: tuple[Mark, ...]


def picture(row: Clearance) -> Picture:
    """Return the picture of a check."""
    return Picture(
        row.place,
        tuple(map(_mark, row.variants)),
        tuple(map(_mark, row.mistakes)),
        _x(1.0),
        _x(1 / FACTOR),
        _x(FACTOR),
        tuple(Mark(_x(10.0**power), f"1e{power}" if power else "1", "") for power in range(LEAST, MOST + 1, 2)),
    )


def _mark(measured: Measured) -> Mark:
    return Mark(_x(measured.distance), measured.name, f"{measured.distance:.3g}")


def _x(distance: float) -> float:
    power = math.log10(distance) if distance > 0 else LEAST
    share = (min(max(power, LEAST), MOST) - LEAST) / (MOST - LEAST)
    return round(share * WIDTH, 1)
