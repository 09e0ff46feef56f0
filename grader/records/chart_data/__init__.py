"""The data of charts: numbers and short words in the record, which a page draws.

A chart is about a question that the student may know (`exchanges`), or about the student's own network (`networks`);
neither shows a hidden value. Floats are finite and have six digits; None stands for NaN and the infinities. A record
may come from anywhere, so these models accept only what can be drawn.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

MOST_ROWS = 4
MOST_COLUMNS = 12
"""How many groups of bars, and how many numbers in each, can still be read on a phone."""

LARGEST_SIDE = 64
"""Of an image, in pixels."""

MOST_LAYERS = 12
MOST_LOSSES = 100
LONGEST_NAME = 40
LARGEST_COUNT = 2**62
"""Of units and parameters: a network may say anything of itself."""
LARGEST = 1e100
"""Larger numbers are drawn as this one, so that every length stays finite."""

Number: TypeAlias = Annotated[float, Field(allow_inf_nan=False, ge=-LARGEST, le=LARGEST)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST_COUNT)]
PixelRow: TypeAlias = Annotated[str, Field(pattern=r"^([0-9a-f]{2}){1,64}$")]
"""The pixels of a row from left to right, two hexadecimal digits each: 00 is black, ff is white."""
PixelRows: TypeAlias = Annotated[tuple[PixelRow, ...], Field(min_length=1, max_length=LARGEST_SIDE)]
Name: TypeAlias = Annotated[str, Field(max_length=LONGEST_NAME)]


class RecordPart(BaseModel):
    """A part of a record: frozen, with exactly the declared keys."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True, allow_inf_nan=False
    )


class Bars(RecordPart):
    """Observed and expected numbers side by side: a vector is one row, a matrix several."""

    kind: Literal["bars"] = "bars"
    observed: Annotated[tuple[tuple[Number | None, ...], ...], Field(min_length=1, max_length=MOST_ROWS)]
    expected: Annotated[tuple[tuple[Number, ...], ...], Field(min_length=1, max_length=MOST_ROWS)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        lengths = {len(row) for row in (*self.observed, *self.expected)}
        if len(self.observed) != len(self.expected) or len(lengths) != 1 or not 1 < max(lengths) <= MOST_COLUMNS:
            raise ValueError("observed and expected are rows of one length")
        return self


class LogCurve(RecordPart):
    """The curve -ln p, the point of it that was asked for, and the answer above or below."""

    kind: Literal["log_curve"] = "log_curve"
    probability: Annotated[float, Field(gt=0, le=1)]
    observed: Number | None
    expected: Number


class Images(RecordPart):
    """Two grey images of one size, which are shown with their difference."""

    kind: Literal["images"] = "images"
    first: PixelRows
    second: PixelRows

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len({len(row) for row in (*self.first, *self.second)}) != 1 or len(self.first) != len(self.second):
            raise ValueError("images are two rectangles of one size")
        return self


ChartData: TypeAlias = Annotated[Bars | LogCurve | Images, Field(discriminator="kind")]


class LayerPart(RecordPart):
    """A layer: its class, its number of units, the name of its activation."""

    kind: Name
    units: Count | None
    activation: Name | None


class NetworkPart(RecordPart):
    """The student's own network: its layers, and its loss before training and after each epoch."""

    layers: Annotated[tuple[LayerPart, ...], Field(max_length=MOST_LAYERS)]
    left_out: Count = 0
    """How many layers stand between the first half of `layers` and the second, where there are too many to draw."""
    parameters: Count
    loss: Name | None
    losses: Annotated[tuple[Number | None, ...], Field(max_length=MOST_LOSSES)]


def six_digits(number: float) -> float:
    """Return a finite number as a chart shows it: with six digits, at most LARGEST away from 0."""
    return float(f"{min(max(number, -LARGEST), LARGEST):.6g}")


def six_digits_if_finite(number: float) -> float | None:
    """Return a number as a chart shows it; None for NaN and the infinities."""
    return six_digits(number) if math.isfinite(number) else None
