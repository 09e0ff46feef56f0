"""Runs functions of the course's tests in a kernel, as a submission is run, and asks each its task's questions.

One submission holds many of them, each under a name of its own, so that what they import is imported once.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.grading.failures import stopped_text
from grader.model import Cell, Question, Submission
from grader.sandbox.runner import RunSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.audit.functions import Function
    from grader.course.lab import Lab
    from grader.model import Limits, Observation, Text
    from grader.sandbox.runner import Runner

CELL_SECONDS = 300.0
SUBMISSION_SECONDS = 3600.0
"""An audit's submission is many in one, so only a single call has a limit that comes from the lab's."""

PATIENCE = 5
"""How many times the lab's limit a call may take: several kernels and the mutants share the machine."""

TRAINING_SECONDS = 300.0
MEMORY_MIB = 8192


@dataclass(frozen=True, slots=True, eq=False)
class KernelAnswers:
    """What the functions in one kernel answered, and why a file could not be imported there."""

    answers: Mapping[Function, tuple[Observation, ...]]
    broken: Mapping[Path, Text]


def ask_functions(
    questions: Mapping[Function, Sequence[Question]], lab: Lab, runner: Runner, *, seed: int
) -> KernelAnswers:
    """Ask every function its questions; their `task` becomes the name that the function has in the kernel."""
    asked = tuple(_patient(replace(one, task=function.bound)) for function in questions for one in questions[function])
    paths = list(dict.fromkeys((function.module, function.path) for function in questions))
    cells = tuple(
        Cell(number, _cell(module, [one for one in questions if one.path == path]))
        for number, (module, path) in enumerate(paths, start=1)
    )
    training = None if lab.rubric.training is None else lab.rubric.training.training
    spec = RunSpec(
        questions=asked, limits=_limits(lab.rubric.limits.limits), training=training, seed=seed, files=lab.files
    )
    with tempfile.TemporaryDirectory(prefix="grade-audit-") as name:
        for module, path in paths:
            shutil.copyfile(path, Path(name) / f"{module}.py")
        run = runner.run(Submission("audit", Path(lab.name), cells, sha256="", helpers=Path(name)), spec)
    observations = iter(run.observations)
    answers = {function: tuple(next(observations) for _ in own) for function, own in questions.items()}
    broken = {paths[stop.place.cell - 1][1]: stopped_text(stop, CELL_SECONDS) for stop in run.cells}
    return KernelAnswers(answers, broken)


def _patient(question: Question) -> Question:
    """Return a question with enough time for its training on any machine: an audit must not depend on the load."""
    inspection = question.inspection
    return (
        question if inspection is None else replace(question, inspection=replace(inspection, seconds=TRAINING_SECONDS))
    )


def _cell(module: str, functions: Sequence[Function]) -> str:
    bindings = [f"{function.bound} = {module}.{function.name}" for function in functions]
    return "\n".join([f"import {module}", *bindings])


def _limits(limits: Limits) -> Limits:
    return replace(
        limits,
        cell_seconds=CELL_SECONDS,
        call_seconds=PATIENCE * limits.call_seconds,
        submission_seconds=SUBMISSION_SECONDS,
        memory_mib=max(limits.memory_mib, MEMORY_MIB),
    )
