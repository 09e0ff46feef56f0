"""`kind: loss`: the network is compiled with the loss asked for, judged by what it reports, not by its name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from grader.messages.exception_names import known_name
from grader.messages.sentences import say
from grader.model import Agrees, Differs, Judgement, Text
from grader.networks.blank import BLANK
from grader.networks.formulas import (
    SMALLEST,
    are_probabilities,
    cross_entropy,
    cross_entropy_of_logits,
    keras_probabilities,
    logits_behind,
    mean_squared_error,
    softmax,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.networks.model import Built, Goal

INSPECTS = "structure"
SAME = 1e-5
"""Between a loss that PyTorch computes in float32 and the same one in float64."""
CLASSES = 10


def judge(observed: Built, expected: Goal, *, rtol: float = 1e-4, atol: float = 1e-5) -> Judgement:
    """Agree when the loss that `evaluate` reports, less the regularisation, is the one that NumPy computes.

    The loss is computed from the network's own predictions: the mean squared error over all numbers, or the
    cross-entropy in nats, of softmax(outputs) where the outputs are no probabilities. It has to agree for the labels
    that the network was shown, and for those that it finds likeliest: a wrong loss may be near the right one for the
    first by luck. Rows that do not add up to 1 are an error of the architecture alone: here they are normalised as
    Keras does it.
    """
    trouble, outputs = observed.trouble, observed.predictions
    if trouble is not None:
        sentence = say("using the network raised {error}", error=f"{trouble.kind}: {trouble.message}")
        hidden = say("using the network raised {error}", error=known_name(trouble.kind))
        if (unknown := _unknown_loss(trouble.message)) is not None:
            sentence, hidden = unknown, say("compile was given the name of a loss that Keras does not know")
        return Differs(sentence, hidden=hidden)
    if observed.loss is None:
        sentence = say("the network was compiled without a loss")
        if observed.library == "torch":
            sentence = say("no loss was returned with the network")
        return Differs(sentence, hidden=sentence)
    if observed.reported is None or outputs is None or _lacks_the_likeliest(observed, outputs):
        sentence = say("the network reported no loss")
        return Differs(sentence, hidden=sentence)
    if not _fit(outputs, expected):
        rows = len(expected.images)
        sentence = say(
            "{count} images gave outputs of shape {shape}, which fit no label", count=rows, shape=outputs.shape
        )
        return Differs(sentence, hidden=say("the outputs have a shape that fits no label"))
    if (slip := _slip(observed, outputs, expected)) is not None:
        return Differs(slip, hidden=slip)
    for reported, goal in _told(observed, expected):
        computed = list(_losses(outputs, observed, goal))
        if not any(np.isclose(reported, value, rtol=rtol, atol=atol, equal_nan=True) for value in computed):
            return _differs(reported, computed[0], goal)
    return Agrees()


def impostors(expected: Goal) -> Iterator[tuple[str, Built]]:
    """Give networks that must be refused: a loss 1% off, of the wrong sign, summed, NaN, or none at all."""
    outputs = np.tile(np.linspace(0.01, 0.19, 10), (len(expected.images), 1))
    loss, likeliest = (_first_loss(outputs, goal) for goal in (expected, _for_the_likeliest(outputs, expected)))
    right = replace(BLANK, predictions=outputs, reported=loss, reported_likeliest=likeliest)
    yield "1% off", replace(right, reported=1.01 * loss)
    yield "of the wrong sign", replace(right, reported=-loss)
    yield "the sum of the classes", replace(right, reported=10 * loss)
    yield "NaN", replace(right, reported=float("nan"))
    yield "none", replace(right, reported=None)
    yield "1% off for the likeliest labels", replace(right, reported_likeliest=1.01 * likeliest)
    yield "none for the likeliest labels", replace(right, reported_likeliest=None)
    yield "not compiled with one", replace(right, loss=None)


def wrong_loss(observed: Built, expected: Goal) -> float | None:
    """Return the reported loss, less the regularisation, if the outputs fit the labels and it is wrong; else None."""
    outputs = observed.predictions
    if observed.trouble is not None or observed.reported is None or outputs is None or not _fit(outputs, expected):
        return None
    is_right = isinstance(judge(observed, expected), Agrees)
    return None if is_right else observed.reported - observed.penalties


def _slip(observed: Built, outputs: np.ndarray, expected: Goal) -> Text | None:
    """Return which loss of PyTorch's was given what it does not take; None where the outputs are what it takes.

    Its losses know nothing of what is behind the outputs: a softmax too many or too few is computed as it stands. The
    outputs of an untrained network are so even that the loss may come out right by luck.
    """
    if observed.library != "torch" or expected.loss == "mse" or observed.reported is None:
        return None
    reported, is_distribution = observed.reported, are_probabilities(outputs)
    logarithm = cross_entropy_of_logits(outputs, expected.labels)
    if is_distribution and observed.from_logits and np.isclose(reported, logarithm, rtol=SAME, atol=SAME):
        return say(
            "the outputs are probabilities already, and this loss takes a softmax of them once more: "
            "the softmax at the end of the network is one too many"
        )
    picked = -float(outputs.astype(np.float64)[np.arange(len(outputs)), expected.labels].mean())
    is_picked = np.isclose(reported, picked, rtol=SAME, atol=SAME)
    if is_picked and not np.isclose(picked, logarithm, rtol=SAME, atol=SAME):
        return say(
            "this loss (negative log-likelihood) takes the logarithms of probabilities, and the outputs are none: "
            "a log-softmax belongs at the end of the network"
        )
    return None


def _lacks_the_likeliest(observed: Built, outputs: np.ndarray) -> bool:
    return observed.reported_likeliest is None and outputs.ndim == 2 and outputs.shape[1] == CLASSES  # noqa: PLR2004 (rows)


def _told(observed: Built, expected: Goal) -> Iterator[tuple[float, Goal]]:
    """Yield each loss that was reported, less the regularisation, with the labels that it is for."""
    if observed.reported is not None:
        yield observed.reported - observed.penalties, expected
    if observed.reported_likeliest is not None and observed.predictions is not None:
        yield observed.reported_likeliest - observed.penalties, _for_the_likeliest(observed.predictions, expected)


def _for_the_likeliest(outputs: np.ndarray, expected: Goal) -> Goal:
    return replace(expected, labels=outputs.argmax(1))


def _differs(reported: float, computed: float, expected: Goal) -> Differs:
    loss = _loss_text(expected)
    return Differs(
        say(
            "the network reports a loss of {reported}; the {loss} of its predictions is {computed}",
            reported=f"{reported:.5g}",
            loss=loss,
            computed=f"{computed:.5g}",
        ),
        hidden=say("the loss that the network reports is not the {loss} of its predictions", loss=loss),
    )


def _fit(outputs: np.ndarray, expected: Goal) -> bool:
    is_table = outputs.ndim == 2 and len(outputs) == len(expected.images)  # noqa: PLR2004 (images, classes)
    return is_table and outputs.shape[1] > expected.labels.max(initial=0)


def _losses(outputs: np.ndarray, observed: Built, expected: Goal) -> Iterator[float]:
    """Yield the values that are right, first the one to name."""
    yield _first_loss(outputs, expected)
    if expected.loss == "mse":
        return
    if not are_probabilities(outputs):
        for probabilities in keras_probabilities(outputs):
            yield cross_entropy(probabilities, expected.labels)
            yield cross_entropy(probabilities, expected.labels, epsilon=SMALLEST)
        return
    yield cross_entropy(outputs, expected.labels, epsilon=SMALLEST)
    logits = logits_behind(observed, expected.images)
    if logits is not None and logits.shape == outputs.shape and np.allclose(softmax(logits), outputs, atol=1e-3):
        yield cross_entropy_of_logits(logits, expected.labels)


def _first_loss(outputs: np.ndarray, expected: Goal) -> float:
    if expected.loss == "mse":
        return mean_squared_error(outputs, expected.labels)
    formula = cross_entropy if are_probabilities(outputs) else cross_entropy_of_logits
    return formula(outputs, expected.labels)


def _loss_text(expected: Goal) -> Text:
    return say("mean squared error") if expected.loss == "mse" else say("cross-entropy")


def _unknown_loss(message: str) -> Text | None:
    if "Could not interpret loss identifier" in message:
        return say("compile was given the name of a loss that Keras does not know: {error}", error=message)
    return None
