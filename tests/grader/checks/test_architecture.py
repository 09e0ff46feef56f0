"""Outputs that are no probabilities have to be logits to the loss, whichever labels it is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from grader.checks.architecture import judge
from grader.model import Agrees, Differs
from grader.networks.blank import BLANK
from grader.networks.formulas import cross_entropy, softmax
from grader.networks.model import Goal

LABELS = np.arange(64) % 10
OUTPUTS = 5 + np.random.default_rng(14).normal(0, 0.1, (64, 10))
"""Of a network whose last layer has no activation: as logits nearly uniform, and divided by their sum as well."""
GOAL = Goal("cross_entropy", np.zeros((64, 28, 28), np.float32), LABELS, LABELS[:0])


def reported(probabilities: np.ndarray, *, at_first: float | None = None) -> tuple[float, float]:
    """Return the losses that such probabilities have for the labels shown, and for the likeliest ones."""
    first = cross_entropy(probabilities, LABELS) if at_first is None else at_first
    return first, cross_entropy(probabilities, OUTPUTS.argmax(1))


def test_logits_that_the_loss_takes_for_logits_are_right() -> None:
    first, likeliest = reported(softmax(OUTPUTS))
    built = replace(BLANK, predictions=OUTPUTS, reported=first, reported_likeliest=likeliest)
    assert isinstance(judge(built, GOAL), Agrees)


def test_outputs_that_are_divided_by_their_sum_are_no_logits_even_where_one_loss_agrees_by_luck() -> None:
    divided = OUTPUTS / OUTPUTS.sum(1, keepdims=True)
    lucky = cross_entropy(softmax(OUTPUTS), LABELS)
    assert lucky == pytest.approx(cross_entropy(divided, LABELS), abs=0.02)
    first, likeliest = reported(divided, at_first=lucky)
    built = replace(BLANK, predictions=OUTPUTS, reported=first, reported_likeliest=likeliest)
    assert isinstance(judge(built, GOAL), Differs)
