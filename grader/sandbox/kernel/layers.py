"""What the layers of a network are, as words and numbers.

Runs beside the student's code, in the kernel; Keras is whichever the notebook imported.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.networks.model import Layer
from grader.wire.values import LONGEST_NAME

if TYPE_CHECKING:
    from grader.model import Array

MOST_WEIGHT_BYTES = 6 * 2**20
CHAIN = frozenset({"InputLayer", "Flatten", "Dense", "Activation", "Dropout", "Softmax", "ReLU", "Rescaling"})
"""The layers that a plain chain may have: beside Dense, those that leave numbers as they are or are an activation."""


def leaves_of(network: Any) -> list[Any]:  # noqa: ANN401
    """Return the layers of a network; a network inside it is replaced by its layers."""
    found: list[Any] = []
    for layer in network.layers:
        found.extend(leaves_of(layer) if getattr(layer, "layers", None) else [layer])
    return found


def layer_of(layer: Any) -> Layer:  # noqa: ANN401
    """Return a layer's kind, its units where it has some, and its activation."""
    units = getattr(layer, "units", None)
    dense = sys.modules["keras.src.layers.core.dense"].Dense
    kind = "Dense" if isinstance(layer, dense) else type(layer).__name__
    activation = getattr(layer, "activation", None)
    return Layer(kind[:LONGEST_NAME], units if type(units) is int else None, name_of(activation))


def rescale(layers: list[Any]) -> bool:
    """Say whether a layer rescales pixels from 0 to 255."""
    return any(type(layer).__name__ == "Rescaling" and np.all(np.asarray(layer.scale) < 0.1) for layer in layers)  # noqa: PLR2004


def name_of(thing: Any) -> str | None:  # noqa: ANN401
    """Return the name of a loss, an optimizer or an activation, which may be a text, a function or an object."""
    if thing is None:
        return None
    name = thing if isinstance(thing, str) else getattr(thing, "__name__", None) or type(thing).__name__
    return str(name)[:LONGEST_NAME]


def expects_logits(loss: Any) -> bool:  # noqa: ANN401
    """Say whether a loss expects logits: outputs before the softmax."""
    options = getattr(loss, "_fn_kwargs", None)
    options = options if isinstance(options, dict) else {}
    return bool(getattr(loss, "from_logits", False) or options.get("from_logits", False))


def _is_chain(network: Any) -> bool:  # noqa: ANN401
    """Say whether a network is its layers one after another; a class of the student's own may do anything."""
    layers = network.layers
    if type(network) is sys.modules["keras.src.models.functional"].Functional:
        nodes = network._nodes_by_depth.values()  # noqa: SLF001 (nothing public shows a layer that is used twice)
        uses = [node.operation for some in nodes for node in some]
        if len(uses) != len(layers) or any(use not in layers for use in uses):
            return False
    elif type(network) is not sys.modules["keras.src.models.sequential"].Sequential:
        return False
    return all(_is_chain(layer) for layer in layers if getattr(layer, "layers", None))


def _is_plain(layer: Any) -> bool:  # noqa: ANN401
    """Say whether a layer is what its class and the name of its activation say."""
    activation = getattr(layer, "activation", None)
    origin = getattr(activation, "__module__", None) or ""
    if activation is not None and not origin.startswith(("keras.", "tensorflow.")):
        return False
    options = ("max_value", "negative_slope", "threshold")
    is_bent = any(getattr(layer, option, None) for option in options) or getattr(layer, "axis", -1) != -1
    return type(layer).__name__ in CHAIN and not is_bent


def weights_of(network: Any, layers: list[Any]) -> tuple[tuple[Array, Array], ...]:  # noqa: ANN401
    """Return the kernels and biases, float32, of a plain chain of Dense layers; empty for any other network."""
    if not _is_chain(network) or not all(_is_plain(layer) for layer in layers):
        return ()
    dense = [layer for layer in layers if type(layer).__name__ == "Dense"]
    pairs = []
    for layer in dense:
        values = layer.get_weights()
        if not values:
            return ()
        kernel = np.asarray(values[0], np.float32)
        bias = np.asarray(values[1], np.float32) if len(values) > 1 else np.zeros(kernel.shape[1], np.float32)
        pairs.append((kernel, bias))
    if sum(kernel.nbytes for kernel, _ in pairs) > MOST_WEIGHT_BYTES:
        return ()
    return tuple(pairs)
