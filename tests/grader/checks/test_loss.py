"""What a network reports for a loss: a wrong loss is refused however near the right one it is for the labels shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from grader.checks.loss import judge
from grader.model import Agrees, Array, Differs
from grader.networks.blank import BLANK
from grader.networks.formulas import cross_entropy, mean_squared_error
from grader.networks.model import Built, Goal

IMAGES = np.zeros((10, 28, 28), np.uint8)
LABELS = np.arange(10)
"""Each class once: so the labels, smoothed or not, cost the same where every image gets the same answer."""
SHARES = np.tile(np.linspace(0.06, 0.14, 10), (10, 1))
GOAL = Goal("cross_entropy", IMAGES, LABELS, unseen_labels=LABELS)


def smoothed(outputs: Array, labels: Array, part: float) -> float:
    target = np.eye(10)[labels] * (1 - part) + part / 10
    return float(-(target * np.log(outputs)).sum(1).mean())


def reporting(first: float, likeliest: float | None) -> Built:
    return replace(BLANK, predictions=SHARES, reported=first, reported_likeliest=likeliest)


def test_a_right_loss_agrees() -> None:
    seen = reporting(cross_entropy(SHARES, LABELS), cross_entropy(SHARES, SHARES.argmax(1)))
    assert isinstance(judge(seen, GOAL), Agrees)
    squared = reporting(mean_squared_error(SHARES, LABELS), mean_squared_error(SHARES, SHARES.argmax(1)))
    assert isinstance(judge(squared, replace(GOAL, loss="mse")), Agrees)


@pytest.mark.parametrize("part", [0.01, 0.1, 0.3])
def test_smoothed_labels_are_refused_where_they_cost_what_the_right_ones_do(part: float) -> None:
    first = smoothed(SHARES, LABELS, part)
    assert first == pytest.approx(cross_entropy(SHARES, LABELS), rel=1e-9), "the labels shown do not tell them apart"
    judgement = judge(reporting(first, smoothed(SHARES, SHARES.argmax(1), part)), GOAL)
    assert isinstance(judgement, Differs)
    assert str(cross_entropy(SHARES, SHARES.argmax(1)))[:5] in str(judgement)


def test_a_loss_for_the_labels_shown_alone_is_none() -> None:
    assert isinstance(judge(reporting(cross_entropy(SHARES, LABELS), None), GOAL), Differs)


def test_the_regularisation_is_left_out_of_both() -> None:
    losses = [cross_entropy(SHARES, LABELS), cross_entropy(SHARES, SHARES.argmax(1))]
    seen = replace(reporting(losses[0] + 0.5, losses[1] + 0.5), penalties=0.5)
    assert isinstance(judge(seen, GOAL), Agrees)
