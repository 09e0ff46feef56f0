"""What an audit is made with: all of it is read, and found to be in order, before anything runs."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grader.audit.functions import functions_in_tests
from grader.audit.laws import PUT_TO_VARIANTS, calls_of, draw, trials
from grader.audit.mutation import equivalents_path, read_equivalents
from grader.audit.roots import roots_of
from grader.course.lab import load_lab
from grader.grading.key import Key
from grader.grading.make_key import make_key
from grader.model import Question
from grader.networks.model import Goal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.audit.functions import Function
    from grader.audit.laws import Call, Trial
    from grader.audit.mutation import Slip
    from grader.audit.roots import Root
    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.grading.key import Asked

TRAINED_OTHERS = 2
"""How many wrong networks are trained although their training should lose nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class AuditContext:
    """A lab, its questions under one seed, and what is known about right and wrong answers to them."""

    course: Course
    lab: Lab
    key: Key
    networks: frozenset[str]
    """The tasks whose answer is a network; the others are about numbers and other values."""
    functions: tuple[Function, ...]
    inputs: Mapping[str, tuple[Call, ...]]
    """For each task about numbers, the inputs that its laws are tried with."""
    trials: Mapping[str, tuple[Trial, ...]]
    """For each task about numbers, its laws with the calls that they make."""
    equivalents: Mapping[Slip, str]
    untrained: frozenset[Function]
    """Wrong networks that are inspected and not trained."""

    @property
    def numbers(self) -> tuple[str, ...]:
        """Return the tasks about numbers and other values of which something is asked."""
        return tuple(task for task in asking_tasks(self.lab) if task not in self.networks)

    @property
    def roots(self) -> tuple[Root, ...]:
        """Return where their answers begin in the reference: what is computed there can have slips."""
        return roots_of(self.lab, self.numbers)

    @property
    def mutated(self) -> tuple[str, ...]:
        """Return those of them of which a function is called."""
        return tuple(task for task in self.numbers if is_called(self.lab, task))

    @property
    def unlisted(self) -> tuple[str, ...]:
        """Return those of them that have no list of known mistakes."""
        return tuple(task for task in self.numbers if not self.lab.mistakes[task])

    @property
    def plain(self) -> frozenset[str]:
        """Return those of them that answer with nothing but numbers."""
        others = {one.question.task for one in self.key.asked if not isinstance(one.expected, np.ndarray)}
        return frozenset(self.mutated) - others


def make_context(course: Course, name: str, seed: int) -> AuditContext:
    """Read everything; raise LabError for the first thing that cannot be read or asked about."""
    lab = load_lab(course, name)
    key = make_key(lab, seed)
    networks = frozenset(asked.question.task for asked in key.asked if isinstance(asked.expected, Goal))
    called = [task for task in lab.rubric.asked if is_called(lab, task)]
    correct = functions_in_tests(course, "correct", name, tasks=called)
    wrong = functions_in_tests(course, "wrong", name, tasks=[task for task in lab.rubric.asked if task in networks])
    inputs = {task: draw(laws) for task, laws in lab.laws.items() if task not in networks}
    return AuditContext(
        course=course,
        lab=lab,
        key=key,
        networks=networks,
        functions=(*correct, *wrong),
        inputs=inputs,
        trials={task: _trials(course, lab, task, inputs=drawn) for task, drawn in inputs.items()},
        equivalents=read_equivalents(equivalents_path(course, name)),
        untrained=_untrained(lab, key, wrong),
    )


def _trials(course: Course, lab: Lab, task: str, *, inputs: Sequence[Call]) -> tuple[Trial, ...]:
    file = course.laws_folder(lab.name) / f"{task}.py"
    return trials(lab.laws[task], inputs[:PUT_TO_VARIANTS], lab.oracle(task), file=file)


def key_of(context: AuditContext, function: Function) -> Key:
    """Return the questions that a function is asked and judged by: its task's, without a training that is left out."""
    asked = [one for one in context.key.asked if one.question.task == function.task]
    if function in context.untrained:
        asked = [one for one in asked if not is_training(one)]
    return Key(context.key.lab, context.key.seed, tuple(asked))


def is_called(lab: Lab, task: str) -> bool:
    """Say whether a function of the task's name is called: no variable is read, and no probe of the course asked."""
    manner = lab.manner(task)
    return manner.variable is None and (manner.probe is None or not manner.probe.source)


def questions_of(context: AuditContext, function: Function) -> tuple[Question, ...]:
    """Return everything that a function is asked: its task's questions, and of a correct one also what the laws ask."""
    calls = calls_of(context.trials.get(function.task, ())) if function.role == "correct" else ()
    return (*key_of(context, function).questions, *(Question(function.task, "law", call) for call in calls))


def asking_tasks(lab: Lab) -> tuple[str, ...]:
    """Return the tasks with questions: of the others, only the code is looked at."""
    return tuple(name for name, task in lab.rubric.tasks.items() if any(one.questions for one in task.checks.values()))


def is_training(asked: Asked) -> bool:
    """Say whether a question is about the training of a network."""
    return asked.question.inspection is not None and asked.question.inspection.epochs > 0


def _untrained(lab: Lab, key: Key, wrong: Sequence[Function]) -> frozenset[Function]:
    """Return the wrong networks that are not trained: most of those that should lose nothing by their training.

    A training takes seconds, and dozens of them would take minutes. The seed chooses a few that are trained.
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
