"""Draws the layers of a network below each other, as wide as the logarithm of their units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.pages.svg import WIDTH, short

if TYPE_CHECKING:
    from grader.records.chart_data import LayerPart, NetworkPart

ROW = 30.0
BOX = 22.0
MIDDLE = 185.0
NARROWEST, WIDEST = 44.0, 150.0
FLAT = 3.0
"""The height of a layer that has no units of its own."""
LONGEST_KIND = 13
LONGEST_ACTIVATION = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A layer: its box, and what is written before, in and behind it. `y` is the middle of the row."""

    y: float
    x: float
    width: float
    height: float
    kind: str
    units: str
    activation: str


@dataclass(frozen=True, slots=True)
class LayersChart:
    """The rows, the gap for layers that were left out, if any were, and the line that joins them."""

    rows: tuple[Row, ...]
    gap: float | None
    height: float
    middle: float = MIDDLE
    end: float = WIDTH


def draw_layers(network: NetworkPart) -> LayersChart | None:
    """Return the layers from the input down; None where the network reports none."""
    if not network.layers:
        return None
    most = max(_units(layer) for layer in network.layers)
    half = len(network.layers) // 2 if network.left_out else len(network.layers)
    rows = tuple(_row(layer, (place + (place >= half) + 0.5) * ROW, most) for place, layer in enumerate(network.layers))
    gap = (half + 0.5) * ROW if network.left_out else None
    return LayersChart(rows, gap, rows[-1].y + ROW / 2)


def _units(layer: LayerPart) -> int:
    return max(1, layer.units or 1)


def _row(layer: LayerPart, y: float, most: int) -> Row:
    share = math.log(_units(layer)) / math.log(most) if most > 1 else 0.0
    width = round(NARROWEST + share * (WIDEST - NARROWEST), 2)
    return Row(
        y=y,
        x=round(MIDDLE - width / 2, 2),
        width=width,
        height=BOX if layer.units else FLAT,
        kind=short(layer.kind, LONGEST_KIND),
        units="" if layer.units is None else str(layer.units),
        activation=short(layer.activation or "", LONGEST_ACTIVATION),
    )
