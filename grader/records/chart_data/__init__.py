"""Pictures as plain data: numbers and short words in the record, which a page draws.

A picture is made of a question that the student may know (`exchanges`), or of the student's own network (`networks`),
of which no hidden value is told. Floats are finite and have six digits; what is no finite number is None. A record may
come from anywhere: what is read as one of these can be drawn.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

MOST_ROWS = 4
MOST_COLUMNS = 12
"""How many groups of bars, and how many numbers in each, still are a picture on a phone."""

LARGEST_SIDE = 64
"""Of an image, in pixels."""

MOST_LAYERS = 12
MOST_LOSSES = 100
LONGEST_NAME = 40
LARGEST_COUNT = 2**62
"""Of units and parameters: a network may say anything of itself."""
LARGEST = 1e100
"""Larger numbers are as good as this one in a picture, and its lengths stay finite."""

Number: TypeAlias = Annotated[float, Field(allow_inf_nan=False, ge=-LARGEST, le=LARGEST)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST_COUNT)]
PixelRow: TypeAlias = Annotated[str, Field(pattern=r"^([0-9a-f]{2}){1,64}$")]
"""The pixels of a row from left to right, two hexadecimal digits each: 00 is black, ff is white."""
PixelRows: TypeAlias = Annotated[tuple[PixelRow, ...], Field(min_length=1, max_length=LARGEST_SIDE)]
Name: TypeAlias = Annotated[str, Field(max_length=LONGEST_NAME)]


class _Part(BaseModel):
    """Frozen, exactly these keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bars(_Part):
    """Numbers beside each other, observed and expected: a vector as one row, a matrix as several."""

    kind: Literal["bars"] = "bars"
    observed: Annotated[tuple[tuple[Number | None, ...], ...], Field(min_length=1, max_length=MOST_ROWS)]
    expected: Annotated[tuple[tuple[Number, ...], ...], Field(min_length=1, max_length=MOST_ROWS)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        lengths = {len(row) for row in (*self.observed, *self.expected)}
        if len(self.observed) != len(self.expected) or len(lengths) != 1 or not 1 < max(lengths) <= MOST_COLUMNS:
            raise ValueError("observed and expected are rows of one length")
        return self


class LogCurve(_Part):
    """The curve -ln p, the point of it that was asked for, and where the answer lies above or below it."""

    kind: Literal["log_curve"] = "log_curve"
    probability: Annotated[float, Field(gt=0, le=1)]
    observed: Number | None
    expected: Number


class Images(_Part):
    """Two grey images of one size, to be shown with their difference."""

    kind: Literal["images"] = "images"
    first: PixelRows
    second: PixelRows

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len({len(row) for row in (*self.first, *self.second)}) != 1 or len(self.first) != len(self.second):
            raise ValueError("images are two rectangles of one size")
        return self


Picture: TypeAlias = Annotated[Bars | LogCurve | Images, Field(discriminator="kind")]


class LayerPart(_Part):
    """A layer: its class, how many units it has, the name of its activation."""

    kind: Name
    units: Count | None
    activation: Name | None


class NetworkPart(_Part):
    """The student's own network as it was seen: its layers, and its loss before training and after each epoch."""

    layers: Annotated[tuple[LayerPart, ...], Field(max_length=MOST_LAYERS)]
    left_out: Count = 0
    """How many layers stand between the first half of `layers` and the second, where there are too many to draw."""
    parameters: Count
    loss: Name | None
    losses: Annotated[tuple[Number | None, ...], Field(max_length=MOST_LOSSES)]


def drawn(number: float) -> float:
    """Return a finite number as a picture keeps it: six digits, at most LARGEST away from 0."""
    return float(f"{min(max(number, -LARGEST), LARGEST):.6g}")


def drawn_if_finite(number: float) -> float | None:
    """Return a number as a picture keeps it; None for NaN and the infinities."""
    return drawn(number) if math.isfinite(number) else None
