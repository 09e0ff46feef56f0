"""What of a notebook's tests becomes questions: which task, which check and which points, and what does not and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.messages.sentences import say
from grader.newlab.carried import CarriedOver, CarriedQuestion, CarriedReading, NotCarried, told
from grader.newlab.given_functions import GivenFunctions
from grader.newlab.heard import Unwritable
from grader.newlab.one_test import OneTest
from grader.newlab.stopped_cells import files_to_bring, is_consequence, why
from grader.newlab.worth import ONE, check_names, identifier, is_drawn, points_and_losses, task_of
from grader.source.model import ManualPart

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from grader.newlab.heard import Heard, HeardCall
    from grader.source.model import Source


def carry_over(source: Source, heard: Heard) -> CarriedOver:
    """Return the tasks that a notebook's tests make, in the order in which its answers are written."""
    names, functions = check_names(source), GivenFunctions()
    found: list[CarriedQuestion] = []
    stopped = [one for one in heard.failed if one.test is None and not is_consequence(one, source)]
    left = [NotCarried(one.cell, one.line, "", because=why(one, source, heard)) for one in stopped]
    heard = replace(heard, calls=tuple(_with_functions(call, functions) for call in heard.calls))
    for test in names:
        reading = OneTest(test, heard, source, check=names[test])
        found += reading.questions()
        left += reading.left
    manners = _manners(found)
    kept = [one for one in found if one.manner == manners[one.task]]
    left += [_other_manner(one) for one in found if one.manner != manners[one.task]]
    points, lost = points_and_losses(source, names, kept)
    left += lost
    tasks = [task_of(name, manners[name], kept, points=points) for name in source.answers if name in manners]
    kept_tasks = tuple(task for task in tasks if task.checks)
    manual = tuple(readings(source, taken=[task.name for task in kept_tasks]))
    left += [_worth_nothing(part) for part in source.parts if isinstance(part, ManualPart) and part.points == 0]
    missing = files_to_bring(source, heard)
    return CarriedOver(kept_tasks, functions.text, tuple(left), manual=manual, missing=missing)


def readings(source: Source, *, taken: Collection[str]) -> Iterator[CarriedReading]:
    """Yield the questions for a person that are worth something, under names that no task has yet."""
    names = list(taken)
    for part in source.parts:
        if isinstance(part, ManualPart) and part.points != 0:
            name = identifier(part.question) if part.question and not is_drawn(part.question) else f"cell_{part.cell}"
            while name in names:
                name += "_"
            names.append(name)
            yield CarriedReading(name, part, points=ONE if part.points is None else part.points)


def _worth_nothing(part: ManualPart) -> NotCarried:
    told = say("a person reads {name}, and it is worth no points in the notebook", name=part.question or part.cell)
    return NotCarried(0, 0, "", because=told)


def _with_functions(call: HeardCall, functions: GivenFunctions) -> HeardCall:
    """Return a call with the names of the functions that it is given, where these can stand in a file."""
    given = {
        name: (functions.given(value) or value) if isinstance(value, Unwritable) else value
        for name, value in call.inputs.items()
    }
    return replace(call, inputs=given)


def _other_manner(one: CarriedQuestion) -> NotCarried:
    text = say("{name} returns something for some questions and prints for others; a task asks for one", name=one.task)
    return told(one.test, one.line, text)


def _manners(found: Sequence[CarriedQuestion]) -> Mapping[str, str]:
    """Return how each task is asked: as most of its questions are."""
    counts: dict[str, Counter[str]] = {}
    for one in found:
        counts.setdefault(one.task, Counter())[one.manner] += 1
    return {task: count.most_common(1)[0][0] for task, count in counts.items()}
