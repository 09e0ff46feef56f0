"""The chart of a public question: two images, a point on the curve -ln p, or bars; None where none says anything.

Its kind is chosen from the question's values alone, so that this works for any course.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from grader.records.chart_data import (
    LARGEST_SIDE,
    MOST_COLUMNS,
    MOST_ROWS,
    Bars,
    Images,
    LogCurve,
    six_digits,
    six_digits_if_finite,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from grader.model import Array, Exchange, Value

SMALLEST_PROBABILITY = 1e-12
TOLERANCE = 1e-6
"""How near to -ln p an expected value, in float64, has to be."""

DIMENSIONS_OF_IMAGES = 3


def chart_data_of(exchange: Exchange) -> Bars | LogCurve | Images | None:
    """Return the chart of a question: of its images, else of its answer where that holds numbers."""
    if (images := _images(exchange.arguments)) is not None:
        return images
    observed = exchange.observed
    if observed is None or observed.dtype.kind not in "biuf":
        return None
    return _log_curve(exchange, observed) if exchange.expected.shape == () else _bars(observed, exchange.expected)


def _images(arguments: tuple[Value, ...]) -> Images | None:
    """Return the first two images of the first argument that is a uint8 array (N, height, width)."""
    for value in arguments:
        if not isinstance(value, np.ndarray) or value.dtype != np.uint8 or value.ndim != DIMENSIONS_OF_IMAGES:
            continue
        if len(value) > 1 and min(value.shape[1:]) > 0 and max(value.shape[1:]) <= LARGEST_SIDE:
            first, second = (tuple(row.tobytes().hex() for row in image) for image in value[:2])
            return Images(first=first, second=second)
    return None


def _log_curve(exchange: Exchange, observed: Array) -> LogCurve | None:
    expected = float(exchange.expected)
    if observed.size != 1:
        return None
    for probability in _probabilities(exchange.arguments):
        is_point = SMALLEST_PROBABILITY <= probability <= 1
        if is_point and abs(expected + math.log(probability)) <= TOLERANCE * max(1.0, abs(expected)):
            answer = six_digits_if_finite(float(observed.reshape(())))
            return LogCurve(probability=six_digits(probability), observed=answer, expected=six_digits(expected))
    return None


def _probabilities(arguments: tuple[Value, ...]) -> Iterator[float]:
    """Yield what p may be: a lone number; for a one-hot target, the output at its 1, or the softmax there."""
    values = [np.asarray(value, np.float64) for value in arguments if _is_numeric(value)]
    if len(values) != len(arguments):
        return
    if len(values) == 1 and values[0].shape == ():
        yield float(values[0])
    if len(values) == 2 and values[0].ndim == 1 and values[0].shape == values[1].shape:  # noqa: PLR2004 (target, output)
        for target, output in (values, values[::-1]):
            if _is_one_hot(target):
                yield float(output[target == 1][0])
                shares = np.exp(output - output.max())
                yield float((shares / shares.sum())[target == 1][0])


def _is_numeric(value: Value) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "iuf" and value.size > 0 and bool(np.isfinite(value).all())
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_one_hot(vector: NDArray[np.float64]) -> bool:
    return int((vector == 1).sum()) == 1 and int((vector == 0).sum()) == len(vector) - 1


def _bars(observed: Array, expected: Array) -> Bars | None:
    rows = 1 if expected.ndim == 1 else len(expected)
    if observed.shape != expected.shape or expected.ndim > 2 or not 1 <= rows <= MOST_ROWS:  # noqa: PLR2004 (a matrix)
        return None
    if not 1 < expected.shape[-1] <= MOST_COLUMNS:
        return None
    seen, truth = (np.atleast_2d(array).astype(np.float64).tolist() for array in (observed, expected))
    return Bars(
        observed=tuple(tuple(six_digits_if_finite(number) for number in row) for row in seen),
        expected=tuple(tuple(six_digits(number) for number in row) for row in truth),
    )
