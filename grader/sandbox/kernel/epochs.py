"""Trains a network, an epoch at a time, with its own optimizer or with another one.

Runs in the kernel, as `inspect_network` does; Keras is whichever was imported there.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from grader.model import Array

BATCH = 32
RATE = 0.01
"""Of the other optimizer, Adam: five layers of sigmoids have learnt after one epoch of some sixty steps."""


class Epochs:
    """A network, images and labels: each call of `train` is one epoch. What `fit` raises is raised here too."""

    def __init__(self, network: Any, images: Array, labels: Array, *, seed: int) -> None:  # noqa: ANN401 (a Keras model)
        self._network = network
        self._build_the_optimizer()
        self._fit = functools.partial(network.fit, **_material(network, images, labels, seed=seed), epochs=1, verbose=0)

    def train(self) -> None:
        """Train for one epoch."""
        self._as_a_graph() if self._network.run_eagerly else self._fit()

    def take_another_optimizer(self) -> None:
        """Leave everything as it is but the optimizer."""
        self._network.optimizer = sys.modules["keras.src.optimizers.adam"].Adam(RATE)
        self._build_the_optimizer()
        self._network.make_train_function(force=True)

    def _build_the_optimizer(self) -> None:
        optimizer = getattr(self._network, "optimizer", None)
        if not getattr(optimizer, "built", True):
            optimizer.build(self._network.trainable_variables)  # type: ignore[union-attr]  # else `fit` is traced twice

    def _as_a_graph(self) -> None:
        """Train a network that asks to be run eagerly as a graph, ten times as fast, if it can be."""
        self._run(eagerly=False)
        try:
            self._fit()
        except Exception:  # noqa: BLE001 (a loss of the student's may need eager mode: what it raises there is what was seen)
            self._run(eagerly=True)
            self._fit()

    def _run(self, *, eagerly: bool) -> None:
        self._network.run_eagerly = eagerly
        self._network.make_train_function(force=True)


def is_kerass(network: Any, name: str) -> bool:  # noqa: ANN401 (a Keras model)
    """Say whether a method of a network is Keras' own, and not that of a student's class."""
    return getattr(type(network), name) is getattr(sys.modules["keras.src.models.model"].Model, name)


def rate_of(network: Any) -> float:  # noqa: ANN401 (a Keras model)
    """Return the learning rate of a network's optimizer; infinity where an optimizer of the student's names none."""
    rate = getattr(getattr(network, "optimizer", None), "learning_rate", None)
    return float("inf") if rate is None or callable(rate) else float(np.asarray(rate))


def numbers_of(network: Any) -> NDArray[np.float32]:  # noqa: ANN401 (a Keras model)
    """Return all numbers that training may change, as one vector of float32."""
    found = [np.asarray(variable, np.float32).ravel() for variable in network.trainable_variables]
    return np.concatenate(found) if found else np.zeros(0, np.float32)


def _material(network: Any, images: Array, labels: Array, *, seed: int) -> dict[str, Any]:  # noqa: ANN401 (same)
    """Return the data for `fit`: a dataset that is prepared once and shuffled anew in each epoch."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None or not is_kerass(network, "fit"):
        return {"x": images, "y": labels, "batch_size": BATCH}
    pairs = tensorflow.data.Dataset.from_tensor_slices((images, labels))
    return {"x": pairs.shuffle(len(images), seed=seed).batch(BATCH), "shuffle": False}
