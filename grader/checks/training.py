"""`kind: training`: a short training makes the loss fall, and unseen images are answered better than by guessing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from grader.messages.exception_names import known_name
from grader.messages.sentences import say
from grader.model import Agrees, Differs, Judgement, Text
from grader.networks.blank import BLANK
from grader.networks.learning import fell, moved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.networks.model import Built, Goal

INSPECTS = "training"
CURVED = frozenset({"sigmoid", "hard_sigmoid", "tanh", "softsign"})
"""Activations that shrink a gradient; several in a row leave little of it."""
SEVERAL = 3


def judge(observed: Built, expected: Goal, *, above_chance: float = 0.06, deviations: float = 4.0) -> Judgement:
    """Agree when the loss on the training images fell, and unseen images are answered better than by guessing.

    The labels of the unseen images never entered the kernel. Guessing among k classes is right for one in k; a share
    of `above_chance` more is enough, which 500 images reach by luck less than once in 10,000 times. A network that
    learns too slowly for that passes if training has moved its outputs for unseen images towards their labels by
    `deviations` standard errors, in gentle steps downhill. One that only another optimizer could show to learn passes
    with a note: how it begins decides how far a slow one gets in a short training, and that is luck. So it is for one
    that went downhill until its own steps threw it off.
    """
    trouble = observed.trouble
    if trouble is not None and "does not require grad" in trouble.message:
        sentence = say("nothing in the network can be trained: no parameter with a gradient leads to the loss")
        return Differs(sentence, hidden=sentence)
    if trouble is not None:
        return Differs(
            say("training raised {error}", error=f"{trouble.kind}: {trouble.message}"),
            hidden=say("training raised {error}", error=known_name(trouble.kind)),
        )
    if observed.library == "torch" and (observed.loss is None or observed.optimizer is None):
        sentence = say("no optimizer was returned with the network")
        if observed.loss is None:
            sentence = say("no loss was returned with the network")
        return Differs(sentence, hidden=sentence)
    if len(observed.losses) < 2 or observed.unseen is None:  # noqa: PLR2004 (before and after)
        sentence = say("the network could not be trained")
        return Differs(sentence, hidden=sentence)
    if not np.isfinite(observed.losses).all():
        worst = next(loss for loss in observed.losses if not np.isfinite(loss))
        sentence = say("the loss became {loss} in training", loss=f"{worst:.3g}")
        return Differs(sentence, hidden=sentence)  # nan or inf
    before, after = observed.losses[0], observed.losses[-1]
    if not fell(observed.losses):
        high, low = f"{before:.4g}", f"{after:.4g}"
        sentence = say("training did not make the loss fall: {before} before, {after} after", before=high, after=low)
        return Differs(sentence, hidden=say("training did not make the loss fall"))
    unseen, labels = observed.unseen, expected.unseen_labels
    if unseen.ndim != 2 or len(unseen) != len(labels) or unseen.shape[1] <= labels.max(initial=0):  # noqa: PLR2004
        return Differs(
            say("the outputs for unseen images have the shape {shape}", shape=unseen.shape),
            hidden=say("the outputs for unseen images have a shape that fits no label"),
        )
    right = float((unseen.argmax(1) == labels).mean())
    has_moved = observed.gentle and moved(observed.unseen_before, unseen, labels) >= deviations
    if right < 1 / unseen.shape[1] + above_chance and not has_moved:
        # No share: with it, grading after grading would tell the labels of the unseen images.
        sentence = say("after training, unseen images are answered no better than by guessing")
        return Differs(sentence, hidden=sentence)
    return Agrees(_thrown_off_text() if observed.thrown_off else _slow_text(observed) if observed.helped else None)


def impostors(expected: Goal) -> Iterator[tuple[str, Built]]:
    """Give trainings that must be refused: a loss that stays, rises or is NaN, and answers that are one guess."""
    guess = np.zeros((len(expected.unseen_labels), 10))
    truth = np.eye(10)[expected.unseen_labels]
    right = replace(BLANK, losses=(2.3, 1.0), unseen=truth)
    yield "a loss that stays", replace(right, losses=(2.3, 2.3))
    yield "a loss that rises", replace(right, losses=(2.3, 2.4))
    yield "a loss that is NaN", replace(right, losses=(2.3, float("nan")))
    yield "the same guess for every image", replace(right, unseen=guess)
    yield "every answer wrong", replace(right, unseen=1 - truth)
    yield "an extra axis", replace(right, unseen=truth[:, None])
    yield "moved away from the labels", replace(right, unseen_before=truth, unseen=-truth, gentle=True)
    yield "one answer instead of bad guesses", replace(right, unseen_before=-truth, unseen=guess, gentle=True)
    yield "no training", replace(right, losses=(), unseen=None)
    yield "a loss that rises, with help", replace(right, losses=(2.3, 2.4), helped=True)
    yield "every answer wrong, with help", replace(right, unseen=1 - truth, helped=True)


def _thrown_off_text() -> Text:
    return say(
        "training went well at first, and then its steps threw the network off: what it had learnt before counts. "
        "A smaller learning rate is steadier"
    )


def _slow_text(observed: Built) -> Text:
    """Return why a network that learns did not show it with its own optimizer."""
    if sum(layer.activation in CURVED for layer in observed.layers) >= SEVERAL:
        return say(
            "it learns slowly: several sigmoid or tanh layers in a row leave little of the gradient. "
            "In this short training another optimizer (Adam) had to show that it learns"
        )
    return say(
        "it learns slowly: the steps of its optimizer are small. "
        "In this short training another optimizer (Adam) had to show that it learns"
    )
