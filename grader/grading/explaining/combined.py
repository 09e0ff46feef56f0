"""A combination of slips: the expected answers but for a sign, a base, a reduction, a factor or exchanged arguments.

The ratio of observed to expected must be the same product of factors on every question; a factor may be one of the
sizes of the question's arrays. Of several products that fit, the one with the fewest slips is reported.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.grading.explaining import Explanation
from grader.messages.sentences import say
from grader.model import Returned, Text
from grader.wire.given import fresh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from grader.grading.judging import Answer, Answers
    from grader.model import Array

RTOL, ATOL = 2e-4, 1e-6
SMALL = 0.01
"""Up to which part of every expected answer a difference is small."""
LEAST_ANSWERS = 2
"""The number of different answers from which on a constant ratio is no coincidence."""


@dataclass(frozen=True, slots=True)
class _Slip:
    """A slip: its name, the factor by which it multiplies an answer (None where the sizes do not apply), its text."""

    name: str
    factor: Callable[[Mapping[str, int]], float | None]
    text: Text


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """An observed answer, what was expected instead, and the sizes of the question's arrays by their place."""

    observed: NDArray[np.float64]
    expected: NDArray[np.float64]
    sizes: Mapping[str, int]


def combined_mistake(oracle: Callable[..., object], answers: Answers) -> Explanation | None:
    """Return the combination that gives all the answers of a check, with every slip named."""
    if not answers or not all(isinstance(answer.observed, Returned) for answer in answers):
        return None
    for reading in answers[0].asked.readings or (None,):
        if not all(_is_of_the_shape(answer, reading) for answer in answers):
            continue
        straight = [_pair(answer, _expected(answer, reading)) for answer in answers]
        swapped = None if reading else _swapped(oracle, answers)
        for slips in _products(straight):
            if slips and _fits(slips, straight):
                return _explanation([slip.name for slip in slips], [slip.text for slip in slips])
            if swapped is not None and _fits(slips, swapped):
                names = ["swapped_arguments", *(slip.name for slip in slips)]
                return _explanation(
                    names, [say("the two arguments in each other's role"), *(slip.text for slip in slips)]
                )
    if not all(_is_of_the_shape(answer, None) for answer in answers):
        return None
    is_public = all(answer.asked.public for answer in answers)
    return _constant([_pair(answer, _expected(answer, None)) for answer in answers], is_public=is_public)


def _explanation(names: Sequence[str], texts: Sequence[Text]) -> Explanation:
    joined = Text("；".join(text.zh_tw for text in texts), "; ".join(text.en for text in texts))
    return Explanation(
        "+".join(names),
        say("Compared with the expected answers: {parts}.", parts=joined),
        say("Which step of the formula decides this: {part}? Compare it with the lecture's formula.", part=texts[0]),
    )


def _constant(pairs: Sequence[_Pair], *, is_public: bool) -> Explanation | None:
    """Return the one number that every answer is too large by, as a factor or as an addend.

    The number itself, with an answer, tells what is expected: it is said only where all questions are public.
    """
    if len({pair.expected.tobytes() for pair in pairs}) < LEAST_ANSWERS or any(_odd(pair) for pair in pairs):
        return None
    observed = np.concatenate([pair.observed.ravel() for pair in pairs])
    expected = np.concatenate([pair.expected.ravel() for pair in pairs])
    if not np.any(expected) or _near(observed, observed[:1]):
        return None
    if (np.abs(observed - expected) <= SMALL * np.abs(expected)).all():
        return _small() if is_public else None  # how near a hidden answer is, is not told
    ratio = float(np.sum(observed * expected) / np.sum(expected**2))
    if _near(observed, ratio * expected):
        because = (
            say("Every answer is {ratio} times the expected one.", ratio=f"{ratio:.5g}")
            if is_public
            else say("Every answer is the same multiple of the expected one.")
        )
        hint = say("Which step multiplies or divides by the same number each time?")
        return Explanation("constant_factor", because, hint)
    offset = float(np.mean(observed - expected))
    if np.abs(offset) > SMALL * np.abs(expected).max() and _near(observed, offset + expected):
        because = (
            say("Every answer is the expected one plus {offset}.", offset=f"{offset:.5g}")
            if is_public
            else say("Every answer is the expected one plus the same number.")
        )
        hint = say("Which step adds or takes away the same number each time?")
        return Explanation("constant_offset", because, hint)
    return None


def _small() -> Explanation:
    """Return what is said where all answers are nearly right: a factor or an addend would be no more than a guess."""
    return Explanation(
        "small_difference",
        say("The answers differ from the expected ones by less than a hundredth."),
        say("Is something rounded on the way, or a small number (an epsilon) added or cut off where it still shows?"),
    )


def _near(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    return bool((np.abs(one - other) <= ATOL + RTOL * np.abs(other)).all())


def _odd(pair: _Pair) -> bool:
    return pair.observed.shape != pair.expected.shape or not np.isfinite(pair.observed).all()


def _fits(slips: Sequence[_Slip], pairs: Sequence[_Pair]) -> bool:
    if len({pair.expected.tobytes() for pair in pairs}) < LEAST_ANSWERS or any(_odd(pair) for pair in pairs):
        return False
    for pair in pairs:
        factors = [slip.factor(pair.sizes) for slip in slips]
        if any(factor is None for factor in factors):
            return False
        ratio = math.prod(factor for factor in factors if factor is not None)
        if not _near(pair.observed, ratio * pair.expected):
            return False
    return any(np.any(np.abs(pair.expected) > 100 * ATOL) for pair in pairs)


def _products(pairs: Sequence[_Pair]) -> Iterator[tuple[_Slip, ...]]:
    """Yield every combination of slips, the shortest first, the empty one too (for exchanged arguments alone)."""
    kinds = [[None, *kind] for kind in _slips(pairs)]
    every = [tuple(slip for slip in chosen if slip is not None) for chosen in itertools.product(*kinds)]
    yield from sorted(every, key=len)


def _slips(pairs: Sequence[_Pair]) -> Iterator[list[_Slip]]:
    yield [
        _Slip("sign", lambda _: -1.0, say("the sign is reversed")),
    ]
    yield [
        _Slip("log2", lambda _: 1 / math.log(2), say("logarithms of base 2")),
        _Slip("log10", lambda _: 1 / math.log(10), say("logarithms of base 10")),
    ]
    places = list(dict.fromkeys(place for pair in pairs for place in pair.sizes))
    yield [
        *[_Slip("mean_not_sum", _divide(place), say("a mean where a sum is asked")) for place in places],
        *[_Slip("sum_not_mean", _multiply(place), say("a sum where a mean is asked")) for place in places],
    ]
    yield [
        _Slip("half", lambda _: 0.5, say("half as much")),
        _Slip("double", lambda _: 2.0, say("twice as much")),
    ]


def _divide(place: str) -> Callable[[Mapping[str, int]], float | None]:
    return lambda sizes: 1 / sizes[place] if place in sizes else None


def _multiply(place: str) -> Callable[[Mapping[str, int]], float | None]:
    return lambda sizes: float(sizes[place]) if place in sizes else None


def _expected(answer: Answer, reading: str | None) -> Array:
    expected: Any = answer.asked.expected if reading is None else answer.asked.readings[reading]
    return np.asarray(expected)


def _is_of_the_shape(answer: Answer, reading: str | None) -> bool:
    """Say whether an answer can be compared. Others may be large, and are not fresh in vain."""
    observed: Any = answer.observed
    shape = _expected(answer, reading).shape
    return bool(observed.value.shape == shape or (shape == () and observed.value.size == 1))


def _pair(answer: Answer, expected: Array) -> _Pair:
    observed: Any = answer.observed
    value = observed.value.astype(np.float64)
    truth = expected.astype(np.float64)
    if truth.shape == () and value.size == 1:
        value = value.reshape(())
    return _Pair(value, truth, _sizes(answer))


def _sizes(answer: Answer) -> Mapping[str, int]:
    """Return the sizes of the question's arrays: along an axis, of each row, of the whole, by the place of each."""
    sizes: dict[str, int] = {}
    for name, value in zip(answer.asked.names, answer.asked.question.arguments, strict=True):
        if isinstance(value, np.ndarray) and value.ndim:
            sizes[f"{name}.first"] = value.shape[0]
            sizes[f"{name}.last"] = value.shape[-1]
            sizes[f"{name}.each"] = int(np.prod(value.shape[1:]))
            sizes[f"{name}.all"] = value.size
    return {place: size for place, size in sizes.items() if size > 1}


def _swapped(oracle: Callable[..., object], answers: Answers) -> list[_Pair] | None:
    """Return the answers beside the reference's for exchanged arguments; None where it refuses those."""
    pairs = []
    for answer in answers:
        arguments = tuple(map(fresh, answer.asked.question.arguments))
        if len(arguments) != 2:  # noqa: PLR2004 (two to exchange)
            return None
        try:
            if np.shape(arguments[0]) != np.shape(arguments[1]):
                return None
            with np.errstate(all="ignore"):
                expected = np.asarray(oracle(*reversed(arguments)), np.float64)
        except Exception:  # noqa: BLE001 (a list of matrices has no shape, and the reference may refuse such arguments)
            return None
        pairs.append(_pair(answer, expected))
    return pairs
