"""Laws of the information content: they hold for every right answer, whatever the way it was computed."""

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


def inputs() -> SearchStrategy[tuple[float]]:
    """Return a strategy of one probability, from 1/8 to 1."""
    from hypothesis import strategies  # noqa: PLC0415 (only where a law is tried)

    return strategies.tuples(strategies.sampled_from([1.0, 0.5, 0.25, 0.75, 0.625, 0.125]))


def certain_event_holds_none(ask: Callable[..., Floats], p: float) -> bool:
    """Say whether a certain event holds no information."""
    return p < 1 or _close(ask(p), 0.0)


def not_negative(ask: Callable[..., Floats], p: float) -> bool:
    """Say whether no event takes information away."""
    return bool(np.all(ask(p) >= -TOLERANCE))


def rarer_holds_more(ask: Callable[..., Floats], p: float) -> bool:
    """Say whether an event of half the probability holds more information."""
    return bool(np.all(ask(p / 2) > ask(p) + TOLERANCE))


def independent_events_add_up(ask: Callable[..., Floats], p: float) -> bool:
    """Say whether two independent events of probability p hold twice the information of one."""
    return _close(ask(p * p), 2 * ask(p))


def halving_adds_ln_2(ask: Callable[..., Floats], p: float) -> bool:
    """Say whether half the probability adds the information of one fair coin toss, 0.6931 nats."""
    return _close(ask(p / 2), ask(p) + math.log(2))


def each_on_its_own(ask: Callable[..., Floats], p: float) -> bool:
    """Say whether an element of an array gets what it gets alone."""
    both = ask(np.array([p, p / 2]))
    return both.shape == (2,) and _close(both[:1], ask(p)) and _close(both[1:], ask(p / 2))


def _close(one: Floats, other: float | Floats) -> bool:
    """Say whether two single numbers agree."""
    return np.size(one) == np.size(other) == 1 and bool(
        np.all(np.abs(np.ravel(one) - np.ravel(other)) <= TOLERANCE * (1 + np.abs(np.ravel(other))))
    )
