"""Inspects a network, and returns what it saw as plain data.

Runs in the kernel where networks are built anew; and beside the student's code for a network that cannot be, where
Keras is whichever the notebook imported. A network is never shown images in two ways: where one-hot labels or the
shape of the images do not fit, it is built again for others.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grader.model import Unreadable
from grader.sandbox.kernel.inspector import Inspector, Showing, shape_of
from grader.wire.values import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.model import Observation
    from grader.networks.model import Built, Inspection
    from grader.sandbox.kernel.keras_hooks import Hooks

SHAPES = ((784,), (28, 28, 1))
"""In which shapes an image is shown to a network that names none, and cannot do with (28, 28)."""


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
    """Inspect a network in the way in which it takes images and labels, and train it where that is asked for."""

    def again(showing: Showing) -> Inspector:
        seed_keras(inspection.seed)
        return Inspector(build(), inspection, showing)

    seen = _fitting(network, inspection, again)
    if inspection.epochs and seen.trouble is None:
        seen.train()
        if seen.is_slow():
            other = again(replace(seen.showing, scale=1.0))  # it may rescale pixels in its own way
            if other.trouble is None:
                other.train()
                # A loss also falls where pixels are far too large: the network counts that has learnt more.
                seen = other if other.learnt > max(0.0, seen.learnt) else seen
    return seen.built()


def _fitting(network: Any, inspection: Inspection, again: Callable[[Showing], Inspector]) -> Inspector:  # noqa: ANN401
    """Inspect with images of (28, 28) and one-hot labels; where those do not fit, a fresh network with others."""
    names_a_shape = shape_of(network) is not None
    seen = Inspector(network, inspection, Showing())
    if not (names_a_shape or seen.gives_a_table()):
        others = (again(Showing(shape=shape)) for shape in SHAPES)
        seen = next((other for other in others if other.gives_a_table()), seen)
    if seen.trouble is not None and seen.trouble.step == "evaluate":
        other = again(replace(seen.showing, one_hot=False))
        seen = other if other.trouble is None else seen
    return seen


def seed_keras(seed: int) -> None:
    """Fix the random numbers of Keras, if it was imported, and of what it seeds with them."""
    utilities = sys.modules.get("keras.src.utils.rng_utils")
    if utilities is not None:
        utilities.set_random_seed(seed)
