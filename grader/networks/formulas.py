"""Computes with NumPy what a network's outputs should be, given its weights, and what its loss should be.

Formulas: Goodfellow, Bengio and Courville, "Deep Learning", chapter 6; clipping and normalisation as in
keras.src.backend (Keras 3.15, `categorical_crossentropy`). All in float64.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from grader.model import Array
    from grader.networks.model import Built

SMALLEST = float(np.finfo(np.float32).tiny)
"""The smallest float32. Keras clips nothing where it knows the logits behind the probabilities."""
EPSILON = 1e-7
"""keras.backend.epsilon(): probabilities are clipped to at least this before a logarithm."""
MOST_PASS_NUMBERS = 2**25
"""How many numbers all layers of a forward pass may give: a network of a lab gives a hundredth of them."""


def are_probabilities(outputs: Array) -> bool:
    """Say whether every row of (N, classes) is a distribution: nothing below 0, and a sum of 1."""
    rows = outputs.astype(np.float64)
    return bool(np.isfinite(rows).all() and (rows >= -1e-6).all() and np.allclose(rows.sum(1), 1, atol=1e-3))  # noqa: PLR2004


def cross_entropy(probabilities: Array, labels: Array, *, epsilon: float = EPSILON) -> float:
    """Return the mean over N rows of -ln p[label], in nats, with p clipped to `epsilon` and 1 - `epsilon`."""
    rows = probabilities.astype(np.float64)
    picked = rows[np.arange(len(rows)), labels]
    return float(-np.log(np.clip(picked, epsilon, 1 - epsilon)).mean())


def keras_probabilities(outputs: Array) -> Iterator[NDArray[np.float64]]:
    """Yield each of the probabilities that Keras' cross-entropies make of rows that are no distributions.

    Softmax for logits; the one-hot loss divides by the sum and clips; the loss for whole numbers clips first; and for
    the outputs of a sigmoid both take the numbers before it (`_get_logits` in keras.src.backend.tensorflow.nn).
    """
    rows = outputs.astype(np.float64)
    clipped = np.clip(rows, EPSILON, 1 - EPSILON)
    yield softmax(rows)
    with np.errstate(all="ignore"):
        yield rows / rows.sum(1, keepdims=True)
    yield clipped / clipped.sum(1, keepdims=True)
    yield softmax(np.log(clipped / (1 - clipped)))


def cross_entropy_of_logits(logits: Array, labels: Array) -> float:
    """Return the mean over N rows of -ln softmax(z)[label], in nats. Nothing is clipped."""
    rows = logits.astype(np.float64)
    with np.errstate(all="ignore"):  # the numbers are the kernel's: they may be anything
        shifted = rows - rows.max(1, keepdims=True)
        return float((np.log(np.exp(shifted).sum(1)) - shifted[np.arange(len(rows)), labels]).mean())


def logits_behind(built: Built, images: Array) -> NDArray[np.float64] | None:
    """Return the logits of a plain chain that ends in a softmax; outputs that are 0 would not determine them."""
    if not built.layers:
        return None
    *before, last = built.layers
    if "softmax" not in {last.activation, last.kind.lower()}:
        return None
    end = () if last.kind == "Softmax" else (replace(last, activation="linear"),)
    return forward_pass(replace(built, layers=(*before, *end)), images)


def mean_squared_error(outputs: Array, labels: Array) -> float:
    """Return the mean over all N * classes numbers of the squared difference to the one-hot labels."""
    errors = outputs.astype(np.float64)
    errors[np.arange(len(errors)), labels] -= 1  # a table of one-hot labels would grow with the square of the classes
    with np.errstate(all="ignore"):  # the numbers are the kernel's: they may be anything
        return float((errors**2).mean())


def softmax(logits: Array) -> NDArray[np.float64]:
    """Return e**z / sum(e**z) of each row, shifted by the row's largest number so that nothing overflows."""
    shifted = logits.astype(np.float64)
    with np.errstate(all="ignore"):  # the numbers are the kernel's: they may be anything
        powers: NDArray[np.float64] = np.exp(shifted - shifted.max(1, keepdims=True))
        shares: NDArray[np.float64] = powers / powers.sum(1, keepdims=True)
    return shares


def forward_pass(built: Built, images: Array) -> NDArray[np.float64] | None:
    """Return the outputs of a forward pass through a plain chain, (N, classes); None for any other network.

    `images` are (N, 28, 28), uint8.
    """
    if not _is_chain(built, images) or len(built.weights) != sum(layer.kind == "Dense" for layer in built.layers):
        return None
    with np.errstate(all="ignore"):  # the numbers are the kernel's: they may be anything
        return _forward_pass(built, images.astype(np.float64).reshape(len(images), -1) * built.scale)


def _is_chain(built: Built, images: Array) -> bool:
    """Say whether each kernel takes as many numbers as the one before it gives, and a pass is not too large."""
    if not all(kernel.ndim == 2 and bias.shape == kernel.shape[1:] for kernel, bias in built.weights):  # noqa: PLR2004
        return False
    widths = [math.prod(images.shape[1:]), *(kernel.shape[1] for kernel, _ in built.weights)]
    joins = all(kernel.shape[0] == width for (kernel, _), width in zip(built.weights, widths, strict=False))
    outputs = len(images) * max(widths) * len(built.layers)
    return bool(built.weights) and joins and min(widths) > 0 and outputs <= MOST_PASS_NUMBERS


def _forward_pass(built: Built, values: NDArray[np.float64]) -> NDArray[np.float64] | None:
    pairs = iter(built.weights)
    for layer in built.layers:
        if layer.kind == "Rescaling":
            return None  # its scale and offset are not observed
        if layer.kind == "Dense":
            kernel, bias = next(pairs)
            values = values @ kernel.astype(np.float64) + bias.astype(np.float64)
        name = {"ReLU": "relu", "Softmax": "softmax"}.get(layer.kind, layer.activation)
        if layer.kind in {"Dense", "Activation", "ReLU", "Softmax"} and name is not None:
            activation = _activations().get(name)
            if activation is None:
                return None
            values = activation(values)
    return values


def _activations() -> Mapping[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]]:
    return {
        "linear": lambda z: z,
        "relu": lambda z: np.maximum(z, 0.0),
        "softmax": softmax,
        "sigmoid": lambda z: 1 / (1 + np.exp(-np.clip(z, -700, 700))),
        "tanh": np.tanh,
    }
