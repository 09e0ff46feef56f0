"""Practice: the public questions of a lab are asked of the functions in a live session, and the answers judged.

The session and the judge are two processes, and this module is the judge's side. It sends questions, a line of JSON
each, and reads observations; the reference and the expected values never enter the session. What a function calls is
told from the cells that the session has run. Networks are not inspected: that needs a kernel of its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING

from grader.course.lab import load_lab
from grader.errors import LabError
from grader.grading.calls import with_calls
from grader.grading.explaining.explain import explain
from grader.grading.judging import judge_run
from grader.grading.make_key import make_key
from grader.grading.recording import practised
from grader.messages.sentences import nearest, say
from grader.model import Cell, NotAsked, Run
from grader.sandbox.protocol import write
from grader.wire.observations import decode_observation
from grader.wire.values import WireError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.grading.key import Key
    from grader.model import Observation, Question
    from grader.records.record import Record


@dataclass(frozen=True, slots=True)
class Line:
    """The two ends of a line to a session."""

    out: IO[str]
    back: IO[str]

    def ask(self, question: Question) -> Observation:
        """Ask one question; whatever is not a valid answer counts as NotAsked."""
        self.out.write(write(question).decode())
        self.out.flush()
        try:
            return decode_observation(json.loads(self.back.readline()))
        except (ValueError, WireError, RecursionError):  # the session has ended, or sent something else
            return NotAsked()

    def cells(self) -> tuple[Cell, ...]:
        """Return the cells that the session has run, by their number there; none where it does not say them."""
        self.out.write(json.dumps({"type": "cells", "content": None}) + "\n")
        self.out.flush()
        try:
            sources = json.loads(self.back.readline())
        except (ValueError, RecursionError):  # the session has ended, or sent something else
            return ()
        if not isinstance(sources, list):
            return ()
        return tuple(Cell(number, source) for number, source in enumerate(sources) if isinstance(source, str))


def find_lab(course: Course, name: str | None) -> tuple[Lab, str | None]:
    """Return the lab of a name, or the lab that a task of this name belongs to, and that task.

    Raises LabError, naming what there is, for another name and for none.
    """
    if name is not None and name in course.lab_names():
        return load_lab(course, name), None
    tasks = {task: lab for lab in course.lab_names() for task in load_lab(course, lab).rubric.tasks}
    if name is None or name not in tasks:
        known = [*course.lab_names(), *tasks]
        if name is None:
            raise LabError(
                say(
                    "Which lab or function? Write `%grade {lab}`, or one of: {known}.",
                    lab=next(iter(known), "LAB"),
                    known=", ".join(known),
                )
            )
        likely = ", ".join(nearest(name, known))
        raise LabError(say('There is no lab and no function "{name}"; known: {known}.', name=name, known=likely))
    return load_lab(course, tasks[name]), name


def practise(lab: Lab, task: str | None, line: Line) -> Record:
    """Ask a session the public questions of a lab, or of one task of it, and return the record."""
    key = _public(make_key(lab, 0), task)
    by_code = {(name, check) for name, check in _by_code(lab) if task in {None, name}}
    if task is not None and task not in lab.rubric.asked:
        raise LabError(say("A person reads {task}: nothing about it can be asked here.", task=task))
    if not key.asked and not by_code:
        raise LabError(say("{lab} has no public question that can be asked here: run `grade {lab}`.", lab=lab.name))
    run = Run(tuple(line.ask(question) for question in key.questions), (), "none")
    judged = explain(lab, judge_run(key, run, ()), lambda questions: tuple(map(line.ask, questions)))
    asked = _only(lab, by_code | {(one.task, one.check) for one in judged})
    if by_code:
        judged = with_calls(asked, judged, line.cells())
    return practised(asked, key, judged)


def _by_code(lab: Lab) -> Iterator[tuple[str, str]]:
    """Yield the checks that say what a function calls."""
    for name, task in lab.rubric.tasks.items():
        yield from ((name, check) for check, entry in task.checks.items() if entry.calls is not None)


def _public(key: Key, task: str | None) -> Key:
    """Return the public questions about numbers."""
    asked = [one for one in key.asked if one.public and one.question.inspection is None]
    return replace(key, asked=tuple(one for one in asked if task in {None, one.question.task}))


def _only(lab: Lab, asked: set[tuple[str, str]]) -> Lab:
    """Return the lab without the checks of which nothing was asked, and without what a person reads."""
    tasks = {}
    for name, task in lab.rubric.tasks.items():
        checks = {check: entry for check, entry in task.checks.items() if (name, check) in asked}
        if checks:
            tasks[name] = task.model_copy(update={"checks": checks, "manual": None})
    return replace(lab, rubric=lab.rubric.model_copy(update={"tasks": tasks}))
