"""Laws of softmax: they hold for every right answer, whatever the way it was computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

Floats = npt.NDArray[np.float64]

TOLERANCE = 1e-3


def inputs() -> SearchStrategy[tuple[Floats]]:
    """Return a strategy of one vector of 1 to 3 halves from -2 to 2, the plainest first."""
    from hypothesis import strategies  # noqa: PLC0415 (only where a law is tried)

    pairs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, -1.0], [-2.0, -1.0], [0.5, -1.5]]
    others = [[0.0], [2.0], [0.0, 1.0, 2.0], [1.0, -1.0, 0.5], [-1.0, -2.0, 0.0], [2.0, 2.0, -2.0]]
    return strategies.tuples(strategies.sampled_from([*pairs, *others]).map(np.array))


def one_share_each(ask: Callable[..., Floats], z: Floats) -> bool:
    """Say whether there is one share for each input."""
    return ask(z).shape == z.shape


def not_negative(ask: Callable[..., Floats], z: Floats) -> bool:
    """Say whether no share is below 0."""
    return bool(np.all(ask(z) >= -TOLERANCE))


def sums_to_1(ask: Callable[..., Floats], z: Floats) -> bool:
    """Say whether the shares add up to 1."""
    return bool(abs(np.sum(ask(z)) - 1) <= TOLERANCE)


def larger_input_larger_share(ask: Callable[..., Floats], z: Floats) -> bool:
    """Say whether a larger input has a larger share, and equal inputs have equal shares."""
    shares = ask(z)
    if shares.shape != z.shape:
        return False
    by_input, by_share = z[:, np.newaxis] - z, shares[:, np.newaxis] - shares
    return bool(np.all(np.where(by_input == 0, np.abs(by_share) <= TOLERANCE, by_input * by_share > 0)))


def same_after_adding_1(ask: Callable[..., Floats], z: Floats) -> bool:
    """Say whether one number added to all inputs changes nothing."""
    return _same(ask(z + 1), ask(z))


def one_more_is_e_times(ask: Callable[..., Floats], z: Floats) -> bool:
    """Say whether an input that is larger by 1 has e times the share."""
    shares = ask(np.append(z, z[0] + 1))
    return shares.shape == (z.size + 1,) and bool(abs(shares[-1] - np.e * shares[0]) <= TOLERANCE)


def same_after_adding_1000(ask: Callable[..., Floats], z: Floats) -> bool:
    """Say whether a large number added to all inputs changes nothing."""
    return _same(ask(z + 1000), ask(z))


def same_after_subtracting_1000(ask: Callable[..., Floats], z: Floats) -> bool:
    """Say whether a large number subtracted from all inputs changes nothing."""
    return _same(ask(z - 1000), ask(z))


def much_larger_input_takes_all(ask: Callable[..., Floats], z: Floats) -> bool:
    """Say whether an input that is larger than all others by some 2000 gets the whole 1."""
    return _same(ask(np.append(z - 1000, 1000.0)), np.append(np.zeros_like(z), 1.0))


def row_on_its_own(ask: Callable[..., Floats], z: Floats) -> bool:
    """Say whether a row of a matrix gets what it gets alone, whatever the other rows are."""
    return _same(ask(np.stack([z, z + 1, z[::-1]])), np.stack([ask(z), ask(z + 1), ask(z[::-1].copy())]))


def _same(one: Floats, other: Floats) -> bool:
    return one.shape == other.shape and bool(np.all(np.abs(one - other) <= TOLERANCE))
