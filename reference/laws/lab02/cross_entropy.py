"""Laws of the cross-entropy: they hold for every right answer, whatever the way it was computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

Floats = npt.NDArray[np.float64]

TOLERANCE = 1e-3
LARGE = (9.0, 1e6)
"""What a clipped ln 0 costs: more than the first, and less than the second, which is finite in name only."""


def inputs() -> SearchStrategy[tuple[Floats, Floats]]:
    """Return a strategy of two distributions over the same 2 or 3 classes, in sixteenths and without zeros."""
    from hypothesis import strategies  # noqa: PLC0415 (only where a law is tried)

    pairs = strategies.sampled_from([[0.5, 0.5], [0.25, 0.75], [0.75, 0.25], [0.0625, 0.9375]]).map(np.array)
    triples = strategies.sampled_from([[0.25, 0.5, 0.25], [0.5, 0.25, 0.25], [0.125, 0.25, 0.625]]).map(np.array)
    return strategies.tuples(pairs, pairs) | strategies.tuples(triples, triples)


def not_negative(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Say whether no loss is below 0."""
    return bool(np.all(ask(y_true, y_pred) >= -TOLERANCE))


def itself_costs_its_entropy(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Say whether predicting just what is expected costs the entropy."""
    del y_pred
    return _close(ask(y_true, y_true.copy()), -np.sum(y_true * np.log(y_true)))


def smallest_where_equal(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Say whether any other prediction costs more than just what is expected."""
    if np.array_equal(y_true, y_pred):
        return True
    return bool(np.all(ask(y_true, y_pred) > ask(y_true, y_true.copy()) + TOLERANCE))


def label_costs_its_own_prediction(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Say whether with a one-hot label the loss is -ln of the prediction for that class."""
    del y_true
    return _close(ask(np.eye(y_pred.size)[0], y_pred), -np.log(y_pred[0]))


def order_does_not_matter(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Say whether both vectors read backwards cost the same."""
    return _close(ask(y_true[::-1].copy(), y_pred[::-1].copy()), ask(y_true, y_pred))


def mixture_costs_the_mean(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Say whether half of each of two expectations costs the mean of what they cost."""
    other = y_true[::-1].copy()
    mean = (ask(y_true, y_pred) + ask(other, y_pred)) / 2
    return _close(ask((y_true + other) / 2, y_pred), mean)


def same_sample_twice(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Say whether a batch of one sample given twice costs what the sample costs."""
    return _close(ask(np.stack([y_true, y_true]), np.stack([y_pred, y_pred])), ask(y_true, y_pred))


def mean_of_samples(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Say whether a batch costs the mean of what its samples cost."""
    mean = (ask(y_true, y_pred) + ask(y_pred, y_true)) / 2
    return _close(ask(np.stack([y_true, y_pred]), np.stack([y_pred, y_true])), mean)


def impossible_class_adds_nothing(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Say whether one more class that is neither expected nor predicted changes nothing."""
    return _close(ask(np.insert(y_true, 1, 0.0), np.insert(y_pred, 1, 0.0)), ask(y_true, y_pred))


def hopeless_prediction_costs_much(ask: Callable[..., Floats], y_true: Floats, y_pred: Floats) -> bool:
    """Say whether a predicted 0 where 1 is expected costs much, and not infinity."""
    del y_true
    loss = ask(np.append(np.zeros_like(y_pred), 1.0), np.append(y_pred, 0.0))
    return bool(np.all((loss > LARGE[0]) & (loss < LARGE[1])))


def _close(one: Floats, other: float | Floats) -> bool:
    """Say whether two single numbers agree."""
    return np.size(one) == np.size(other) == 1 and bool(np.all(np.abs(np.ravel(one) - np.ravel(other)) <= TOLERANCE))
