"""The process that tries mutants, and is killed if one of them never ends. It talks in lines of JSON.

A request names a file and tasks, {"file": …, "tasks": […]}; the answer says of each task which checks fail for what the
file computes, and which pass by their tolerance alone: {"softmax": {"lost": ["values"], "wide": []}}. With "code" in
it, where the slip was made, the answer has an input for each task that would tell the file from the reference,
{"softmax": "x=0"}: "" where none of many does, and nothing where there were too few. Started as
`python -P -B -m grader.audit.mutant_process COURSE LAB SEED`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from grader.audit.candidates import judged_as
from grader.audit.searching import telling_input
from grader.audit.tolerances import ruler
from grader.audit.variations import constants_in
from grader.course.folder import open_course
from grader.course.lab import load_lab
from grader.course.python_file import load_code
from grader.errors import LabError
from grader.grading.explaining.known import answered
from grader.grading.key import Key
from grader.grading.make_key import make_key
from grader.model import Passed
from grader.probes.asking import LackingError
from grader.probes.scratch import put_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from grader.course.lab import Lab
    from grader.grading.key import Asked
    from grader.model import Observation

BROKEN = "import"
"""The failed check of a file that cannot even be imported, or lacks what answers."""

NARROWER = 100.0
"""An answer passes by the tolerance alone where one so many times narrower refuses it."""


class Outcome(TypedDict):
    """The checks of a task that fail, and those that pass by their tolerance alone."""

    lost: list[str]
    wide: list[str]


def judged(lab: Lab, key: Key, file: Path, *, tasks: Sequence[str]) -> dict[str, Outcome]:
    """Return for each task how the answers are judged that a file gives in the reference's place."""
    try:
        module = load_code(file)
    except LabError:
        return {task: {"lost": [BROKEN], "wide": []} for task in tasks}
    return {task: _judged(lab, key, task, module=module) for task in tasks}


def _judged(lab: Lab, key: Key, task: str, *, module: ModuleType) -> Outcome:
    asked = tuple(one for one in key.asked if one.question.task == task)
    try:
        function = answering(lab, task, module)
    except LackingError:
        return {"lost": [BROKEN], "wide": []}
    observations = [answered(function, one.question) for one in asked]
    lost = _lost(Key(key.lab, key.seed, asked), task, observations)
    narrow = Key(key.lab, key.seed, tuple(replace(one, options={**one.options, **_narrow(one)}) for one in asked))
    return {"lost": lost, "wide": [] if lost else _lost(narrow, task, observations)}


def answering(lab: Lab, task: str, module: ModuleType) -> Callable[..., object]:
    """Return what a module answers a task's questions by; raise LackingError where it has nothing of that name."""
    probe = lab.manner(task).probe
    if probe is not None and not probe.source:
        return getattr(module, task)  # type: ignore[no-any-return]  # `answered` puts a ready-made probe around it
    return replace(lab, reference=module).oracle(task)


def _lost(key: Key, task: str, observations: Sequence[Observation]) -> list[str]:
    return [one.check for one in judged_as(key, task, observations) if not isinstance(one.verdict, Passed)]


def _narrow(asked: Asked) -> dict[str, float]:
    measure = ruler(asked)
    return {} if measure is None else dict(zip(("rtol", "atol"), (one / NARROWER for one in measure), strict=True))


def _searched(lab: Lab, key: Key, file: Path, *, tasks: Sequence[str], code: str) -> dict[str, str]:
    module, constants = load_code(file), constants_in(code)
    found = {
        task: telling_input(lab, key, task, function=answering(lab, task, module), constants=constants).found
        for task in tasks
    }
    return {task: text for task, text in found.items() if text is not None}


def _serve(course: Path, name: str, seed: int) -> None:
    answers, sys.stdout = sys.stdout, sys.stderr  # a mutant may print
    lab = load_lab(open_course(course), name)
    key = make_key(lab, seed)
    put_in(Path(), lab.files)  # into the runner's folder, in which this process stands and which the runner removes
    answers.write("ready\n")
    answers.flush()
    for line in sys.stdin:
        form = json.loads(line)
        file, tasks = Path(form["file"]), form["tasks"]
        if "code" in form:
            answer: object = _searched(lab, key, file, tasks=tasks, code=form["code"])
        else:
            answer = judged(lab, key, file, tasks=tasks)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
