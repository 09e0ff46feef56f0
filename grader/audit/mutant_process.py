"""The process that tries mutants, and is killed if one of them never ends. It talks in lines of JSON.

A request names a file and tasks, {"file": …, "tasks": […]}; the answer says which checks of each task fail for what
the file computes: {"softmax": ["values"]}. Started as `python -P -B -m grader.audit.mutant_process COURSE LAB SEED`.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.audit.candidates import judged_as
from grader.course.folder import open_course
from grader.course.lab import load_lab
from grader.course.python_file import load_code
from grader.errors import LabError
from grader.grading.explaining.known import answered
from grader.grading.make_key import make_key
from grader.model import Passed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.grading.key import Key

BROKEN = "import"
"""The failed check of a file that cannot even be imported."""


def lost(key: Key, file: Path, tasks: Sequence[str]) -> dict[str, list[str]]:
    """Return for each task the checks that the function of its name in a file fails."""
    try:
        module = load_code(file)
    except LabError:
        return {task: [BROKEN] for task in tasks}
    return {task: _lost(key, task, getattr(module, task)) for task in tasks}


def _lost(key: Key, task: str, function: Any) -> list[str]:  # noqa: ANN401 (whatever the mutant made of it)
    observations = [answered(function, asked.question) for asked in key.asked if asked.question.task == task]
    return [one.check for one in judged_as(key, task, observations) if not isinstance(one.verdict, Passed)]


def _serve(course: Path, name: str, seed: int) -> None:
    answers, sys.stdout = sys.stdout, sys.stderr  # a mutant may print
    lab = load_lab(open_course(course), name)
    key = make_key(lab, seed)
    for file in lab.files:  # into the runner's folder, in which this process stands and which the runner removes
        shutil.copyfile(file, file.name)
    answers.write("ready\n")
    answers.flush()
    for line in sys.stdin:
        form = json.loads(line)
        answers.write(json.dumps(lost(key, Path(form["file"]), form["tasks"])) + "\n")
        answers.flush()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
