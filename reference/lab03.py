"""The answers of lab03, a network with a loss: an independent oracle in NumPy float64.

The first half holds one function per task, the second half the makers of hidden questions.
A layer is a pair (W, b): W of shape (inputs, outputs), b of shape (outputs,). A model of the task
build_model is judged by its behaviour: here stands only with which loss it is to be compiled.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Layers = Sequence[Sequence[npt.ArrayLike]]


def one_hot(labels: npt.ArrayLike, num_classes: int) -> Floats:
    """Vectors of 1 at the place of the label and 0 elsewhere.

    labels: one whole number or shape (N,), each 0 to num_classes - 1. The answer has shape
    (num_classes,) or (N, num_classes), no unit.
    Source: lecture section 5-1, the expected vector ("one-hot").
    Raises ValueError for a label outside of that range.
    """
    places = np.asarray(labels, dtype=np.int64)
    if places.size and not 0 <= places.min() <= places.max() < num_classes:
        raise ValueError(f"labels must lie in 0 to {num_classes - 1}, observed {places.tolist()}")
    vectors: Floats = (places[..., np.newaxis] == np.arange(num_classes)).astype(np.float64)
    return vectors


def forward(x: npt.ArrayLike, layers: Layers) -> Floats:
    """Logits of the network for one input: xW + b in every layer, ReLU after each but the last.

    x: shape (inputs of the first layer,); the answer has shape (outputs of the last layer,), no unit.
    Source: lecture section 5-3; Goodfellow, Bengio and Courville, "Deep Learning", section 6.1.
    Raises ValueError where the shapes do not fit or there is no layer.
    """
    if not layers:
        raise ValueError("a network has at least one layer, observed none")
    values = np.asarray(x, dtype=np.float64)
    for number, (weights, bias) in enumerate(layers, start=1):
        values = values @ np.asarray(weights, dtype=np.float64) + np.asarray(bias, dtype=np.float64)
        if number < len(layers):
            values = np.maximum(values, 0.0)
    return values


def network_loss(
    x: npt.ArrayLike, y_true: npt.ArrayLike, layers: Layers, loss: Literal["mse", "cross_entropy"]
) -> float:
    """Loss of the prediction softmax(forward(x, layers)) against the expected vector.

    x: as in `forward`; y_true: shape (outputs of the last layer,), one-hot. "mse" is the mean of the
    squared differences over the classes, "cross_entropy" is -sum y ln p in nats.
    Source: lecture section 5-3 (its numbers) and 5-2 (the formulas; its MSE lacks the 1/n).
    Raises ValueError for another word, or where y_true is not as long as the logits.
    """
    expected, logits = np.asarray(y_true, dtype=np.float64), forward(x, layers)
    if expected.shape != logits.shape:
        raise ValueError(f"y_true must have shape {logits.shape}, observed {expected.shape}")
    log_p = logits - logits.max() - np.log(np.sum(np.exp(logits - logits.max())))
    if loss == "mse":
        return float(np.mean((expected - np.exp(log_p)) ** 2))
    if loss == "cross_entropy":
        return float(-np.sum(expected * log_p))
    raise ValueError(f'loss must be "mse" or "cross_entropy", observed {loss!r}')


LECTURE_X = (1.0, 2.0)
LECTURE_LAYERS = (
    (((0.5, -0.5, 1.0, 0.5), (0.25, -0.5, 0.25, -0.5)), (0.0, -0.5, 0.5, 0.0)),
    (((0.5, 0.002, 0.06), (0.5, -0.2, 0.3), (-0.25, 0.001, 0.02), (-0.3, 0.4, 0.1)), (0.0, 0.002, 0.02)),
)

LECTURE_CLASSES = 3


def build_model(loss: Literal["mse", "cross_entropy"]) -> Literal["mse", "cross_entropy"]:
    """Return with which loss the network is to be compiled: the one that the argument names.

    Source: lecture section 5-3, a network model with a loss.
    """
    return loss


def labels_one(rng: np.random.Generator) -> dict[str, object]:
    """Make one label among 5 to 12 classes, never one of the first two, the middle or the last.

    A place counted from 1 or from the right is then another place, and a label above 1 tells
    the vector from one that stores the label itself.
    """
    classes = int(rng.integers(5, 13))
    places = [place for place in range(2, classes - 1) if 2 * place != classes - 1]
    return {"labels": int(rng.choice(places)), "num_classes": classes}


def labels_batch(rng: np.random.Generator) -> dict[str, object]:
    """Make 3 to 8 labels, int64 of shape (N,), among another number of classes (5 to 12).

    N is never the number of classes, so that exchanged rows and columns change the shape; 0 is
    among the labels and the largest possible one is not (the width cannot be guessed from them),
    and some label comes twice (a row per label, not per class).
    """
    classes = int(rng.integers(5, 13))
    count = int(rng.choice([n for n in range(3, 9) if n != classes]))
    others = rng.choice(np.arange(1, classes - 1), size=min(count, classes) - 2, replace=False)
    different = np.append(others, 0)
    repeated = np.append(different, rng.choice(different, size=count - different.size))
    return {"labels": rng.permutation(repeated).astype(np.int64), "num_classes": classes}


def lecture_network(rng: np.random.Generator) -> dict[str, object]:
    """Take the notebook's network, whose logits are the lecture's [0, 0.006, 0.12].

    Nothing is random: a public question, for what YAML cannot write on one line.
    """
    del rng
    return {"x": np.array(LECTURE_X), "layers": [(np.array(w), np.array(b)) for w, b in LECTURE_LAYERS]}


def lecture_target_mse(rng: np.random.Generator) -> dict[str, object]:
    """Ask for the MSE of the notebook's network against the lecture's [0, 1, 0]."""
    return _with_target(lecture_network(rng), 1, LECTURE_CLASSES, "mse")


def lecture_target_cross_entropy(rng: np.random.Generator) -> dict[str, object]:
    """Ask for the cross-entropy of the notebook's network against the lecture's [0, 1, 0]: 1.1362."""
    return _with_target(lecture_network(rng), 1, LECTURE_CLASSES, "cross_entropy")


def uneven_network(rng: np.random.Generator) -> dict[str, object]:
    """Make a network with hidden values of 10, 0.0044 and below 0, and logits so small that rounding shows.

    Nothing is random.
    """
    del rng
    return _uneven(((0.000305, -0.0004, 0.2), (0.1, 0.05, -50.0), (1.0, 1.0, 1.0)), (0.000007, 0.00005, -1.79))


def confident_network_mse(rng: np.random.Generator) -> dict[str, object]:
    """Make a network that is nearly sure of the right class: rounding shows in its small MSE. Nothing is random."""
    del rng
    return _with_target(_uneven(SURE, (0.35, -2.05, -1.65)), 0, 3, "mse")


def confident_network_cross_entropy(rng: np.random.Generator) -> dict[str, object]:
    """Make the same, surer still, for the cross-entropy."""
    del rng
    return _with_target(_uneven(SURE, (2.95, -3.0, -2.6)), 0, 3, "cross_entropy")


SURE = ((0.1, 0.0, 0.0), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


def _uneven(weights: tuple[tuple[float, ...], ...], biases: tuple[float, ...]) -> dict[str, object]:
    hidden = np.array([[1.0, 0.0010937, -1.0], [2.0, 0.0, -1.0]]), np.zeros(3)
    return {"x": np.array([4.0, 3.0]), "layers": [hidden, (np.array(weights), np.array(biases))]}


def small_network(rng: np.random.Generator) -> dict[str, object]:
    """Make one input and a network of one hidden layer, as in the notebook, in other sizes."""
    return _network(rng, hidden_layers=1)


def deep_network(rng: np.random.Generator) -> dict[str, object]:
    """Make one input and a network of two or three hidden layers: a fixed number of layers fails."""
    return _network(rng, hidden_layers=int(rng.integers(2, 4)))


def network_with_target_mse(rng: np.random.Generator) -> dict[str, object]:
    """Make a network of one or two hidden layers and a one-hot target, for the MSE."""
    return _network_with_target(rng, "mse")


def network_with_target_cross_entropy(rng: np.random.Generator) -> dict[str, object]:
    """Make a network of one or two hidden layers and a one-hot target, for the cross-entropy."""
    return _network_with_target(rng, "cross_entropy")


def _network_with_target(rng: np.random.Generator, loss: str) -> dict[str, object]:
    question = _network(rng, hidden_layers=int(rng.integers(1, 3)))
    logits = forward(question["x"], question["layers"])  # type: ignore[arg-type]
    # Neither the best nor the worst class: ReLU on the logits, or argmax for the target, must show.
    place = int(np.argsort(logits)[rng.integers(1, logits.size - 1)])
    return _with_target(question, place, logits.size, loss)


def _with_target(question: dict[str, object], place: int, classes: int, loss: str) -> dict[str, object]:
    return {"x": question["x"], "y_true": np.eye(classes)[place], "layers": question["layers"], "loss": loss}


def _network(rng: np.random.Generator, *, hidden_layers: int) -> dict[str, object]:
    """Make layers of different widths, in which ReLU matters everywhere, also where it must not be.

    Drawn again until there are more classes than the lecture's, every hidden layer has values below
    0 and above 1, the logits lie on both sides of 0 and apart from it and each other, and no class
    has a probability below 0.03.
    """
    while True:
        sizes = [int(size) for size in rng.permutation(np.arange(3, 9))[: hidden_layers + 2]]
        layers = [
            (rng.normal(0, 1.2 / np.sqrt(inputs), (inputs, outputs)), rng.normal(0, 0.5, outputs))
            for inputs, outputs in pairwise(sizes)
        ]
        question: dict[str, object] = {"x": rng.normal(0, 1, sizes[0]), "layers": layers}
        if sizes[-1] > LECTURE_CLASSES and _tells_apart(np.asarray(question["x"]), layers):
            return question


def _tells_apart(x: Floats, layers: list[tuple[Floats, Floats]]) -> bool:
    for number in range(1, len(layers)):
        before_relu = forward(x, layers[:number])
        if before_relu.min() > -0.3 or before_relu.max() < 1.2:  # noqa: PLR2004
            return False
    logits = forward(x, layers)
    gaps = np.diff(np.sort(np.append(logits, 0.0)))
    p = np.exp(logits) / np.exp(logits).sum()
    return bool(logits.min() < -0.3 and logits.max() > 0.3 and gaps.min() > 0.02 and p.min() >= 0.03)  # noqa: PLR2004
