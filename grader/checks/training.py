"""`kind: training`: a short training makes the loss fall, and unseen images are answered better than by guessing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from grader.messages import say
from grader.model import Agrees, Built, Differs, Goal, Judgement

if TYPE_CHECKING:
    from collections.abc import Iterator

WATCH = "training"
LEAST_FALL = 1e-3
"""By what share the loss has to fall: a slow training is a right one."""


def judge(observed: Built, expected: Goal, *, above_chance: float = 0.06) -> Judgement:
    """Agree when the loss on the training images fell, and unseen images are answered better than by guessing.

    The labels of the unseen images never entered the kernel. Guessing among k classes is right for one in k;
    `above_chance` more is asked for, which 500 images reach by luck less than once in 10,000 times.
    """
    trouble = observed.trouble
    if trouble is not None:
        return Differs(say("training raised {error}", error=f"{trouble.kind}: {trouble.message}"))
    if len(observed.losses) < 2 or observed.unseen is None:  # noqa: PLR2004 (before and after)
        return Differs(say("the network could not be trained"))
    before, after = observed.losses[0], observed.losses[-1]
    if not np.isfinite(observed.losses).all():
        return Differs(
            say(
                "the loss became {loss} in training",
                loss=next(f"{x:.3g}" for x in observed.losses if not np.isfinite(x)),
            )
        )
    if not after <= before - LEAST_FALL * abs(before):
        return Differs(
            say(
                "training did not make the loss fall: {before} before, {after} after",
                before=f"{before:.4g}",
                after=f"{after:.4g}",
            )
        )
    if observed.unseen.ndim != 2 or len(observed.unseen) != len(expected.unseen_labels):  # noqa: PLR2004 (rows, classes)
        return Differs(say("the outputs for unseen images have the shape {shape}", shape=observed.unseen.shape))
    right = float((observed.unseen.argmax(1) == expected.unseen_labels).mean())
    if right < 1 / observed.unseen.shape[1] + above_chance:
        return Differs(
            say("after training {percent} of unseen images are right, no more than by guessing", percent=f"{right:.0%}")
        )
    return Agrees()


def impostors(expected: Goal) -> Iterator[tuple[str, Built]]:
    """Give trainings that must be refused: a loss that stays, rises or is NaN, and answers that are one guess."""
    guess = np.zeros((len(expected.unseen_labels), 10))
    truth = np.eye(10)[expected.unseen_labels]
    right = Built(
        layers=(),
        parameters=1,
        loss="loss",
        optimizer=None,
        from_logits=False,
        scale=1.0,
        predictions=None,
        reported=None,
        penalties=0.0,
        losses=(2.3, 1.0),
        unseen=truth,
        weights=(),
        trouble=None,
    )
    yield "a loss that stays", replace(right, losses=(2.3, 2.3))
    yield "a loss that rises", replace(right, losses=(2.3, 2.4))
    yield "a loss that is NaN", replace(right, losses=(2.3, float("nan")))
    yield "the same guess for every image", replace(right, unseen=guess)
    yield "every answer wrong", replace(right, unseen=1 - truth)
    yield "an extra axis", replace(right, unseen=truth[:, None])
    yield "no training", replace(right, losses=(), unseen=None)
