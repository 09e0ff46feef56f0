"""How far a training moved a network's outputs."""

from __future__ import annotations

import numpy as np
import pytest

from grader.networks.learning import moved

LABELS = np.arange(40) % 4
BEFORE = np.full((40, 4), 0.25)
TOWARDS = BEFORE + 0.1 * np.eye(4)[LABELS] + 0.01 * np.random.default_rng(1).normal(size=(40, 4))


def test_outputs_that_rose_for_their_labels_have_moved_by_many_standard_errors() -> None:
    assert moved(BEFORE, TOWARDS, LABELS) > 10


def test_outputs_that_rose_for_every_image_alike_have_not_moved() -> None:
    rng = np.random.default_rng(2)
    assert abs(moved(BEFORE, BEFORE + [0.3, -0.1, -0.1, -0.1] + 0.01 * rng.normal(size=(40, 4)), LABELS)) < 4


def test_outputs_that_fell_for_their_labels_have_moved_away() -> None:
    assert moved(BEFORE, 2 * BEFORE - TOWARDS, LABELS) < -10


@pytest.mark.parametrize("sign", [1, -1], ids=["a good guess", "a bad guess"])
@pytest.mark.parametrize("left", [0.0, 0.5, 2.0], ids=["nothing", "half", "twice as much"])
def test_more_or_less_of_what_was_there_before_is_no_learning(sign: int, left: float) -> None:
    guess = BEFORE + sign * (TOWARDS - BEFORE)
    assert moved(guess, BEFORE + left * (guess - BEFORE), LABELS) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, TOWARDS),
        (BEFORE, None),
        (BEFORE[:, :3], TOWARDS),
        (BEFORE[:, :3], TOWARDS[:, :3]),
        (BEFORE[:, None], TOWARDS[:, None]),
        (BEFORE[:39], TOWARDS[:39]),
        (BEFORE, np.where(TOWARDS > 0.3, np.nan, TOWARDS)),
        (BEFORE, BEFORE),
    ],
    ids=[
        "nothing before",
        "nothing after",
        "other shapes",
        "too few classes",
        "an axis more",
        "an image less",
        "nan",
        "unchanged",
    ],
)
def test_outputs_that_cannot_be_compared_have_not_moved(before: np.ndarray | None, after: np.ndarray | None) -> None:
    assert moved(before, after, LABELS) == 0.0


def test_outputs_that_have_become_the_same_for_every_image_have_not_moved() -> None:
    rng = np.random.default_rng(14)
    labels = rng.integers(0, 10, 500)
    before = rng.normal(0.1, 0.01, (500, 10))
    after = np.tile(np.eye(10)[7], (500, 1)) + 1e-8 * np.eye(10)[labels]
    assert moved(before, after, labels) == 0
    assert moved(before, after + 1e-8 * rng.normal(size=after.shape), labels) == 0


def test_a_slow_network_whose_outputs_hardly_differ_has_moved() -> None:
    rng = np.random.default_rng(14)
    labels = rng.integers(0, 10, 500)
    before = 0.1 + 1e-5 * rng.normal(size=(500, 10))
    assert moved(before, before + 1e-6 * np.eye(10)[labels], labels) > 4
