"""Draws observed and expected numbers as pairs of bars, the rows of a matrix below each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.pages.svg import RIGHT, Axis, Label, Point, across, spread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.records.chart_data import Bars

ONE_ROW = 130.0
OF_SEVERAL = 76.0
"""Heights of a plot: of a vector, and of one row of a matrix."""
ABOVE = 12.0
BELOW = 22.0
BAR = 0.36
"""The width of a bar, as a share of its number's place."""
MOST_TIMES = 12
"""An answer so many times as large as the expected one is cut off, else the expected bars would be invisible."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from the line of 0."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Plot:
    """One row of numbers. `missing` are the places where the answer is not finite, `cut` the ends of bars cut off."""

    axis: tuple[Label, ...]
    zero: float
    observed: tuple[Bar, ...]
    expected: tuple[Bar, ...]
    missing: tuple[Point, ...]
    cut: tuple[Point, ...]
    names: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class BarsChart:
    """Plots below each other, and the height of all of them."""

    plots: tuple[Plot, ...]
    height: float
    right: float = RIGHT

    @property
    def is_missing(self) -> bool:
        """Say whether an answer somewhere is not finite."""
        return any(plot.missing for plot in self.plots)

    @property
    def is_cut(self) -> bool:
        """Say whether an answer somewhere lies beyond the chart."""
        return any(plot.cut for plot in self.plots)


def draw_bars(bars: Bars) -> BarsChart:
    """Return the bars of every row, all rows on one scale."""
    low, high = _range(bars)
    height = ONE_ROW if len(bars.expected) == 1 else OF_SEVERAL
    plots = []
    top = 0.0
    for observed, expected in zip(bars.observed, bars.expected, strict=True):
        axis = Axis(low, high, bottom=top + ABOVE + height, top=top + ABOVE)
        plots.append(_plot(observed, expected, axis))
        top += ABOVE + height + BELOW
    return BarsChart(tuple(plots), top)


def _range(bars: Bars) -> tuple[float, float]:
    """Return the least and the largest number to be shown; 0 is between them."""
    expected = [number for row in bars.expected for number in row]
    limit = MOST_TIMES * max(map(abs, expected))
    observed = [number for row in bars.observed for number in row if number is not None]
    shown = [min(max(number, -limit), limit) if limit else number for number in observed]
    return spread([*expected, *shown])


def _plot(observed: Sequence[float | None], expected: Sequence[float], axis: Axis) -> Plot:
    slot = 1 / len(expected)
    seen = [(place, number) for place, number in enumerate(observed) if number is not None]
    return Plot(
        axis=axis.labels(),
        zero=axis.y(0),
        observed=tuple(_bar((place + 0.5) * slot, number, slot=slot, axis=axis) for place, number in seen),
        expected=tuple(
            _bar((place + 0.5 - BAR) * slot, number, slot=slot, axis=axis) for place, number in enumerate(expected)
        ),
        missing=tuple(
            Point(across((place + 0.5 + BAR / 2) * slot), axis.y(0) - 6)
            for place, number in enumerate(observed)
            if number is None
        ),
        cut=tuple(_cuts(seen, slot, axis)),
        names=tuple(
            Label(across((place + 0.5) * slot), axis.bottom + 15, str(place)) for place in range(len(expected))
        ),
    )


def _bar(left: float, number: float, *, slot: float, axis: Axis) -> Bar:
    zero, end = axis.y(0), axis.y(number)
    x = across(left)
    return Bar(x=x, y=min(zero, end), width=round(across(left + BAR * slot) - x, 2), height=round(abs(zero - end), 2))


def _cuts(seen: Sequence[tuple[int, float]], slot: float, axis: Axis) -> Iterator[Point]:
    for place, number in seen:
        if cut := axis.cut(number):
            yield Point(across((place + 0.5 + BAR / 2) * slot), axis.y(number), cut)
