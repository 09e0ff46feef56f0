"""The charts of a record as shapes that a template writes as SVG: where each bar, line, point and label stands.

Lengths are pixels in a chart that is `WIDTH` wide, which about fits a phone; a page may show it larger. Colours are the
style sheet's, and sentences are those of `figures`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH = 320.0
LEFT = 40.0
"""Where the plot begins; the numbers of the axis stand before it."""
RIGHT = 312.0
SMALLEST_SPREAD = 1e-100


@dataclass(frozen=True, slots=True)
class Label:
    """A number or a short name, and where it stands."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """A place. `cut` says that the number lies beyond the chart, above or below, and that this is the border."""

    x: float
    y: float
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis with the numbers from `low` to `high` on the pixels from `bottom` up to `top`."""

    low: float
    high: float
    bottom: float
    top: float

    def y(self, number: float) -> float:
        """Return where a number stands: at the border if it lies beyond."""
        share = (min(max(number, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.bottom + share * (self.top - self.bottom), 2)

    def cut(self, number: float) -> str:
        """Return the border at which a number is cut off, an empty text if it is not."""
        return "above" if number > self.high else "below" if number < self.low else ""

    def labels(self) -> tuple[Label, ...]:
        """Return round numbers along the axis, and where their lines stand."""
        return tuple(Label(LEFT - 6, self.y(number), f"{number:.4g}") for number in _round_numbers(self.low, self.high))


def spread(numbers: Sequence[float]) -> tuple[float, float]:
    """Return the ends of an axis on which these numbers and 0 can be told apart."""
    low, high = min((0.0, *numbers)), max((0.0, *numbers))
    return (low, high) if high - low > SMALLEST_SPREAD else (low, low + 1)


def across(share: float) -> float:
    """Return the x of a share, from 0 to 1, of the plot's width."""
    return round(LEFT + share * (RIGHT - LEFT), 2)


def short(text: str, longest: int) -> str:
    """Return a name that fits, with a mark where it was cut."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _round_numbers(low: float, high: float) -> Iterator[float]:
    """Yield some three to six numbers of the form 1, 2 or 5 times a power of ten, from low to high."""
    rough = (high - low) / 5
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    yield from (number * step for number in range(first, last + 1))
