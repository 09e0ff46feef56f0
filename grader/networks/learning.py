"""Measures with NumPy how far a training moved a network's outputs towards the labels, on both sides of the wall."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Array

LEAST_FALL = 1e-4
"""By what share the loss has to fall. A slow training is a right one; one that changes nothing gives exactly 0."""

LEAST_LEFT = 1e-3
"""What share of the differences between images has to be left. Right networks, also slow ones, have more of them."""

SMALLEST = 1e-12
"""A spread that is rounding alone, as a share of the outputs."""


def fell(losses: Sequence[float]) -> bool:
    """Say whether a loss, before a training and after each epoch, is finite throughout and has fallen at the end."""
    if len(losses) < 2 or not np.isfinite(losses).all():  # noqa: PLR2004 (before and after)
        return False
    return losses[-1] <= losses[0] - LEAST_FALL * abs(losses[0])


def moved(before: Array | None, after: Array | None, labels: Array) -> float:
    """Return by how many standard errors the outputs for the right labels rose more than they did for all images.

    `before` and `after` are (N, classes), `labels` (N,) of whole numbers below `classes`. What is only more or less of
    the outputs before is left out: images of a digit are alike, so that any outputs have something to do with the
    labels, and a network whose outputs collapse would seem to learn where its first guess was a bad one. The result is
    0 where the outputs cannot be compared, and where training has left nearly no difference between images: what
    remains of it has something to do with the labels as well, and shows nothing.
    """
    if before is None or after is None or before.shape != after.shape or after.ndim != 2:  # noqa: PLR2004 (rows)
        return 0.0
    first, last = before.astype(np.float64), after.astype(np.float64)
    is_finite = np.isfinite(first).all() and np.isfinite(last).all()
    if len(last) != len(labels) or last.shape[1] <= labels.max(initial=0) or not is_finite:
        return 0.0
    first, last = first - first.mean(0), last - last.mean(0)
    lengths = (first**2).sum(0)
    if np.sqrt((last**2).sum(0).max()) < LEAST_LEFT * np.sqrt(lengths.max()):
        return 0.0
    share = np.divide((first * last).sum(0), lengths, out=np.zeros_like(lengths), where=lengths > 0)
    towards = (last - share * first)[np.arange(len(labels)), labels]
    spread = towards.std() / np.sqrt(max(1, len(labels)))
    is_more_than_rounding = spread > SMALLEST * max(1.0, float(np.abs(after).max(initial=0)))
    return float(towards.mean() / spread) if is_more_than_rounding else 0.0
