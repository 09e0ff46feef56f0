"""A picture of a record with what is said of it: a title, and what it shows in words, for those who cannot see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from grader.messages.sentences import quote, say
from grader.pages.svg.bars import BarsDrawing, draw_bars
from grader.pages.svg.curves import LogCurveDrawing, LossesDrawing, draw_log_curve, draw_losses
from grader.pages.svg.images import ImagesDrawing, draw_images
from grader.pages.svg.layers import LayersDrawing, draw_layers
from grader.records.chart_data import Bars, Images, LogCurve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Text
    from grader.records.chart_data import LayerPart, NetworkPart, Picture

Drawing: TypeAlias = BarsDrawing | LogCurveDrawing | LossesDrawing | ImagesDrawing | LayersDrawing
Kind: TypeAlias = Literal["bars", "log_curve", "losses", "images", "layers"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, what it is, and what it shows. `kind` is the name of the template's macro for it."""

    kind: Kind
    drawing: Drawing
    title: Text
    told: Text


def figure_of(picture: Picture) -> Figure:
    """Return the figure of a public question."""
    match picture:
        case Bars():
            return Figure(
                "bars", draw_bars(picture), say("Observed and expected, number by number"), _bars_told(picture)
            )
        case LogCurve():
            told = say(
                "p = {p}: observed {observed}, expected {expected}",
                p=f"{picture.probability:.4g}",
                observed=_number(picture.observed),
                expected=_number(picture.expected),
            )
            return Figure("log_curve", draw_log_curve(picture), say("Your answer and the curve -ln p"), told)
        case Images():
            drawing = draw_images(picture)
            told = say(
                "{differing} of {pixels} pixels differ. Orange: the first image is brighter; blue: the second is.",
                differing=drawing.differing,
                pixels=drawing.rows * drawing.columns,
            )
            return Figure("images", drawing, say("The first two images and their difference"), told)


def layers_figure(network: NetworkPart) -> Figure | None:
    """Return the layers of a network; None where it told of none."""
    drawing = draw_layers(network)
    if drawing is None:
        return None
    layers = ", ".join(_layer(layer) for layer in network.layers)
    told = say(
        "{layers}; {parameters} parameters; loss: {loss}",
        layers=layers,
        parameters=f"{network.parameters:,}",
        loss=network.loss or "–",
    )
    return Figure("layers", drawing, say("The layers of your network"), told)


def losses_figure(network: NetworkPart) -> Figure | None:
    """Return the loss of a network in training; None where it was not trained."""
    drawing = draw_losses(network.losses)
    if drawing is None:
        return None
    told = say(
        "{before} before training, {after} after epoch {epochs}",
        before=_number(network.losses[0]),
        after=_number(network.losses[-1]),
        epochs=len(network.losses) - 1,
    )
    return Figure("losses", drawing, say("The loss of your network in training"), told)


def _bars_told(bars: Bars) -> Text:
    return say("observed {observed}; expected {expected}", observed=_rows(bars.observed), expected=_rows(bars.expected))


def _rows(rows: Sequence[Sequence[float | None]]) -> Text:
    """Return numbers as a list; where one is none, it is said."""
    return _joined([_joined([_number(number) for number in row], ", ") for row in rows], " | ")


def _joined(texts: Sequence[Text], between: str) -> Text:
    return type(texts[0])(between.join(text.zh_tw for text in texts), between.join(text.en for text in texts))


def _number(number: float | None) -> Text:
    return say("not a finite number") if number is None else quote(f"{number:.4g}")


def _layer(layer: LayerPart) -> str:
    return " ".join(str(part) for part in (layer.kind, layer.units, layer.activation) if part is not None)
