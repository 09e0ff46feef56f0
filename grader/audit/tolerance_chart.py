"""Chart data: how far the answers to a check are from the expected ones, on the scale of its tolerance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.audit.tolerances import FACTOR

if TYPE_CHECKING:
    from grader.audit.finding import Clearance, Measured

WIDTH = 640.0
"""Of the chart, in its own units. Its scale is logarithmic."""

LEAST, MOST = -6, 6
"""The powers of ten at its ends; an answer that is further out stands at the end."""


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """Where an answer stands, whose it is and its distance; or a tick of the scale."""

    x: float
    name: str
    distance: str


@dataclass(frozen=True, slots=True)
class ToleranceChart:
    """One check: points of right answers and of mistakes, the end of the tolerance, and the band that must be empty."""

    place: str
    variants: tuple[ChartPoint, ...]
    mistakes: tuple[ChartPoint, ...]
    end: float
    free_from: float
    free_to: float
    ticks: tuple[ChartPoint, ...]


def tolerance_chart(row: Clearance) -> ToleranceChart:
    """Return the chart of a check."""
    return ToleranceChart(
        place=row.place,
        variants=tuple(map(_point, row.variants)),
        mistakes=tuple(map(_point, row.mistakes)),
        end=_x(1.0),
        free_from=_x(1 / FACTOR),
        free_to=_x(FACTOR),
        ticks=tuple(map(_tick, range(LEAST, MOST + 1, 2))),
    )


def _point(measured: Measured) -> ChartPoint:
    return ChartPoint(_x(measured.distance), measured.name, f"{measured.distance:.3g}")


def _tick(power: int) -> ChartPoint:
    return ChartPoint(_x(10.0**power), f"1e{power}" if power else "1", "")


def _x(distance: float) -> float:
    power = math.log10(distance) if distance > 0 else LEAST
    share = (min(max(power, LEAST), MOST) - LEAST) / (MOST - LEAST)
    return round(share * WIDTH, 1)
