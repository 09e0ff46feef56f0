"""Every tolerance has to be clear of right answers and of wrong ones.

The distance of an answer is |observed - expected| / (atol + rtol |expected|), the largest over its numbers: 1 is where
the tolerance ends. The furthest correct variant must stay below 1/3, and the nearest mistake above 3.
"""

from __future__ import annotations

import functools
import inspect
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from grader import checks
from grader.audit.finding import Clearance, Finding, Measured, Part
from grader.messages.sentences import say
from grader.model import Agrees, Passed, Returned
from grader.registry import module_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.audit.candidates import Candidate
    from grader.grading.judging import Answer, Judged
    from grader.grading.key import Asked
    from grader.model import Array

FACTOR = 3.0


def clearances(candidates: Sequence[Candidate]) -> tuple[Clearance, ...]:
    """Return for every check with a tolerance where the candidates stand, in the order of the candidates' checks.

    Left out is what is no matter of the tolerance: a wrong shape, and a mistake that passes, which is another topic.
    """
    found: dict[str, tuple[dict[str, float], dict[str, float]]] = {}
    for candidate in candidates:
        for judged in candidate.judged:
            distance = _distance(judged)
            if distance is None or not math.isfinite(distance):
                continue
            variants, mistakes = found.setdefault(f"{judged.task}.{judged.check}", ({}, {}))
            name = candidate.name
            if candidate.mistake is None:
                variants[name] = max(distance, variants.get(name, distance))
            elif judged.check in candidate.mistake.loses and not isinstance(judged.verdict, Passed):
                mistakes[name] = min(distance, mistakes.get(name, distance))  # of several seeds the nearest
    return tuple(
        Clearance(place, _sorted(variants, descending=True), _sorted(mistakes))
        for place, (variants, mistakes) in found.items()
    )


def _sorted(distances: Mapping[str, float], *, descending: bool = False) -> tuple[Measured, ...]:
    sign = -1 if descending else 1
    return tuple(Measured(*one) for one in sorted(distances.items(), key=lambda one: (sign * one[1], one[0])))


def tolerances_part(rows: Sequence[Clearance], file: str) -> Part:
    """Say where a right answer comes too near to the end of a tolerance, and where a wrong one does."""
    if not any(row.variants or row.mistakes for row in rows):
        return Part("tolerances", say("no answers to measure yet"))
    furthest = max((row.variants[0].distance for row in rows if row.variants), default=0.0)
    nearest = min((row.mistakes[0].distance for row in rows if row.mistakes), default=math.inf)
    text = say(
        "{count} checks; the furthest right answer at {furthest} of the tolerance, the nearest wrong one at {nearest}",
        count=len(rows),
        furthest=f"{furthest:.2g}",
        nearest=f"{nearest:.3g}",
    )
    return Part("tolerances", text, tuple(finding for row in rows for finding in _findings(row, file)))


def ruler(asked: Asked) -> tuple[float, float] | None:
    """Return (rtol, atol) of a question whose kind of check has both and is about numbers, else None."""
    defaults = _defaults(asked.kind)
    if defaults is None:
        return None
    rtol, atol = (float(asked.options.get(name, default)) for name, default in defaults)
    return rtol, atol


@functools.cache  # reading a signature takes longer than measuring an answer
def _defaults(kind: str) -> tuple[tuple[str, Any], ...] | None:
    """Return the defaults of rtol and atol of a kind of check; None where it does not have both."""
    module = module_in(checks, kind)
    given = inspect.signature(module.judge).parameters
    if hasattr(module, "INSPECTS") or not {"rtol", "atol"} <= set(given):
        return None
    return tuple((name, given[name].default) for name in ("rtol", "atol"))


def _findings(row: Clearance, file: str) -> Iterator[Finding]:
    if row.variants and row.variants[0].distance > 1 / FACTOR:
        far = row.variants[0]
        text = say(
            "the tolerance is narrow: the right answer {name} is at {distance} of it, more than a third",
            name=far.name,
            distance=f"{far.distance:.3g}",
        )
        yield Finding("unfair", row.place, text, file=file)
    if row.mistakes and row.mistakes[0].distance < FACTOR:
        near = row.mistakes[0]
        text = say(
            "the tolerance is wide: the mistake {name} is at {distance} of it, less than three times",
            name=near.name,
            distance=f"{near.distance:.3g}",
        )
        yield Finding("unfair", row.place, text, file=file)


def _distance(judged: Judged) -> float | None:
    """Return how far the furthest answer to a check is, by the reading that fits best; None where there is no ruler.

    An answer is infinitely far that is wrong by more than its numbers, or wrong where a question has no tolerance.
    """
    answers = [answer for answer in judged.answers if not _is_coarse(answer)]
    if not answers or all(ruler(answer.asked) is None for answer in answers):
        return None
    readings: tuple[str | None, ...] = tuple(answers[0].asked.readings) or (None,)
    if isinstance(judged.verdict, Passed) and judged.verdict.reading is not None:
        readings = (judged.verdict.reading,)
    return min(max(_from_expected(answer, reading) for answer in answers) for reading in readings)


def _is_coarse(answer: Answer) -> bool:
    """Say whether an answer is in half precision, where that has a tolerance of its own."""
    if not answer.asked.options.get("half_precision", False):
        return False
    coarse = getattr(module_in(checks, answer.asked.kind), "COARSE_TOLERANCES", {})
    return isinstance(answer.observed, Returned) and answer.observed.dtype in coarse


def _from_expected(answer: Answer, reading: str | None) -> float:
    asked, measure = answer.asked, ruler(answer.asked)
    if measure is None or asked.case is not None:
        return 0.0 if isinstance(answer.judgement, Agrees) else math.inf
    expected: Any = asked.expected if reading is None else asked.readings[reading]
    if not isinstance(answer.observed, Returned):
        return math.inf
    return distance(answer.observed.value, expected, *measure)


def distance(observed: Array, expected: Array, rtol: float, atol: float) -> float:
    """Return the largest |observed - expected| / (atol + rtol |expected|); infinite for another shape or no number."""
    single = expected.shape == () and observed.size == 1
    if observed.dtype.kind == "b" or (observed.shape != expected.shape and not single):
        return math.inf
    truth = expected.astype(np.float64)
    with np.errstate(all="ignore"):
        error = np.abs(observed.astype(np.float64).reshape(truth.shape) - truth)
        share = np.where(error == 0, 0.0, error / (atol + rtol * np.abs(truth)))
    return float(share.max(initial=0.0)) if np.isfinite(share).all() else math.inf
