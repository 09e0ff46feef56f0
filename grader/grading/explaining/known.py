"""A known mistake: a wrong formula that the course knows, and that gives the submission's answer to every question."""

from __future__ import annotations

import contextlib
import functools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from grader.comparing.compare import difference
from grader.comparing.rule import Comparison
from grader.course.recorded import Recorded
from grader.grading.explaining import Explanation
from grader.model import Agrees, Failed, NotAsked, Raised, Returned, Structured, Tensor, Unreadable
from grader.networks.model import Built, Goal
from grader.probes import asking
from grader.probes.scratch import elsewhere
from grader.wire.observations import MOST_BASES, observe, observe_value
from grader.wire.values import LONGEST_MESSAGE, LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.course.mistakes_and_laws import Mistake
    from grader.grading.judging import Answer, Answers, Judged
    from grader.model import Observation, Question

RTOL, ATOL = 2e-4, 1e-6
"""Between the answers of a mistake in float64 and those of a submission that made it in float32."""
NEARER = 0.2
"""How far an answer may be from a mistake's, of how far it is from the right one."""


def known_mistake(mistakes: Sequence[Mistake], one: Judged, siblings: Sequence[Judged]) -> Explanation | None:
    """Return the first of the mistakes that gives all the answers of a check.

    `siblings` are all checks of the task: a mistake is not made where a check passes that it loses.
    """
    lost = {other.check for other in siblings if isinstance(other.verdict, Failed)}
    for mistake in mistakes:
        is_likely = one.check in lost and lost.issuperset(mistake.loses)
        if is_likely and _gives(mistake, one.answers) and _is_shown(mistake, one, siblings, others=mistakes):
            return Explanation(mistake.name, mistake.observed, mistake.hint)
    return None


def _gives(mistake: Mistake, answers: Answers) -> bool:
    wrong = [answer for answer in answers if not isinstance(answer.judgement, Agrees)]
    return (
        all(_fits(mistake, answer.asked.question, answer.observed) for answer in answers)
        and all(_is_nearer(mistake, answer) for answer in wrong)
        and _shows(mistake, answers)
    )


def _is_shown(mistake: Mistake, one: Judged, siblings: Sequence[Judged], *, others: Sequence[Mistake]) -> bool:
    """Say whether the answers tell a mistake from others that would end alike.

    Wrong numbers do. An exception, nan or one and the same number could have many causes: then the mistake must give
    the answers of all checks that it loses. If numbers show it in none of them, it is known by where it fails and where
    it does not: all checks that it does not lose must be right, unless another mistake gives their answers (for nan:
    numbers, since nan there may have the same cause). With nan, some questions must be right.
    """
    if _has_telling_numbers(one.answers):
        return True
    listed = [other for other in siblings if other.check in mistake.loses]
    if not all(_gives(mistake, other.answers) for other in listed):
        return False
    if any(_has_telling_numbers(other.answers) for other in listed):
        return True
    are_numbers = not _are_not_finite(one.answers)
    if not are_numbers and len(listed) == len(siblings):
        return any(isinstance(answer.judgement, Agrees) for answer in one.answers)
    rest = [other for other in siblings if other.check not in mistake.loses and isinstance(other.verdict, Failed)]
    return all(
        (are_numbers or _has_telling_numbers(other.answers))
        and any(_gives(another, other.answers) for another in others)
        for other in rest
    )


def _has_telling_numbers(answers: Answers) -> bool:
    """Say whether wrong answers are networks, or finite numbers that are not all the same; a single 0 is none."""
    wrong = [answer.observed for answer in answers if not isinstance(answer.judgement, Agrees)]
    if any(isinstance(one, Built | Structured) for one in wrong):
        return True
    values = [one.value.astype(np.float64).ravel() for one in wrong if isinstance(one, Returned)]
    numbers = np.concatenate([*values, np.zeros(0)])
    finite = numbers[np.isfinite(numbers)]
    return bool(np.ptp(finite) > 0 if finite.size > 1 else finite.any())


def _is_nearer(mistake: Mistake, answer: Answer) -> bool:
    """Say whether an answer is much nearer to a mistake's than to the right one, where all three are finite."""
    mistaken = answer_of(mistake, answer.asked.question)
    if not isinstance(answer.observed, Returned) or not isinstance(mistaken, Returned):
        return True
    if not isinstance(answer.asked.expected, np.ndarray):
        return True
    seen, expected = answer.observed.value.astype(np.float64), answer.asked.expected
    if seen.shape != expected.shape or not np.isfinite(seen).all():
        return True
    off = np.abs(seen - mistaken.value.astype(np.float64)).max(initial=0.0)
    return bool(off <= NEARER * np.abs(seen - expected.astype(np.float64)).max(initial=0.0))


def _are_not_finite(answers: Answers) -> bool:
    wrong = [answer.observed for answer in answers if not isinstance(answer.judgement, Agrees)]
    return all(isinstance(one, Returned) and not np.isfinite(one.value.astype(np.float64)).all() for one in wrong)


@functools.lru_cache(maxsize=2**14)  # all wrong answers of a class are compared with the same ones
def answer_of(mistake: Mistake, question: Question) -> Observation:
    """Return what a submission with this mistake would be observed to answer."""
    return answered(mistake.function, question)


def answered(function: Callable[..., object], question: Question) -> Observation:
    """Return what a submission with this function would be observed to answer.

    Where the course's own probe asks, or a variable is read, the function gives what these would.
    """
    if isinstance(function, Recorded):  # of a student's kit
        known: Observation = function.recorded(question.arguments, NotAsked())
        return known
    manner = question.manner
    is_ready = manner.probe is not None and not manner.probe.source
    manner = replace(manner, variable=None, probe=manner.probe if is_ready else None)
    arguments = tuple(value.values if isinstance(value, Tensor) else value for value in question.arguments)
    try:
        with np.errstate(all="ignore"), elsewhere() if is_ready else contextlib.nullcontext():
            answer = asking.answer_of({question.task: function}, replace(question, arguments=arguments, manner=manner))
            return observe(answer) if manner.counts == "numbers" else observe_value(answer)
    except (Exception, SystemExit) as error:  # noqa: BLE001 (what a function raises is its answer, as it is for a submission)
        bases = tuple(kind.__name__[:LONGEST_NAME] for kind in type(error).__mro__[1:MOST_BASES])
        return Raised(type(error).__name__[:LONGEST_NAME], str(error)[:LONGEST_MESSAGE], bases=bases)


def _shows(mistake: Mistake, answers: Answers) -> bool:
    """Say whether a network shows the mistake wherever it was judged wrong. Numbers were compared before."""
    wrong = [answer for answer in answers if not isinstance(answer.judgement, Agrees)]
    return all(
        not isinstance(answer.observed, Built)
        or (isinstance(answer.asked.expected, Goal) and bool(mistake.function(answer.observed, answer.asked.expected)))
        for answer in wrong
    )


def _fits(mistake: Mistake, question: Question, observed: Observation) -> bool:
    if isinstance(observed, Built | NotAsked):
        return True
    if question.inspection is not None:
        return False
    return equal(observed, answer_of(mistake, question))


def equal(observed: Observation, mistaken: Observation) -> bool:
    """Say whether two answers are the same, but for the precision of float32."""
    match observed, mistaken:
        case Returned(one), Returned(other):
            are_numbers = one.dtype.kind != "b", other.dtype.kind != "b"  # True and 1 are two answers
            return one.shape == other.shape and are_numbers[0] is are_numbers[1] and _close(one, other)
        case Structured(value), Structured(other_value):
            return difference(value, other_value, Comparison(RTOL, ATOL)) is None
        case Raised(), Raised():
            return (observed.kind, _gist(observed.message)) == (mistaken.kind, _gist(mistaken.message))
        case Unreadable(), Unreadable():
            return observed.reason == mistaken.reason
    return False


def _gist(message: str) -> str:
    """Return the first words of a message: the rest differs between the versions of a library."""
    return " ".join(message.split()[:4])


def _close(one: np.ndarray, other: np.ndarray) -> bool:
    with np.errstate(all="ignore"):
        return bool(np.allclose(one.astype(float), other.astype(float), rtol=RTOL, atol=ATOL, equal_nan=True))
