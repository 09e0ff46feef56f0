"""Laws of the entropy: they hold for every right answer, whatever the way it was computed."""

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


def inputs() -> SearchStrategy[tuple[Floats]]:
    """Return a strategy of one distribution over 1 to 3 outcomes, in sixteenths and without zeros."""
    from hypothesis import strategies  # noqa: PLC0415 (only where a law is tried)

    shares = [[1.0], [0.5, 0.5], [0.25, 0.75], [0.75, 0.25], [0.25, 0.5, 0.25], [0.0625, 0.9375]]
    return strategies.tuples(strategies.sampled_from(shares).map(np.array))


def certainty_has_none(ask: Callable[..., Floats], p: Floats) -> bool:
    """Say whether a single certain outcome leaves no uncertainty."""
    return p.size > 1 or _close(ask(p), 0.0)


def not_negative(ask: Callable[..., Floats], p: Floats) -> bool:
    """Say whether no entropy is below 0."""
    return bool(np.all(ask(p) >= -TOLERANCE))


def impossible_outcome_adds_nothing(ask: Callable[..., Floats], p: Floats) -> bool:
    """Say whether one more outcome of probability 0 changes nothing."""
    return _close(ask(np.insert(p, 1, 0.0)), ask(p))


def order_does_not_matter(ask: Callable[..., Floats], p: Floats) -> bool:
    """Say whether a distribution read backwards has the same entropy."""
    return _close(ask(p[::-1].copy()), ask(p))


def largest_when_uniform(ask: Callable[..., Floats], p: Floats) -> bool:
    """Say whether equally likely outcomes are the most uncertain."""
    return bool(np.all(ask(np.full_like(p, 1 / p.size)) >= ask(p) - TOLERANCE))


def split_adds_its_share(ask: Callable[..., Floats], p: Floats) -> bool:
    """Say whether splitting one outcome by a coin toss adds the entropy of the toss, times its probability."""
    return _close(ask(np.concatenate([p[:1] / 2, p[:1] / 2, p[1:]])), ask(p) + p[0] * math.log(2))


def _close(one: Floats, other: float | Floats) -> bool:
    """Say whether two single numbers agree."""
    return np.size(one) == np.size(other) == 1 and bool(np.all(np.abs(np.ravel(one) - np.ravel(other)) <= TOLERANCE))
