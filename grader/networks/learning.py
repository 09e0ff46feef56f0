"""Measures with NumPy how far a training moved a network's outputs towards the labels, on both sides of the wall."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Array

LEAST_FALL = 1e-4
"""By what share the loss has to fall. A slow training is a right one; one that changes nothing gives exactly 0."""


def fell(losses: Sequence[float]) -> bool:
    """Say whether a loss, before a training and after each epoch, is finite throughout and has fallen at the end."""
    if len(losses) < 2 or not np.isfinite(losses).all():  # noqa: PLR2004 (before and after)
        return False
    return losses[-1] <= losses[0] - LEAST_FALL * abs(losses[0])


def moved(before: Array | None, after: Array | None, labels: Array) -> float:
    """Return by how many standard errors the outputs for the right labels rose more than they did for all images.

    `before` and `after` are (N, classes), `labels` (N,) of whole numbers below `classes`. The result is 0 where the
    outputs cannot be compared.
    """
    if before is None or after is None or before.shape != after.shape or after.ndim != 2:  # noqa: PLR2004 (rows)
        return 0.0
    change = after.astype(np.float64) - before.astype(np.float64)
    if len(change) != len(labels) or change.shape[1] <= labels.max(initial=0) or not np.isfinite(change).all():
        return 0.0
    towards = change[np.arange(len(labels)), labels] - change.mean(0)[labels]
    spread = towards.std() / np.sqrt(max(1, len(labels)))
    return float(towards.mean() / spread) if spread > 0 else 0.0
