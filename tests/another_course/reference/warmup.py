"""The reference of a course that exists for tests: two functions, and makers of their questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def double(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return twice a number, or twice every number of an array."""
    return 2 * np.asarray(x)


def total(x: NDArray[np.float64]) -> float:
    """Return the sum of an array's numbers."""
    return float(np.sum(x))


def number(rng: np.random.Generator) -> dict[str, object]:
    """Make one number from 1 to 9."""
    return {"x": float(rng.uniform(1, 9))}


def vector(rng: np.random.Generator) -> dict[str, object]:
    """Make a vector of 2 to 6 numbers."""
    return {"x": rng.normal(size=int(rng.integers(2, 7)))}
