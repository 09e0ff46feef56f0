"""`kind: architecture`: the network gives a distribution over the classes, with as many Dense layers as asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from grader.messages.exception_names import known_name
from grader.messages.sentences import say
from grader.model import Agrees, Array, Differs, Judgement
from grader.networks.blank import BLANK
from grader.networks.formulas import are_probabilities, cross_entropy, forward_pass, softmax
from grader.networks.model import Built, Goal, Layer

if TYPE_CHECKING:
    from collections.abc import Iterator

INSPECTS = "structure"
LARGEST_DIFFERENCE = 1e-3
"""Between the network's outputs in float32 and those that NumPy computes from its weights."""


def judge(observed: Built, expected: Goal, *, classes: int = 10, dense: int | None = None) -> Judgement:
    """Agree when the outputs are (N, classes) probabilities, or logits that the loss takes for logits.

    `dense` asks for that many Dense layers, Linear ones in PyTorch; one more passes with a note (so many hidden ones,
    and an output). Input, Flatten, Dropout, normalisation and activation layers do not count. Where the network is a
    plain chain of Dense layers, its outputs must be those that follow from its weights.
    """
    trouble, outputs = observed.trouble, observed.predictions
    if outputs is None:
        error = "" if trouble is None else f"{trouble.kind}: {trouble.message}"
        name = known_name("" if trouble is None else trouble.kind)
        return Differs(
            say("predicting raised {error}", error=error), hidden=say("predicting raised {error}", error=name)
        )
    if outputs.shape != (len(expected.images), classes):
        return Differs(
            say(
                "{count} images gave outputs of shape {shape}; {classes} numbers for each were promised",
                count=len(expected.images),
                shape=outputs.shape,
                classes=classes,
            ),
            hidden=say("the outputs are not {classes} numbers for each image", classes=classes),
        )
    if unnormalised(observed, expected, classes=classes) is not None:
        sums = outputs.astype(np.float64).sum(1)
        low, high = f"{sums.min():.4g}", f"{sums.max():.4g}"
        return Differs(
            say("the outputs for one image add up to {low} to {high}, not to 1", low=low, high=high),
            hidden=say("the outputs for one image do not add up to 1"),
        )
    mine = forward_pass(observed, expected.images)
    if mine is not None and (mine.shape != outputs.shape or not _agree(mine, outputs)):
        sentence = say("the outputs are not those that follow from the layers' weights")
        return Differs(sentence, hidden=sentence)
    return _count_layers(observed, dense)


def impostors(expected: Goal, *, dense: int | None = None) -> Iterator[tuple[str, Built]]:
    """Give networks that must be refused: too few classes, no distribution, a wrong number of layers."""
    rows = len(expected.images)
    right = replace(
        BLANK,
        layers=(Layer("Flatten", None, None), *[Layer("Dense", 10, "softmax")] * (dense or 1)),
        predictions=np.full((rows, 10), 0.1),
        reported=float(np.log(10)),
    )
    if dense is not None:
        yield "one Dense layer too few", replace(right, layers=right.layers[:-1])
        yield "two Dense layers too many", replace(right, layers=(*right.layers, *[right.layers[-1]] * 2))
    yield "nine classes", replace(right, predictions=np.full((rows, 9), 1 / 9))
    yield "rows that do not add up to 1", replace(right, predictions=np.full((rows, 10), 0.2), reported=1.0)
    yield "an extra axis", replace(right, predictions=np.full((rows, 1, 10), 0.1))
    yield "one value NaN", replace(right, predictions=np.where(np.eye(rows, 10) > 0, np.nan, 0.1))
    yield "no outputs", replace(right, predictions=None)


def unnormalised(observed: Built, expected: Goal, *, classes: int = 10) -> Array | None:
    """Return outputs of the right shape that are neither probabilities nor logits to the loss, else None."""
    outputs = observed.predictions
    if outputs is None or outputs.shape != (len(expected.images), classes):
        return None
    return None if are_probabilities(outputs) or _are_logits(observed, expected) else outputs


def _agree(mine: Array, outputs: Array) -> bool:
    return bool(np.allclose(mine, outputs, rtol=LARGEST_DIFFERENCE, atol=LARGEST_DIFFERENCE))


def _are_logits(observed: Built, expected: Goal) -> bool:
    """Say whether the loss takes the outputs for logits: by its own setting, or by what it reports."""
    outputs = observed.predictions
    if outputs is None or not np.isfinite(outputs).all():
        return False
    if observed.from_logits or _may_get_a_loss_of_logits(observed, expected):
        return True
    if observed.reported is None or expected.loss == "mse":
        return False
    reported = [(observed.reported, expected.labels)]
    if observed.reported_likeliest is not None:  # outputs that hardly differ have nearly the same loss either way
        reported.append((observed.reported_likeliest, outputs.argmax(1)))
    return all(_is_loss_of_logits(loss - observed.penalties, outputs, labels) for loss, labels in reported)


def _is_loss_of_logits(loss: float, outputs: Array, labels: Array) -> bool:
    return bool(np.isclose(loss, cross_entropy(softmax(outputs), labels), rtol=1e-4, atol=1e-4))


def _may_get_a_loss_of_logits(observed: Built, expected: Goal) -> bool:
    """Say whether it is a module of PyTorch without a loss: PyTorch's cross-entropy takes logits."""
    return observed.library == "torch" and observed.loss is None and expected.loss == "cross_entropy"


def _count_layers(observed: Built, dense: int | None) -> Judgement:
    name = "Linear" if observed.library == "torch" else "Dense"
    count = sum(layer.kind == name for layer in observed.layers)
    if dense is not None and count not in {dense, dense + 1}:
        return Differs(
            say("the network has {count} {name} layers; {dense} were asked for", count=count, name=name, dense=dense),
            hidden=say(
                "the network does not have the {dense} {name} layers that were asked for", name=name, dense=dense
            ),
        )
    if dense is not None and count == dense + 1:
        return Agrees(say("{dense} hidden layers and an output layer: accepted as {dense} layers", dense=dense))
    if observed.from_logits and observed.predictions is not None and are_probabilities(observed.predictions):
        if observed.library == "torch":
            return Agrees(say("the outputs are probabilities, and the loss takes them for logits: use one of the two"))
        return Agrees(
            say("softmax outputs with from_logits=True: the loss is told that they are logits; use one of the two")
        )
    return Agrees()
