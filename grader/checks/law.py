"""`kind: law`: the answers obey the task's law named by `law`, a function in reference/laws/LAB/TASK.py.

A question of this kind becomes as many calls as the law makes. Here only the shape of each answer is judged; `judging`
then asks the law itself about all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.messages.sentences import say
from grader.model import Agrees, Array, Differs, Judgement, Returned

if TYPE_CHECKING:
    from collections.abc import Iterator


def judge(observed: Returned, expected: Array, *, law: str) -> Judgement:  # noqa: ARG001 (the key looks the law up)
    """Agree when the answer has the expected shape and every number in it is finite."""
    answer = observed.value
    if answer.dtype.kind == "b":
        return Differs(say("The answer holds true/false values, not numbers."), "no_number")
    if answer.shape != expected.shape and not (expected.shape == () and answer.size == 1):
        sentence = say("expected shape {expected}, observed {observed}", expected=expected.shape, observed=answer.shape)
        return Differs(sentence, "shape")
    if not np.isfinite(answer.astype(np.float64)).all():
        return Differs(say("an answer is not finite (nan or inf)"), "not_finite")
    return Agrees()


def impostors(expected: Array) -> Iterator[tuple[str, Array]]:
    """Give answers about which no law can be asked: an extra axis, a NaN, nothing at all."""
    truth = expected.astype(np.float64)
    yield "an extra axis", np.stack([truth, truth])
    yield "nothing at all", np.zeros((0, *truth.shape))
    spoiled = np.array(truth)
    spoiled.flat[-1] = np.nan
    yield "one value NaN", spoiled
