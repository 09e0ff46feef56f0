"""Checks of what a function calls: a function that uses what is forbidden, or not what is required, has to fail."""

from __future__ import annotations

import importlib.util
import math
import sys
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from grader.audit.finding import Finding, Part
from grader.course.rubric import Calls
from grader.errors import SubmissionError
from grader.grading.calls import with_calls
from grader.messages.sentences import say
from grader.model import Cell, Failed
from grader.submission.notebooks import read_submission
from grader.submission.spellings import BUILTINS, LOOPS, PACKAGES, SHORT, whole
from grader.submission.uses import read_notebook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.course.rubric import Check
    from grader.model import Text

BESIDE = 100_000
"""The number of the cell that is added to a solution."""


def calls_part(course: Course, lab: Lab) -> Part | None:
    """Try every name of every check with `calls` on the solution, which is not run; None where there is no such check.

    A solution that cannot be read is told of elsewhere: then a lone function is tried.
    """
    checks = [
        (task, name, check)
        for task, entry in lab.rubric.tasks.items()
        for name, check in entry.checks.items()
        if check.calls is not None
    ]
    if not checks:
        return None
    rubric, cells = str(course.rubric_path(lab.name)), _solution(course, lab.name)
    count, findings = 0, list[Finding]()
    for task, name, check in checks:
        place = f"{task}.{name}"
        for calls, source in _trials(task, check):
            count += 1
            if not _is_refused(lab, task, calls, cells=(*cells, Cell(BESIDE, source))):
                text = say("is passed by a function with {source}", source=source.splitlines()[-1].strip())
                findings.append(Finding("unfair", place, text, file=rubric))
        findings += [Finding("missing", place, text, file=rubric) for text in _misspelt(check, cells)]
        if check.calls is not None and check.calls.require is None and not check.questions:
            text = say("a function that returns 0 passes: give the check questions, or a require")
            findings.append(Finding("advice", place, text, file=rubric))
    refused = count - sum(one.weight == "unfair" for one in findings)
    return Part("calls", say("{refused} of {count} uses refused", refused=refused, count=count), tuple(findings))


def _solution(course: Course, name: str) -> tuple[Cell, ...]:
    try:
        return read_submission(course.folder / f"reference/solutions/{name}.ipynb", student=name).cells
    except SubmissionError:
        return ()


def _trials(task: str, check: Check) -> Iterator[tuple[Calls, str]]:
    """Yield each name of a check by itself, with a function that loses by it."""
    calls = check.calls or Calls()
    for name in calls.forbid or ():
        yield Calls(forbid=[name]), f"def {task}(*given):\n    {_use(name)}"
    for name in calls.require or ():
        yield Calls(require=[name]), f"def {task}(*given):\n    return 0"


def _use(name: str) -> str:
    if name in LOOPS:
        return "while given: break" if name == "while" else "for _ in given: pass"
    written = name if name in BUILTINS else whole(name)
    package, dot, _ = written.partition(".")
    return f"import {package}; return {written}" if dot else f"return {written}"


def _is_refused(lab: Lab, task: str, calls: Calls, *, cells: Sequence[Cell]) -> bool:
    entry = lab.rubric.tasks[task]
    check = next(iter(entry.checks.values())).model_copy(update={"calls": calls})
    alone = lab.rubric.model_copy(update={"tasks": {task: entry.model_copy(update={"checks": {"calls": check}})}})
    [judged] = with_calls(replace(lab, rubric=alone), (), cells)
    return isinstance(judged.verdict, Failed)


def _misspelt(check: Check, cells: Sequence[Cell]) -> Iterator[Text]:
    """Yield what is forbidden and nowhere to be found: nothing would be held against anybody."""
    calls = check.calls or Calls()
    for name in calls.forbid or ():
        if name in LOOPS or name in BUILTINS:
            continue
        package, dot, rest = whole(name).partition(".")
        if not dot and (name in SHORT or read_notebook(cells).gives(name)):
            continue
        if not _is_package(package):
            yield say("nothing is called {name}: is it written as students write it?", name=name)
        elif package in {"numpy", "math"} and not _has(package, rest):
            yield say("{package} has no {name}", package=package, name=rest)


def _is_package(name: str) -> bool:
    return name in PACKAGES or name in sys.stdlib_module_names or importlib.util.find_spec(name) is not None


def _has(package: str, name: str) -> bool:
    module: object = np if package == "numpy" else math
    return reduce(lambda one, part: getattr(one, part, None), name.split(".") if name else [], module) is not None
