"""What training shows of a network is no matter of how the network began, and no wrong one is helped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.checks.training import judge
from grader.data.digits import draw
from grader.model import Agrees, Differs
from grader.networks.model import Built, Goal, Inspection
from grader.sandbox.kernel.inspect_network import inspect_network

if TYPE_CHECKING:
    from types import ModuleType

pytestmark = [pytest.mark.tensorflow, pytest.mark.slow]
STEPS = 63


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    found: ModuleType = pytest.importorskip("keras")
    return found


@pytest.fixture(scope="module")
def goal() -> Goal:
    images, labels = draw(2000, 1)
    _, unseen_labels = draw(500, 2)
    return Goal("mse", images, labels, unseen_labels=unseen_labels)


def seen(keras: ModuleType, goal: Goal, loss: str, optimizer: Any, end: Any) -> Built:  # noqa: ANN401 (Keras' own)
    def build() -> object:
        network = keras.Sequential(
            [keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(64, activation="relu"), end()]
        )
        network.compile(optimizer=optimizer(), loss=loss)
        return network

    how = Inspection(goal.images, goal.labels, draw(500, 2)[0], epochs=3, seconds=120, seed=3)
    built = inspect_network(build, how, None)
    assert isinstance(built, Built)
    return built


def softmax(keras: ModuleType) -> object:
    return lambda: keras.layers.Dense(10, activation="softmax")


def test_one_that_its_later_steps_throw_off_counts_by_what_it_had_learnt(keras: ModuleType, goal: Goal) -> None:
    rates = keras.optimizers.schedules.PiecewiseConstantDecay([2 * STEPS], [0.05, 1e30])
    loss = "categorical_crossentropy"
    built = seen(keras, goal, loss, lambda: keras.optimizers.SGD(rates), softmax(keras))
    assert built.thrown_off
    assert len(built.losses) == 3, "before, and after two epochs"
    assert np.isfinite(built.losses).all()
    judgement = judge(built, replace(goal, loss="cross_entropy"))
    assert isinstance(judgement, Agrees)
    assert judgement.note is not None
    assert "threw the network off" in judgement.note.en


@pytest.mark.parametrize("rate", [1e30, 1e3])
def test_one_whose_first_steps_throw_it_off_is_wrong(keras: ModuleType, goal: Goal, rate: float) -> None:
    built = seen(keras, goal, "categorical_crossentropy", lambda: keras.optimizers.SGD(rate), softmax(keras))
    assert not built.thrown_off
    assert isinstance(judge(built, goal), Differs)


def test_one_whose_steps_are_small_at_first_is_trained_until_its_loss_has_fallen(keras: ModuleType, goal: Goal) -> None:
    """Its outputs move towards the labels at once, and its loss by less than what counts."""
    rates = keras.optimizers.schedules.CosineDecay(0.0, 1000, warmup_target=1e-3, warmup_steps=1000)
    built = seen(keras, goal, "mse", lambda: keras.optimizers.SGD(rates), softmax(keras))
    assert isinstance(judge(built, goal), Agrees), built.losses


@pytest.mark.parametrize("rate", [0.0, 1e-12, -1e-4])
def test_one_that_stands_still_or_climbs_is_wrong(keras: ModuleType, goal: Goal, rate: float) -> None:
    built = seen(keras, goal, "mse", lambda: keras.optimizers.SGD(rate), softmax(keras))
    assert not built.helped
    assert isinstance(judge(built, goal), Differs)
