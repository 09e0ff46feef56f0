"""What the kinds of checks about networks say of a module of PyTorch, by what was seen of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.checks import architecture, loss, training
from grader.data.digits import draw
from grader.model import Agrees, Differs
from grader.networks.blank import BLANK
from grader.networks.formulas import cross_entropy, cross_entropy_of_logits, mean_squared_error, softmax
from grader.networks.model import Goal, Layer, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.networks.model import Built

IMAGES, LABELS = draw(32, 1)
RNG = np.random.default_rng(4)
LOGITS = RNG.normal(size=(32, 10)).astype(np.float32)
SHARES = softmax(LOGITS)
LOGARITHMS = np.log(SHARES)
CROSS_ENTROPY, MSE = Goal("cross_entropy", IMAGES, LABELS, LABELS), Goal("mse", IMAGES, LABELS, LABELS)


def seen(outputs: Any, formula: Callable[[Any, Any], float] | None, **more: Any) -> Built:  # noqa: ANN401 (an array, and parts)
    """Return a network that reports what a formula makes of its outputs and labels."""
    loss_name = more.get("loss", "CrossEntropyLoss")
    given = {"loss": loss_name, "from_logits": loss_name == "CrossEntropyLoss", **more}
    if formula is not None:
        given |= {"reported": formula(outputs, LABELS), "reported_likeliest": formula(outputs, outputs.argmax(1))}
    return replace(BLANK, predictions=outputs, library="torch", optimizer="Adam", **given)


def likelihood(outputs: Any, labels: Any) -> float:  # noqa: ANN401 (arrays)
    return -float(outputs[range(len(outputs)), labels].mean())


def summed(outputs: Any, labels: Any) -> float:  # noqa: ANN401 (same)
    return len(outputs) * cross_entropy_of_logits(outputs, labels)


RIGHT = {
    "logits": seen(LOGITS, cross_entropy_of_logits),
    "logarithms to a cross-entropy": seen(LOGARITHMS, cross_entropy_of_logits),
    "logarithms to their own loss": seen(LOGARITHMS, likelihood, loss="NLLLoss"),
    "a loss of the student's": seen(LOGITS, cross_entropy_of_logits, loss="my_loss"),
    "probabilities to a loss of the student's": seen(SHARES, cross_entropy, loss="my_loss"),
}
WRONG = {
    "softmax twice": (seen(SHARES, cross_entropy_of_logits), "takes a softmax of them once more"),
    "even outputs, softmax twice": (
        seen(np.full((32, 10), 0.1), cross_entropy_of_logits),
        "takes a softmax of them once more",
    ),
    "the likelihood of logits": (
        seen(LOGITS, likelihood, loss="NLLLoss"),
        "takes the logarithms of probabilities",
    ),
    "the likelihood of probabilities": (
        seen(SHARES, likelihood, loss="NLLLoss"),
        "takes the logarithms of probabilities",
    ),
    "a sum": (seen(LOGITS, summed), "the network reports a loss of"),
    "none": (seen(LOGITS, None, loss=None), "no loss was returned with the network"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_loss_keeps_its_points(name: str) -> None:
    assert isinstance(loss.judge(RIGHT[name], CROSS_ENTROPY), Agrees)
    assert isinstance(architecture.judge(RIGHT[name], CROSS_ENTROPY), Agrees)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_loss_is_told_by_what_is_wrong_with_it(name: str) -> None:
    observed, sentence = WRONG[name]
    judgement = loss.judge(observed, CROSS_ENTROPY)
    assert isinstance(judgement, Differs)
    assert sentence in judgement.because.en


def test_a_mean_squared_error_needs_probabilities() -> None:
    right = seen(SHARES, mean_squared_error, loss="MSELoss")
    wrong = seen(LOGITS, mean_squared_error, loss="MSELoss")
    assert isinstance(architecture.judge(right, MSE), Agrees)
    assert isinstance(architecture.judge(wrong, MSE), Differs)
    assert isinstance(loss.judge(right, MSE), Agrees)
    assert isinstance(loss.judge(wrong, MSE), Agrees)  # the outputs lose the architecture alone


def test_a_module_alone_may_give_logits_where_a_cross_entropy_is_the_goal() -> None:
    alone = seen(LOGITS, None, loss=None)
    assert isinstance(architecture.judge(alone, CROSS_ENTROPY), Agrees)
    assert isinstance(architecture.judge(alone, MSE), Differs)


def test_linear_layers_are_counted_and_named() -> None:
    layers = (Layer("Flatten", None, None), Layer("Linear", 16, "relu"), Layer("Linear", 10, None))
    network = replace(RIGHT["logits"], layers=layers)
    assert architecture.judge(network, CROSS_ENTROPY, dense=2) == Agrees()
    refused = architecture.judge(network, CROSS_ENTROPY, dense=4)
    assert isinstance(refused, Differs)
    assert refused.because.en == "the network has 2 Linear layers; 4 were asked for"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"optimizer": None}, "no optimizer was returned with the network"),
        ({"loss": None}, "no loss was returned with the network"),
        ({"trouble": Trouble("fit", "RuntimeError", "element 0 of tensors does not require grad")}, "can be trained"),
        ({"losses": (2.3, 2.3)}, "training did not make the loss fall"),
    ],
)
def test_training_says_what_is_missing(changes: dict[str, Any], sentence: str) -> None:
    judgement = training.judge(replace(RIGHT["logits"], unseen=SHARES, **changes), CROSS_ENTROPY)
    assert isinstance(judgement, Differs)
    assert sentence in judgement.because.en
