"""Inspects a network, and returns what it saw as plain data.

Runs in the kernel where networks are built anew; and beside the student's code for a network that cannot be, where
Keras is whichever the notebook imported. A network is never used twice with different kinds of labels: where one-hot
labels do not fit, it is built again for whole-number ones.
"""

from __future__ import annotations

import functools
import itertools
import sys
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.model import Built, Trouble, Unreadable
from grader.networks.learning import moved
from grader.sandbox.kernel.layers import expects_logits, layer_of, leaves_of, name_of, rescale, weights_of
from grader.wire.values import LONGEST_MESSAGE, LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.model import Array, Inspection, Observation
    from grader.sandbox.kernel.keras_hooks import Hooks

CLASSES = 10
PIXEL = 255.0
BATCH = 32
PATIENCE = 4
"""How many times longer training goes on where the loss has hardly changed: a slow network may be a right one."""


def inspect_network(build: Callable[[], object], inspection: Inspection, hooks: Hooks | None) -> Observation:
    """Build the network and inspect it. What `build` raises is raised here too: it is the caller's to observe."""
    seed_keras(inspection.seed)
    network: Any = build()
    if not is_network(network):
        return Unreadable("nothing" if network is None else "network", type(network).__name__[:LONGEST_NAME])
    if hooks is not None:
        hooks.free = True
    try:
        return _inspected(network, build, inspection)
    finally:
        if hooks is not None:
            hooks.free = False


def is_network(answer: object) -> bool:
    """Say whether it is a Keras model, of whichever class."""
    keras_model = sys.modules.get("keras.src.models.model")
    return keras_model is not None and isinstance(answer, keras_model.Model)


def _inspected(network: Any, build: Callable[[], object], inspection: Inspection) -> Built:  # noqa: ANN401 (a Keras model)
    """Inspect with one-hot labels, and where those do not fit, a fresh network with whole-number ones."""
    seen = _Inspector(network, inspection, one_hot=True)
    if seen.trouble is not None and seen.trouble.step == "evaluate":
        seed_keras(inspection.seed)
        again = _Inspector(build(), inspection, one_hot=False)
        if again.trouble is None:
            seen = again
    if inspection.epochs and seen.trouble is None:
        seen.train()
        if seen.is_slow():
            seed_keras(inspection.seed)
            other = _Inspector(
                build(), inspection, one_hot=seen.one_hot, scale=1.0
            )  # it may rescale pixels in its own way
            if other.trouble is None:
                other.train()
                # A loss also falls where pixels are far too large: the network counts that has learnt more.
                seen = other if other.learnt() > max(0.0, seen.learnt()) else seen
    return seen.built()


class _Inspector:
    """Inspects one network: predictions and evaluation at once, training when asked for."""

    def __init__(self, network: Any, inspection: Inspection, *, one_hot: bool, scale: float | None = None) -> None:  # noqa: ANN401
        self.network = network
        self.inspection = inspection
        self.one_hot = one_hot
        self.layers = leaves_of(network)
        self.scale = scale if scale is not None else 1.0 if rescale(self.layers) else 1 / PIXEL
        self.labels = (
            np.eye(CLASSES, dtype=np.float32)[inspection.labels] if one_hot else inspection.labels.astype(np.int64)
        )
        self.images = inspection.images
        self.tensor = getattr(sys.modules.get("tensorflow"), "convert_to_tensor", None)
        self.predictions: Array | None = None
        self.reported: float | None = None
        self.penalties = 0.0
        self.losses: list[float] = []
        self.unseen_before: Array | None = None
        self.unseen: Array | None = None
        self.trouble: Trouble | None = None
        self._try("predict", self._predict) and self._try("evaluate", self._evaluate)

    def train(self) -> None:
        """Train for the inspection's epochs, longer if that is slow, within its seconds; then show unseen images."""
        self.losses = [] if self.reported is None else [self.reported]
        self._try("predict", self._show_unseen_before)
        self._try("fit", self._fit) and self._try("predict", self._show_unseen)

    def is_slow(self) -> bool:
        """Say whether training has hardly changed the loss."""
        return not self.losses or not self.losses[-1] < 0.98 * self.losses[0]

    def learnt(self) -> float:
        """Return how far training has moved the outputs towards the labels."""
        return 0.0 if self.trouble else moved(self.predictions, self._outputs(self.images), self.inspection.labels)

    def _is_hopeless(self) -> bool:
        """Say whether longer training would show nothing new: the loss has not changed at all, or has only risen."""
        steps = list(itertools.pairwise(self.losses))
        return all(before == after for before, after in steps) or all(before < after for before, after in steps)

    def built(self) -> Built:
        """Return what was seen."""
        loss: Any = getattr(self.network, "loss", None)
        return Built(
            layers=tuple(layer_of(layer) for layer in self.layers),
            parameters=int(self.network.count_params()) if self.network.built else 0,
            loss=name_of(loss),
            optimizer=name_of(getattr(self.network, "optimizer", None)),
            from_logits=expects_logits(loss),
            scale=self.scale,
            predictions=self.predictions,
            reported=self.reported,
            penalties=self.penalties,
            losses=tuple(self.losses),
            unseen_before=self.unseen_before,
            unseen=self.unseen,
            weights=() if self.inspection.epochs else weights_of(self.network, self.layers),
            trouble=self.trouble,
        )

    def _try(self, step: Any, act: Callable[[], None]) -> bool:  # noqa: ANN401 (a step's word)
        try:
            act()
        except Exception as error:  # noqa: BLE001 (whatever a student's network raises is what was seen of it)
            self.trouble = Trouble(step, type(error).__name__[:LONGEST_NAME], str(error)[:LONGEST_MESSAGE])
            return False
        return True

    def _predict(self) -> None:
        self.images = self._shaped(self.inspection.images)
        self.predictions = self._outputs(self.images)

    def _evaluate(self) -> None:
        self.reported = self._loss()
        self.penalties = float(sum(float(np.asarray(penalty)) for penalty in self.network.losses))

    def _show_unseen_before(self) -> None:
        self.unseen_before = self._outputs(self._shaped(self.inspection.unseen))

    def _show_unseen(self) -> None:
        self.unseen = self._outputs(self._shaped(self.inspection.unseen))

    # Keras' own steps, run on all images at once, unless the student's class overrides what calls them: `predict` and
    # `evaluate` trace a function for each network, which takes twenty times as long as the step itself.

    def _outputs(self, images: Array) -> Array:
        if self.tensor is not None and _is_kerass(self.network, "predict"):
            return _plain(self.network.predict_step((self.tensor(images),)))
        return _plain(self.network.predict(images, batch_size=len(images), verbose=0))

    def _loss(self) -> float:
        images, labels = self.images, self.labels
        if self.tensor is not None and _is_kerass(self.network, "evaluate") and self.network.compiled:
            self.network.reset_metrics()
            results = self.network.test_step((self.tensor(images), self.tensor(labels)))
        else:
            results = self.network.evaluate(images, labels, batch_size=len(images), verbose=0, return_dict=True)
        return float(results["loss"])

    def _fit(self) -> None:
        optimizer, began = getattr(self.network, "optimizer", None), monotonic()
        if not getattr(optimizer, "built", True):
            optimizer.build(self.network.trainable_variables)  # type: ignore[union-attr]  # else `fit` is traced twice
        fit = functools.partial(self.network.fit, **self._material(), epochs=1, verbose=0)
        for epoch in range(1, PATIENCE * self.inspection.epochs + 1):
            self._as_a_graph(fit) if self.network.run_eagerly else fit()
            self.losses.append(self._loss())
            is_done = epoch >= self.inspection.epochs and (not self.is_slow() or self._is_hopeless())
            if is_done or not np.isfinite(self.losses[-1]) or monotonic() - began > self.inspection.seconds:
                return

    def _as_a_graph(self, fit: Callable[[], object]) -> None:
        """Train a network that asks to be run eagerly as a graph, ten times as fast, if it can be."""
        self._run(eagerly=False)
        try:
            fit()
        except Exception:  # noqa: BLE001 (a loss of the student's may need eager mode: what it raises there is what was seen)
            self._run(eagerly=True)
            fit()

    def _run(self, *, eagerly: bool) -> None:
        self.network.run_eagerly = eagerly
        self.network.make_train_function(force=True)

    def _material(self) -> dict[str, Any]:
        """Return the data for `fit`: a dataset that is prepared once and shuffled anew in each epoch."""
        if self.tensor is None or not _is_kerass(self.network, "fit"):
            return {"x": self.images, "y": self.labels, "batch_size": BATCH}
        pairs = sys.modules["tensorflow"].data.Dataset.from_tensor_slices((self.images, self.labels))
        return {"x": pairs.shuffle(len(self.images), seed=self.inspection.seed).batch(BATCH), "shuffle": False}

    def _shaped(self, images: Array) -> Array:
        """Return images (N, 28, 28), scaled, float32, in the input shape of the network where it has one."""
        scaled: Array = (images.astype(np.float64) * self.scale).astype(np.float32)
        shape = getattr(self.network, "input_shape", None)
        if isinstance(shape, tuple) and len(shape) > 1 and None not in shape[1:]:
            return scaled.reshape(len(images), *shape[1:]) if np.prod(shape[1:]) == images[0].size else scaled
        return scaled


def _is_kerass(network: Any, name: str) -> bool:  # noqa: ANN401 (a Keras model)
    """Say whether a method of a network is Keras' own, and not that of a student's class."""
    return getattr(type(network), name) is getattr(sys.modules["keras.src.models.model"].Model, name)


def seed_keras(seed: int) -> None:
    """Fix the random numbers of Keras, if it was imported, and of what it seeds with them."""
    utilities = sys.modules.get("keras.src.utils.rng_utils")
    if utilities is not None:
        utilities.set_random_seed(seed)


def _plain(outputs: Any) -> Array:  # noqa: ANN401
    array = np.asarray(outputs)
    return array if array.dtype.name in {"float32", "float64"} else array.astype(np.float32)
