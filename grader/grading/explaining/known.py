"""A known mistake: a wrong formula that the course knows, and that gives the submission's answer to every question."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from grader.course.recorded import Recorded
from grader.grading.explaining import Explanation
from grader.model import Agrees, Built, Goal, NotAsked, Raised, Returned, Unreadable
from grader.wire.observations import observe
from grader.wire.values import LONGEST_MESSAGE, LONGEST_NAME, copied

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.course.mistakes_and_laws import Mistake
    from grader.grading.judging import Answers
    from grader.model import Observation, Question

RTOL, ATOL = 2e-4, 1e-6
"""Between the answers of a mistake in float64 and those of a submission that made it in float32."""


def known_mistake(mistakes: Sequence[Mistake], answers: Answers) -> Explanation | None:
    """Return the first of the mistakes that gives all the answers of a check."""
    for mistake in mistakes:
        if all(_fits(mistake, answer.asked.question, answer.observed) for answer in answers) and _shows(
            mistake, answers
        ):
            return Explanation(mistake.name, mistake.observed, mistake.hint)
    return None


@functools.lru_cache(maxsize=2**14)  # all wrong answers of a class are compared with the same ones
def answer_of(mistake: Mistake, question: Question) -> Observation:
    """Return what a submission with this mistake would be observed to answer."""
    return answered(mistake.function, question)


def answered(function: Callable[..., object], question: Question) -> Observation:
    """Return what a submission with this function would be observed to answer."""
    if isinstance(function, Recorded):  # of a student's kit
        known: Observation = function.recorded(question.arguments, NotAsked())
        return known
    try:
        with np.errstate(all="ignore"):
            return observe(function(*map(copied, question.arguments)))
    except (Exception, SystemExit) as error:  # noqa: BLE001 (what a function raises is its answer, as it is for a submission)
        return Raised(type(error).__name__[:LONGEST_NAME], str(error)[:LONGEST_MESSAGE])


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
    return _equal(observed, answer_of(mistake, question))


def _equal(observed: Observation, mistaken: Observation) -> bool:
    match observed, mistaken:
        case Returned(one), Returned(other):
            are_numbers = one.dtype.kind != "b", other.dtype.kind != "b"  # True and 1 are two answers
            return one.shape == other.shape and are_numbers[0] is are_numbers[1] and _close(one, other)
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
