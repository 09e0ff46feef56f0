"""All that an audit is made from, read and found to be in order before anything runs."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.audit.functions import functions_in_tests
from grader.audit.laws import PUT_TO_VARIANTS, calls_of, draw, trials
from grader.audit.mutation import equivalents_path, read_equivalents
from grader.course.lab import load_lab
from grader.grading.key import Key, make_key
from grader.model import Goal, Question

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.audit.functions import Function
    from grader.audit.laws import Call, Trial
    from grader.audit.mutation import Slip
    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.grading.key import Asked

TRAINED_OTHERS = 2
"""How many wrong networks are trained that should not lose anything by it."""


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """A lab, its questions under one seed, and what is known about right and wrong answers to them."""

    course: Course
    lab: Lab
    key: Key
    networks: frozenset[str]
    """The tasks whose answer is a network; the others are about numbers."""
    functions: tuple[Function, ...]
    inputs: Mapping[str, tuple[Call, ...]]
    """The inputs with which the laws of each task of numbers are tried."""
    trials: Mapping[str, tuple[Trial, ...]]
    """The laws of each task of numbers, with the calls that they make."""
    equivalents: Mapping[Slip, str]
    untrained: frozenset[Function]
    """Wrong networks that are looked at and not trained."""

    @property
    def numbers(self) -> tuple[str, ...]:
        """Return the tasks of numbers."""
        return tuple(task for task in self.lab.rubric.tasks if task not in self.networks)


def prepare(course: Course, name: str, seed: int) -> Desk:
    """Read everything; raise LabError for the first thing that cannot be read, or be asked about."""
    lab = load_lab(course, name)
    key = make_key(lab, seed)
    networks = frozenset(asked.question.task for asked in key.asked if isinstance(asked.expected, Goal))
    correct = functions_in_tests(course, "correct", name, lab.rubric.tasks)
    wrong = functions_in_tests(course, "wrong", name, [task for task in lab.rubric.tasks if task in networks])
    inputs = {task: draw(laws) for task, laws in lab.laws.items() if task not in networks}
    of_laws = {
        task: trials(lab.laws[task], drawn[:PUT_TO_VARIANTS], lab.oracle(task), course.laws_folder(name) / f"{task}.py")
        for task, drawn in inputs.items()
    }
    equivalents = read_equivalents(equivalents_path(course, name))
    untrained = _untrained(lab, key, wrong)
    return Desk(course, lab, key, networks, (*correct, *wrong), inputs, of_laws, equivalents, untrained)


def key_of(desk: Desk, function: Function) -> Key:
    """Return the questions that a function is asked and judged by: all of its task's, but a training left out."""
    asked = [one for one in desk.key.asked if one.question.task == function.task]
    if function in desk.untrained:
        asked = [one for one in asked if not is_training(one)]
    return Key(desk.key.lab, desk.key.seed, tuple(asked))


def questions_of(desk: Desk, function: Function) -> tuple[Question, ...]:
    """Return all that a function is asked: its own questions, and if it is a correct one what the laws ask."""
    calls = calls_of(desk.trials.get(function.task, ())) if function.role == "correct" else ()
    return (*key_of(desk, function).questions, *(Question(function.task, "law", call) for call in calls))


def is_training(asked: Asked) -> bool:
    """Say whether a question is about the training of a network."""
    return asked.question.watch is not None and asked.question.watch.epochs > 0


def _untrained(lab: Lab, key: Key, wrong: Sequence[Function]) -> frozenset[Function]:
    """Return the wrong networks that are not trained: most of those that should lose nothing by it.

    A training takes seconds and there may be dozens, more than a minute has time for. A few are chosen by the seed.
    """
    checks = {(one.question.task, one.question.check) for one in key.asked if is_training(one)}
    loses = {(task, one.name): one.loses for task, mistakes in lab.mistakes.items() for one in mistakes}
    others = [
        function
        for function in wrong
        if not any((function.task, check) in checks for check in loses.get((function.task, function.name), ()))
    ]
    sample = random.Random(key.seed).sample(others, min(TRAINED_OTHERS, len(others)))  # noqa: S311 (no secret)
    return frozenset(others) - frozenset(sample)
