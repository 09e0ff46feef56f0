"""The data of a network's charts: its layers, and its loss in training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.messages.sentences import clean
from grader.records.chart_data import (
    LARGEST_COUNT,
    LONGEST_NAME,
    MOST_LAYERS,
    MOST_LOSSES,
    LayerPart,
    NetworkPart,
    six_digits_if_finite,
)

if TYPE_CHECKING:
    from grader.networks.model import Built, Layer


def network_part(built: Built) -> NetworkPart:
    """Return the layers and losses of a network. Of many layers the first and last are kept, and the others counted."""
    left_out = max(0, len(built.layers) - MOST_LAYERS)
    half = MOST_LAYERS // 2
    kept = built.layers if not left_out else (*built.layers[:half], *built.layers[-half:])
    return NetworkPart(
        layers=tuple(_layer(layer) for layer in kept),
        left_out=left_out,
        parameters=_count(built.parameters),
        loss=_name(built.loss),
        losses=tuple(six_digits_if_finite(loss) for loss in built.losses[:MOST_LOSSES]),
    )


def _layer(layer: Layer) -> LayerPart:
    units = None if layer.units is None else _count(layer.units)
    return LayerPart(kind=_name(layer.kind) or "", units=units, activation=_name(layer.activation))


def _count(number: int) -> int:
    """Return a number of units or parameters within bounds: a network may say anything of itself."""
    return min(max(number, 0), LARGEST_COUNT)


def _name(text: str | None) -> str | None:
    """Return a name, which a student may have made up, safe and short."""
    return None if text is None else clean(text, longest=LONGEST_NAME)
