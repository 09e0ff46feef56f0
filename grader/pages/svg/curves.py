"""Draws two curves: -ln p with the observed and the expected point, and the loss of a network in training."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.pages.svg import Axis, Label, Point, across, spread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.records.chart_data import LogCurve

TOP, BOTTOM = 12.0, 160.0
HEIGHT = 190.0
LEAST_TOP = 3.5
"""The curve is shown at least up to this loss, that of a probability of 3 percent."""
SAMPLES = 60
MOST_TIMES = 3
"""An answer so many times as large as the largest loss shown is cut off."""
MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class LogCurveChart:
    """The curve, the point on it, and the answer above or below; `missing` where that is not finite."""

    axis: tuple[Label, ...]
    zero: float
    names: tuple[Label, ...]
    curve: str
    expected: Point
    observed: Point | None
    missing: tuple[Point, ...]
    height: float = HEIGHT

    @property
    def is_missing(self) -> bool:
        """Say whether the answer is not finite."""
        return self.observed is None

    @property
    def is_cut(self) -> bool:
        """Say whether the answer lies beyond the chart."""
        return self.observed is not None and bool(self.observed.cut)


@dataclass(frozen=True, slots=True)
class LossesChart:
    """A line through the finite losses; `missing` are the epochs after which the loss was not finite."""

    axis: tuple[Label, ...]
    zero: float
    names: tuple[Label, ...]
    line: str
    points: tuple[Point, ...]
    missing: tuple[Point, ...]
    height: float = HEIGHT


def draw_log_curve(data: LogCurve) -> LogCurveChart:
    """Return the curve -ln p for p up to 1, and the two points at the probability that was asked for."""
    top = max(LEAST_TOP, 1.15 * data.expected)
    observed = data.observed
    seen = 0.0 if observed is None else min(max(observed, -MOST_TIMES * top), MOST_TIMES * top)
    axis = Axis(min(0.0, 1.15 * seen), max(top, 1.15 * seen), bottom=BOTTOM, top=TOP)
    x = across(data.probability)
    return LogCurveChart(
        axis=axis.labels(),
        zero=axis.y(0),
        names=tuple(Label(across(share), BOTTOM + 15, f"{share:g}") for share in (0, 0.25, 0.5, 0.75, 1)),
        curve=" ".join(f"{point.x},{point.y}" for point in _samples(axis)),
        expected=Point(x, axis.y(data.expected)),
        observed=None if observed is None else Point(x, axis.y(observed), axis.cut(observed)),
        missing=() if observed is not None else (Point(x, BOTTOM - 6),),
    )


def _samples(axis: Axis) -> Iterator[Point]:
    """Yield points of the curve at equal steps of the loss: it is steep at first."""
    for step in range(SAMPLES + 1):
        loss = axis.high * (1 - step / SAMPLES)
        yield Point(across(math.exp(-loss)), axis.y(loss))


def draw_losses(losses: Sequence[float | None]) -> LossesChart | None:
    """Return the losses before training and after each epoch; None where there is no line to draw."""
    finite = [loss for loss in losses if loss is not None]
    if len(losses) < 2 or not finite:  # noqa: PLR2004 (a line has two ends)
        return None
    axis = Axis(*spread(finite), bottom=BOTTOM, top=TOP)
    last = len(losses) - 1
    points = tuple(Point(across(place / last), axis.y(loss)) for place, loss in enumerate(losses) if loss is not None)
    return LossesChart(
        axis=axis.labels(),
        zero=axis.y(0),
        names=tuple(Label(across(place / last), BOTTOM + 15, str(place)) for place in _epochs(last)),
        line=" ".join(f"{point.x},{point.y}" for point in points),
        points=points,
        missing=tuple(Point(across(place / last), BOTTOM - 6) for place, loss in enumerate(losses) if loss is None),
    )


def _epochs(last: int) -> Sequence[int]:
    """Return which epochs are named: all of them, or some at equal steps."""
    return range(0, last + 1, math.ceil(last / MOST_NAMES))
