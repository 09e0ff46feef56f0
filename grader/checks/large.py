"""`kind: large`: a single number that is finite and above a bound, such as the loss of a clipped log(0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.messages.sentences import say
from grader.model import Agrees, Array, Differs, Judgement, Returned

if TYPE_CHECKING:
    from collections.abc import Iterator


def judge(observed: Returned, expected: Array, *, above: float, below: float = 1e6) -> Judgement:
    """Agree when the answer is one finite number above `above`, whichever clip was used.

    -ln of the usual clips lies between 16.1 (1e-7) and 34.5 (1e-15), so one value would be one convention's alone.
    `below` refuses what is finite in name only, such as numpy.nan_to_num(inf), about 1.8e308.
    """
    if observed.value.dtype.kind == "b":
        return Differs(say("The answer holds true/false values, not numbers."), "no_number")
    if observed.value.size != 1 or expected.size != 1:
        shape = observed.value.shape
        return Differs(say("expected a single number, observed an array of shape {shape}", shape=shape), "shape")
    answer = float(observed.value.astype(np.float64).reshape(()))
    shown = f"{answer:.4g}"
    if not np.isfinite(answer) or answer >= below:
        return Differs(say("the answer is {answer}: a large but finite number is promised", answer=shown), "not_finite")
    if answer <= above:
        return Differs(
            say(
                "the answer is {answer}: a large number is promised, above {above:g}",
                answer=shown,
                above=above,
            )
        )
    return Agrees()


def impostors(expected: Array) -> Iterator[tuple[str, Array]]:
    """Give answers that are not large, not finite or not a single number."""
    yield "zero", np.zeros(())
    yield "infinity", np.full((), np.inf)
    yield "finite in name only", np.full((), np.finfo(np.float64).max)
    yield "NaN", np.full((), np.nan)
    yield "an extra axis", np.full((2,), expected.astype(np.float64).max())
    yield "nothing at all", np.zeros((0,))
