"""A Keras model as an inspection needs it.

Runs in the kernel, as `inspect_network` does; Keras is whichever was imported there.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.networks.blank import BLANK
from grader.networks.formulas import are_probabilities, cross_entropy, mean_squared_error
from grader.sandbox.kernel.epochs import Epochs, is_kerass, numbers_of, rate_of
from grader.sandbox.kernel.inspector import Showing
from grader.sandbox.kernel.layers import expects_logits, layer_of, leaves_of, name_of, rescale, weights_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from grader.model import Array
    from grader.networks.model import Built

SHAPES = ((784,), (28, 28, 1))
"""In which shapes an image is shown to a network that names none, and cannot do with (28, 28)."""


class KerasSubject:
    """A Keras model: its outputs, its loss, its training, and what it says of itself."""

    def __init__(self, network: Any) -> None:  # noqa: ANN401 (a Keras model)
        self._network = network
        self._layers = leaves_of(network)
        self._optimizer = name_of(getattr(network, "optimizer", None))  # another one may take its place
        self._tensor = getattr(sys.modules.get("tensorflow"), "convert_to_tensor", None)
        self._in_a_graph = False

    def shape(self) -> tuple[int, ...] | None:
        """Return the shape of an image that the network names; None where it leaves it open."""
        return shape_of(self._network)

    def showings(self) -> tuple[Showing, ...]:
        """Return images of (28, 28) with one-hot labels; and in other shapes for a network that names none."""
        return (Showing(),) if self.shape() is not None else (Showing(), *(Showing(shape=shape) for shape in SHAPES))

    def rescales(self) -> bool:
        """Say whether it takes pixels from 0 to 255, and rescales them itself."""
        return rescale(self._layers)

    # Keras' own steps, run on all images at once, unless the student's class overrides what calls them: `predict` and
    # `evaluate` trace a function for each network, which takes twenty times as long as the step itself.

    def outputs(self, images: Array) -> Array:
        """Return the outputs, of any shape, float32 or float64."""
        if self._tensor is not None and is_kerass(self._network, "predict"):
            return _plain(self._network.predict_step((self._tensor(images),)))
        return _plain(self._network.predict(images, batch_size=len(images), verbose=0))

    def first_loss(self, images: Array, labels: Array, outputs: Array) -> tuple[float, float]:
        """Return the loss that is reported, and the part of it that is regularisation. `outputs` are for the images."""
        reported = self.loss(images, labels)
        penalties = float(sum(float(np.asarray(penalty)) for penalty in self._network.losses))
        whole = labels if labels.ndim == 1 else labels.argmax(1)
        self._in_a_graph = self._is_seen_better_in_a_graph(whole, outputs, reported - penalties)
        return self.loss(images, labels) if self._in_a_graph else reported, penalties

    def loss(self, images: Array, labels: Array) -> float:
        """Return the loss that is reported for images and labels."""
        is_traced = self._in_a_graph or not is_kerass(self._network, "evaluate")
        if self._tensor is not None and not is_traced and self._network.compiled:
            self._network.reset_metrics()
            results = self._network.test_step((self._tensor(images), self._tensor(labels)))
        else:
            results = self._network.evaluate(images, labels, batch_size=len(images), verbose=0, return_dict=True)
        return float(results["loss"])

    def _is_seen_better_in_a_graph(self, labels: Array, outputs: Array, reported: float) -> bool:
        """Say whether the loss that Keras reports may be another one where it traces the network, as `fit` does.

        There a cross-entropy that is told to expect logits finds those behind any softmax operation, TensorFlow's too
        (`_get_logits` in keras.src.backend.tensorflow.nn); here it finds only what Keras' own softmax has left.
        """
        loss: Any = getattr(self._network, "loss", None)
        is_a_students = callable(loss) and not str(getattr(loss, "__module__", "")).startswith("keras.")
        if self._network.run_eagerly or not (expects_logits(loss) or is_a_students):
            return False
        if outputs.ndim != 2 or outputs.shape[1] <= labels.max() or not are_probabilities(outputs):  # noqa: PLR2004
            return False
        plain = cross_entropy(outputs, labels), mean_squared_error(outputs, labels)
        return not np.isclose(reported, plain, rtol=1e-4).any()

    def may_be_trained(self) -> bool:
        """Return True: whatever is missing is what Keras' own `fit` raises."""
        return True

    def epochs(self, images: Array, labels: Array, *, seed: int) -> Epochs:
        """Return its training on images and labels, an epoch at a time."""
        return Epochs(self._network, images, labels, seed=seed)

    def numbers(self) -> NDArray[np.float32]:
        """Return all numbers that training may change."""
        return numbers_of(self._network)

    def weights(self) -> list[Array]:
        """Return copies of all of its weights."""
        weights: list[Array] = self._network.get_weights()
        return weights

    def take_back(self, weights: list[Array]) -> None:
        """Take weights that `weights` returned in the place of its own."""
        self._network.set_weights(weights)

    def rate(self) -> float:
        """Return the learning rate of its own optimizer."""
        return rate_of(self._network)

    def said(self, *, weights: bool) -> Built:
        """Return what it says of itself, with its weights where they are asked for, and nothing of what it does."""
        loss: Any = getattr(self._network, "loss", None)
        return replace(
            BLANK,
            layers=tuple(layer_of(layer) for layer in self._layers),
            parameters=int(self._network.count_params()) if self._network.built else 0,
            loss=name_of(loss),
            optimizer=self._optimizer,
            from_logits=expects_logits(loss),
            weights=weights_of(self._network, self._layers) if weights else (),
        )


def shape_of(network: Any) -> tuple[int, ...] | None:  # noqa: ANN401 (a Keras model)
    """Return the shape of an image that a network names; None where it leaves it open."""
    shape = getattr(network, "input_shape", None)
    is_named = isinstance(shape, tuple) and len(shape) > 1 and None not in shape[1:]
    return tuple(shape[1:]) if isinstance(shape, tuple) and is_named else None


def _plain(outputs: Any) -> Array:  # noqa: ANN401
    array = np.asarray(outputs)
    return array if array.dtype.name in {"float32", "float64"} else array.astype(np.float32)
