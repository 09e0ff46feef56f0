"""`kind: close`: the numbers agree within a tolerance, and so do their kind and shape; other values agree exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from grader.comparing.judging import nested
from grader.comparing.numbers import are_exact
from grader.comparing.rule import Comparison
from grader.comparing.spoiling import spoiled_values
from grader.messages.sentences import say
from grader.model import Agrees, Array, Differs, Judgement, Returned, Structured, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

# Half precision cannot answer better than this: u = 2**-11 and 2**-8, a few operations each.
COARSE_TOLERANCES = {"float16": (5e-3, 1e-3), "bfloat16": (2e-2, 1e-3)}


def judge(  # noqa: PLR0913 (the words that a rubric may say)
    observed: Returned | Structured,
    expected: Array | Structured,
    *,
    rtol: float = 2e-4,
    atol: float = 1e-6,
    half_precision: bool = False,
    order: Literal["given", "rows", "columns", "any"] = "given",
    dtypes: Literal["kind", "any"] = "kind",
    names: Literal["given", "any"] = "given",
) -> Judgement:
    """Agree when |observed - expected| <= atol + rtol * |expected| holds for every number, in float64.

    The shapes must be equal; only a single number may come in any shape of size 1, with a note. Nothing is
    broadcast. A NaN or an infinity never agrees. With `half_precision`, answers in float16 or bfloat16 get the
    tolerance that their precision allows, with a note. The rule is numpy.isclose's, relative to the expected value.
    Whole numbers agree where they are equal, unless the tolerance is made wide for them: 1 or more, or an rtol above
    the usual one. An array of true/false values counts as one of 1 and 0 where nothing but these is expected.

    Where the expected answer is no array of numbers, both values are walked side by side: kind and structure first,
    numbers by the same tolerance, everything else exactly. Of tables, index, columns, names and the kinds of dtypes
    must agree, but for `dtypes` and `names` that may be any; `order` says which axes may come in another order.
    """
    if isinstance(expected, Structured):
        return nested(
            observed, expected, Comparison(rtol, atol, order=order, dtypes=dtypes == "kind", names=names == "given")
        )
    if isinstance(observed, Structured):
        return Differs(say("the answer could not be read"))
    if observed.value.dtype.kind == "b" and not _is_made_of_0_and_1(expected):
        return Differs(say("The answer holds true/false values, not numbers."), "no_number")
    if not _same_shape(observed.value.shape, expected.shape):
        return Differs(_shape_text(observed.value, expected), "shape")
    answer = observed.value.astype(np.float64).reshape(expected.shape)
    if not np.isfinite(answer).all():
        return Differs(_not_finite_text(answer), "not_finite")
    is_half = half_precision and _is_half(observed)
    rtol, atol = _tolerances((rtol, atol), observed.dtype if is_half else "")
    truth = expected.astype(np.float64)
    is_exact = are_exact(observed.value, expected, Comparison(rtol, atol))
    allowed = np.zeros(truth.shape) if is_exact else atol + rtol * np.abs(truth)
    with np.errstate(over="ignore"):  # a difference beyond the largest float is infinite
        error = _exact_error(observed.value, expected) if is_exact else np.abs(answer - truth)
    if (error > allowed).any():
        return Differs(_difference_text(error, truth, allowed))
    return Agrees(_note(observed, expected, is_half=is_half))


def impostors(expected: Array | Structured) -> Iterator[tuple[str, Array | Structured]]:
    """Give wrong answers close to the right one: 1% off, an extra axis, a NaN, a constant, nothing at all.

    1% of 0 is 0: where 0 is expected, a check has to refuse 0.01, whatever its `atol` forgives. Of other values each
    kind is spoiled in its own way.
    """
    if isinstance(expected, Structured):
        yield from spoiled_values(expected)
        return
    truth = expected.astype(np.float64)
    yield "1% and a little off", np.where(truth == 0, 0.01, truth * 1.01 + np.copysign(1e-4, truth))
    yield "an extra axis", np.stack([truth, truth])
    yield "nothing at all", np.zeros((0, *truth.shape))
    spoiled = np.array(truth)
    if not truth.size:
        return
    spoiled.flat[-1] = np.nan
    yield "one value NaN", spoiled
    yield "a constant", np.full_like(truth, truth.mean() + np.abs(truth).max() + 1.0)


def _exact_error(observed: Array, expected: Array) -> NDArray[np.float64]:
    """Return how far whole numbers are apart, also where float64 cannot tell them apart."""
    apart = observed.reshape(expected.shape).astype(object) - expected.astype(object)
    return np.asarray(np.abs(apart), np.float64)


def _is_made_of_0_and_1(expected: Array) -> bool:
    return expected.ndim > 0 and bool(np.isin(expected, (0, 1)).all())


def _same_shape(observed: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    return observed == expected or (expected == () and set(observed) == {1})


def _shape_text(observed: Array, expected: Array) -> Text:
    return say(
        "expected {expected}, observed {observed}",
        expected=_describe(expected),
        observed=_describe(observed),
    )


def _describe(array: Array) -> Text:
    if array.shape == ():
        return say("a single number")
    return say("an array of shape {shape}", shape=array.shape)


def _not_finite_text(answer: NDArray[np.float64]) -> Text:
    index = tuple(int(i) for i in np.argwhere(~np.isfinite(answer))[0])
    what = "nan" if np.isnan(answer[index]) else "inf" if answer[index] > 0 else "-inf"
    if index == ():
        return say("the answer is {what}, not a finite number", what=what)
    return say(
        "{count} of {total} numbers are not finite: {what} at index {index}",
        count=int((~np.isfinite(answer)).sum()),
        total=answer.size,
        what=what,
        index=_index_text(index),
    )


def _difference_text(error: NDArray[np.float64], truth: NDArray[np.float64], allowed: NDArray[np.float64]) -> Text:
    scale = np.where(truth == 0, np.nan, np.abs(truth))
    with np.errstate(over="ignore"):
        relative = error / scale
    largest = say("not defined (0 is expected)") if np.isnan(relative).all() else f"{np.nanmax(relative):.3g}"
    if truth.shape == ():
        return say(
            "the number is off by {absolute} (relative {relative}; allowed {allowed})",
            absolute=f"{error.max():.3g}",
            relative=largest,
            allowed=f"{allowed.max():.3g}",
        )
    worst = tuple(int(i) for i in np.unravel_index(int(np.argmax(error - allowed)), error.shape))
    return say(
        "{count} of {total} numbers differ, most at index {index}; largest difference {absolute}, relative {relative}",
        count=int((error > allowed).sum()),
        total=error.size,
        index=_index_text(worst),
        absolute=f"{error.max():.3g}",
        relative=largest,
    )


def _index_text(index: tuple[int, ...]) -> str:
    return str(index[0]) if len(index) == 1 else str(index)


def _tolerances(asked: tuple[float, float], dtype: str) -> tuple[float, float]:
    """Return rtol and atol as the rubric asks for them, or as coarse as the dtype needs."""
    coarse = COARSE_TOLERANCES.get(dtype, (0.0, 0.0))
    return max(asked[0], coarse[0]), max(asked[1], coarse[1])


def _is_half(observed: Returned) -> bool:
    """Say whether an answer is what it is called: float16, or bfloat16, which comes as float32 with 16 bits to spare.

    The name is the kernel's word: any other number could be called so for the sake of the tolerance.
    """
    if observed.dtype == "bfloat16":
        return observed.value.dtype == np.float32 and not (observed.value.view(np.uint32) & 0xFFFF).any()
    return observed.dtype == "float16" and observed.value.dtype == np.float16


def _note(observed: Returned, expected: Array, *, is_half: bool) -> Text | None:
    if is_half:
        return say("computed in {dtype}: judged with the tolerance that it allows", dtype=observed.dtype)
    if observed.value.shape != expected.shape:
        return say(
            "a single number was promised; an array of shape {shape} came and was accepted",
            shape=observed.value.shape,
        )
    return None
