"""Looks for an input that would tell a wrong answer from the right one, where no question of the rubric does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from grader.audit.candidates import judged_as
from grader.audit.variations import variations
from grader.errors import LabError
from grader.grading.ask_reference import expected_answer
from grader.grading.explaining.known import answered
from grader.grading.key import Key
from grader.grading.make_key import make_key
from grader.messages.format_values import shown
from grader.model import Passed, Raised, Structured
from grader.networks.model import Goal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.audit.variations import Constants
    from grader.course.lab import Lab
    from grader.grading.key import Asked

OTHER_SEEDS = 3
"""Under how many other seeds a maker is asked for inputs."""

MOST_TRIED = 400
ENOUGH_TRIED = 20
"""Where so many inputs do not tell two functions apart, they may be the same."""


@dataclass(frozen=True, slots=True)
class Search:
    """An input that tells a wrong answer from the right one, as text; "" where none was found among enough of them.

    None stands for too few to say anything.
    """

    found: str | None


def telling_input(lab: Lab, key: Key, task: str, *, function: Callable[..., object], constants: Constants) -> Search:
    """Look for the arguments of a question that `function` fails.

    Inputs that the reference refuses, or answers with nan or infinity, are no questions.
    """
    tried = 0
    for asked in islice(_candidates(lab, key, task, constants=constants), MOST_TRIED):
        tried += 1
        [verdict] = [one.verdict for one in judged_as(_alone(key, asked), task, [answered(function, asked.question)])]
        if not isinstance(verdict, Passed):
            pairs = zip(asked.names, asked.question.arguments, strict=True)
            return Search(", ".join(f"{name}={shown(value)}" for name, value in pairs))
    has_inputs = any(one.question.arguments for one in key.asked if one.question.task == task)
    return Search("" if tried >= ENOUGH_TRIED or not has_inputs else None)


def _candidates(lab: Lab, key: Key, task: str, *, constants: Constants) -> Iterator[Asked]:
    """Yield questions that the rubric could ask: of its own inputs slightly changed, and of its makers again."""
    own = [one for one in key.asked if one.question.task == task and one.case is None and not one.readings]
    for asked in own:
        yield from _varied(lab, asked, constants)
    for offset in range(1, OTHER_SEEDS + 1):
        yield from (one for one in make_key(lab, key.seed + offset, [task]).asked if one.case is None)


def _varied(lab: Lab, asked: Asked, constants: Constants) -> Iterator[Asked]:
    question = asked.question
    if isinstance(asked.expected, Raised | Goal):
        return
    for arguments in variations(question.arguments, constants):
        try:
            expected = expected_answer(
                lab, lab.oracle(question.task), arguments, manner=question.manner, keys=("tasks", question.task)
            )
        except LabError:  # it is no question
            continue
        if isinstance(expected, Structured) and not _is_finite(expected.value):
            continue
        yield replace(asked, question=replace(question, arguments=arguments), expected=expected)


def _is_finite(value: object) -> bool:
    match value:
        case np.ndarray():
            return value.dtype.kind not in "fc" or bool(np.isfinite(value).all())
        case float() | complex():
            return bool(np.isfinite(value))
        case dict():
            return all(map(_is_finite, value.values()))
        case list() | tuple():
            return all(map(_is_finite, value))
    return True


def _alone(key: Key, asked: Asked) -> Key:
    return Key(key.lab, key.seed, (asked,))
