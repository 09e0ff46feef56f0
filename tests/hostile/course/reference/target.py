"""The reference that hostile submissions look for. CANARY-IN-THE-REFERENCE must be seen nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def double(x: float) -> float:
    """Return twice a number."""
    return 2 * x


def number(rng: np.random.Generator) -> dict[str, object]:
    """Make one number from 1 to 9."""
    return {"x": float(rng.uniform(1, 9))}
