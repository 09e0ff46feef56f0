"""What a call draws with Matplotlib, as values."""

from __future__ import annotations

import contextlib
import importlib
import warnings
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Axes: TypeAlias = dict[str, Any]


def figure(call: Callable[[], object]) -> list[Axes]:
    """Return the axes of the figure that a call draws, or returns, in the order in which they were made.

    Each has its "title", "xlabel", "ylabel", "xscale", "yscale"; "lines", each an array (N, 2) of x and y; the "labels"
    of its legend; "bars", an array (N, 4) of left edge, bottom, width and height; "points", an array (N, 2) for each
    scatter; and "images", arrays of pixels. A figure that was drawn before the call is closed.
    """
    pyplot: Any = importlib.import_module("matplotlib.pyplot")
    with _kept(pyplot):
        made = call()
        drawn = getattr(made, "figure", None) if hasattr(made, "get_lines") else made
        chosen = drawn if hasattr(drawn, "get_axes") else pyplot.gcf()
        return [_axes(axes) for axes in chosen.get_axes()]


@contextlib.contextmanager
def _kept(pyplot: Any) -> Iterator[None]:  # noqa: ANN401 (Matplotlib's)
    """Keep what is drawn: in a notebook plt.show() closes all figures, and plt.close() does anywhere."""
    pyplot.close("all")
    backend, close = pyplot.get_backend(), pyplot.close
    pyplot.switch_backend("agg")
    pyplot.close = lambda *_: None
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive")
            yield
    finally:
        pyplot.close = close
        pyplot.close("all")
        pyplot.switch_backend(backend)


def _axes(axes: Any) -> Axes:  # noqa: ANN401 (of Matplotlib)
    return {
        "title": axes.get_title(),
        "xlabel": axes.get_xlabel(),
        "ylabel": axes.get_ylabel(),
        "xscale": axes.get_xscale(),
        "yscale": axes.get_yscale(),
        "lines": [np.array(line.get_xydata(), np.float64) for line in axes.get_lines()],
        "labels": _legend(axes),
        "bars": np.array([_bar(patch) for patch in axes.patches if hasattr(patch, "get_width")]).reshape(-1, 4),
        "points": [np.array(one.get_offsets(), np.float64) for one in axes.collections if len(one.get_offsets())],
        "images": [np.array(image.get_array()) for image in axes.get_images()],
    }


def _legend(axes: Any) -> list[str]:  # noqa: ANN401 (same)
    legend = axes.get_legend()
    return [] if legend is None else [text.get_text() for text in legend.get_texts()]


def _bar(patch: Any) -> tuple[float, float, float, float]:  # noqa: ANN401 (same)
    return (float(patch.get_x()), float(patch.get_y()), float(patch.get_width()), float(patch.get_height()))
