"""Laws of the cross-entropy of a softmax: they hold for every right answer, whatever the way it was computed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

Floats = npt.NDArray[np.float64]

TOLERANCE = 1e-3


def inputs() -> SearchStrategy[tuple[Floats, Floats]]:
    """Return a strategy of an expected distribution over 2 or 3 classes and logits, the plainest first."""
    from hypothesis import strategies  # noqa: PLC0415 (only where a law is tried)

    def one_of(vectors: list[list[float]]) -> SearchStrategy[Floats]:
        return strategies.sampled_from(vectors).map(np.array)

    pairs = one_of([[1.0, 0.0], [0.0, 1.0], [0.25, 0.75]])
    triples = one_of([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.25, 0.5, 0.25]])
    two_logits = one_of([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [2.0, -1.0]])
    three_logits = one_of([[0.0, 1.0, 2.0], [1.0, -1.0, 0.5], [-1.0, 2.0, 0.0]])
    return strategies.tuples(pairs, two_logits) | strategies.tuples(triples, three_logits)


def not_negative(ask: Callable[..., Floats], y_true: Floats, logits: Floats) -> bool:
    """Say whether no loss is below 0."""
    return bool(np.all(ask(y_true, logits) >= -TOLERANCE))


def equal_logits_cost_ln_k(ask: Callable[..., Floats], y_true: Floats, logits: Floats) -> bool:
    """Say whether equal logits, which mean equal probabilities 1/K, cost ln K whatever is expected."""
    return _close(ask(y_true, np.zeros_like(logits)), math.log(logits.size))


def same_after_adding_1(ask: Callable[..., Floats], y_true: Floats, logits: Floats) -> bool:
    """Say whether one number added to all logits changes nothing."""
    return _close(ask(y_true, logits + 1), ask(y_true, logits))


def higher_logit_of_label_costs_less(ask: Callable[..., Floats], y_true: Floats, logits: Floats) -> bool:
    """Say whether with a one-hot label, a larger logit of its class costs less."""
    label = np.eye(y_true.size)[int(np.argmax(y_true))]
    return bool(np.all(ask(label, logits + label) < ask(label, logits)))


def logit_of_another_class_costs_more(ask: Callable[..., Floats], y_true: Floats, logits: Floats) -> bool:
    """Say whether with a one-hot label, larger logits of the other classes cost more."""
    label = np.eye(y_true.size)[int(np.argmax(y_true))]
    return bool(np.all(ask(label, logits + 1 - label) > ask(label, logits)))


def labels_differ_as_their_logits(ask: Callable[..., Floats], y_true: Floats, logits: Floats) -> bool:
    """Say whether the losses of two one-hot labels differ by just as much as the logits of their classes."""
    del y_true
    first, second, *_ = np.eye(logits.size)
    return _close(ask(first, logits) - ask(second, logits), logits[1] - logits[0])


def order_does_not_matter(ask: Callable[..., Floats], y_true: Floats, logits: Floats) -> bool:
    """Say whether both vectors read backwards cost the same."""
    return _close(ask(y_true[::-1].copy(), logits[::-1].copy()), ask(y_true, logits))


def mixture_costs_the_mean(ask: Callable[..., Floats], y_true: Floats, logits: Floats) -> bool:
    """Say whether half of each of two expectations costs the mean of what they cost."""
    other = y_true[::-1].copy()
    mean = (ask(y_true, logits) + ask(other, logits)) / 2
    return _close(ask((y_true + other) / 2, logits), mean)


def same_after_adding_1000(ask: Callable[..., Floats], y_true: Floats, logits: Floats) -> bool:
    """Say whether a large number added to all logits changes nothing."""
    return _close(ask(y_true, logits + 1000), ask(y_true, logits))


def same_after_subtracting_1000(ask: Callable[..., Floats], y_true: Floats, logits: Floats) -> bool:
    """Say whether a large number subtracted from all logits changes nothing."""
    return _close(ask(y_true, logits - 1000), ask(y_true, logits))


def _close(one: Floats, other: float | Floats) -> bool:
    """Say whether two single numbers agree."""
    return np.size(one) == np.size(other) == 1 and bool(np.all(np.abs(np.ravel(one) - np.ravel(other)) <= TOLERANCE))
