"""A chart with a title, and with its content in words for those who cannot see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from grader.messages.sentences import joined, quote, say
from grader.pages.svg.bars import BarsChart, draw_bars
from grader.pages.svg.curves import LogCurveChart, LossesChart, draw_log_curve, draw_losses
from grader.pages.svg.images import ImagesChart, draw_images
from grader.pages.svg.layers import LayersChart, draw_layers
from grader.records.chart_data import Bars, Images, LogCurve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Text
    from grader.records.chart_data import ChartData, LayerPart, NetworkPart

Chart: TypeAlias = BarsChart | LogCurveChart | LossesChart | ImagesChart | LayersChart
Kind: TypeAlias = Literal["bars", "log_curve", "losses", "images", "layers"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its title and its content in words. `kind` is the name of the template's macro for it."""

    kind: Kind
    chart: Chart
    title: Text
    description: Text


def figure_of(data: ChartData) -> Figure:
    """Return the figure of a public question."""
    match data:
        case Bars():
            return _bars_figure(data)
        case LogCurve():
            return _log_curve_figure(data)
        case Images():
            return _images_figure(data)


def layers_figure(network: NetworkPart) -> Figure | None:
    """Return the layers of a network; None where it reports none."""
    chart = draw_layers(network)
    if chart is None:
        return None
    description = say(
        "{layers}; {parameters} parameters; loss: {loss}",
        layers=", ".join(_layer(layer) for layer in network.layers),
        parameters=f"{network.parameters:,}",
        loss=network.loss or "–",
    )
    return Figure("layers", chart, title=say("The layers of your network"), description=description)


def losses_figure(network: NetworkPart) -> Figure | None:
    """Return the loss of a network in training; None where it was not trained."""
    chart = draw_losses(network.losses)
    if chart is None:
        return None
    description = say(
        "{before} before training, {after} after epoch {epochs}",
        before=_number(network.losses[0]),
        after=_number(network.losses[-1]),
        epochs=len(network.losses) - 1,
    )
    return Figure("losses", chart, title=say("The loss of your network in training"), description=description)


def _bars_figure(bars: Bars) -> Figure:
    description = say(
        "observed {observed}; expected {expected}", observed=_rows(bars.observed), expected=_rows(bars.expected)
    )
    title = say("Observed and expected, number by number")
    return Figure("bars", draw_bars(bars), title=title, description=description)


def _log_curve_figure(curve: LogCurve) -> Figure:
    description = say(
        "p = {p}: observed {observed}, expected {expected}",
        p=f"{curve.probability:.4g}",
        observed=_number(curve.observed),
        expected=_number(curve.expected),
    )
    title = say("Your answer and the curve -ln p")
    return Figure("log_curve", draw_log_curve(curve), title=title, description=description)


def _images_figure(images: Images) -> Figure:
    chart = draw_images(images)
    description = say(
        "{differing} of {pixels} pixels differ. Orange: the first image is brighter; blue: the second is.",
        differing=chart.differing,
        pixels=chart.rows * chart.columns,
    )
    return Figure("images", chart, title=say("The first two images and their difference"), description=description)


def _rows(rows: Sequence[Sequence[float | None]]) -> Text:
    """Return numbers as a list, with words in the place of NaN and the infinities."""
    return joined([joined([_number(number) for number in row], ", ") for row in rows], " | ")


def _number(number: float | None) -> Text:
    return say("not a finite number") if number is None else quote(f"{number:.4g}")


def _layer(layer: LayerPart) -> str:
    return " ".join(str(part) for part in (layer.kind, layer.units, layer.activation) if part is not None)
