"""A lab that is ready to ask: its rubric and its reference, read and found to fit together."""

from __future__ import annotations

import hashlib
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.course.mistakes_and_laws import load_laws, load_mistakes
from grader.course.python_file import load_code
from grader.course.rubric_file import read_rubric
from grader.course.yaml_lines import Located, Problem
from grader.messages.sentences import nearest, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    from grader.course.folder import Course
    from grader.course.mistakes_and_laws import Laws, Mistake
    from grader.course.rubric import Rubric
    from grader.course.yaml_lines import Keys


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab that is ready to ask: its rubric holds, and its reference has what the rubric names."""

    name: str
    rubric: Rubric
    located: Located
    reference: ModuleType
    sha256: str
    """Of the bytes of the rubric, the reference, the mistakes and the laws: what a result was judged by."""
    mistakes: Mapping[str, tuple[Mistake, ...]]
    """The known mistakes of each task."""
    laws: Mapping[str, Laws]

    def reading(self, task: str, name: str) -> Callable[..., object]:
        """Return one of the readings of a task: another right answer to the same question."""
        return self.reference.READINGS[task][name]  # type: ignore[no-any-return]

    def oracle(self, task: str) -> Callable[..., object]:
        """Return the reference implementation of a task."""
        return getattr(self.reference, task)  # type: ignore[no-any-return]


def load_lab(course: Course, name: str) -> Lab:
    """Read a lab's rubric and reference; raise LabError for any mistake in either."""
    rubric_path = course.rubric_path(name)
    rubric, located = read_rubric(rubric_path)
    reference_path = course.reference_path(name)
    reference = load_code(reference_path)
    if problems := list(_mismatches(rubric, reference, reference_path)):
        raise located.refusal(problems)
    mistakes_folder, laws_folder = course.mistakes_folder(name), course.laws_folder(name)
    if problems := list(_unknown_laws(rubric, laws := {task: load_laws(laws_folder, task) for task in rubric.tasks})):
        raise located.refusal(problems)
    mistakes = {task: load_mistakes(mistakes_folder, task, entry.checks) for task, entry in rubric.tasks.items()}
    digest = _digest([rubric_path, reference_path, *_files(mistakes_folder), *_files(laws_folder)])
    return Lab(name, rubric, located, reference, digest, mistakes, laws)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in {".py", ".yaml"})


def _digest(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _unknown_laws(rubric: Rubric, laws: Mapping[str, Laws]) -> Iterator[Problem]:
    for task_name, task in rubric.tasks.items():
        known = [law.name for law in laws[task_name].laws]
        for check_name, check in task.checks.items():
            judges: list[tuple[Keys, Any]] = [((), check.judge)]
            judges += [(("questions", place), entry.judge) for place, entry in enumerate(check.questions)]
            for keys, judge in judges:
                if getattr(judge, "kind", None) == "law" and judge.law not in known:
                    allowed = ", ".join(nearest(judge.law, known)) or "-"
                    told = say("there is no law {name}; allowed: {allowed}", name=judge.law, allowed=allowed)
                    yield Problem(("tasks", task_name, "checks", check_name, *keys, "judge", "law"), told)


def _mismatches(rubric: Rubric, reference: ModuleType, path: Path) -> Iterator[Problem]:
    """Find functions, readings, makers and argument names that the reference does not have."""
    known = [name for name, found in vars(reference).items() if inspect.isfunction(found)]
    for task_name, task in rubric.tasks.items():
        if task_name not in known:
            allowed = ", ".join(nearest(task_name, known))
            sentence = say("{file} has no function of this name; it has {allowed}", file=path, allowed=allowed)
            yield Problem(("tasks", task_name), sentence)
            continue
        readings = getattr(reference, "READINGS", {}).get(task_name, {})
        for name in task.readings:
            if name not in readings:
                allowed = ", ".join(nearest(name, readings))
                sentence = say("{file} has no reading {name}; it has {allowed}", file=path, name=name, allowed=allowed)
                yield Problem(("tasks", task_name, "readings", name), sentence)
        parameters = list(inspect.signature(getattr(reference, task_name)).parameters)
        for check_name, check in task.checks.items():
            for position, entry in enumerate(check.questions):
                keys = ("tasks", task_name, "checks", check_name, "questions", position)
                if entry.make is not None and entry.make not in known:
                    allowed = ", ".join(nearest(entry.make, known))
                    sentence = say(
                        "{file} has no maker {name}; it has {allowed}",
                        file=path,
                        name=entry.make,
                        allowed=allowed,
                    )
                    yield Problem((*keys, "make"), sentence)
                elif entry.inputs is not None and list(entry.inputs) != parameters:
                    allowed = ", ".join(parameters)
                    yield Problem((*keys, "inputs"), say("must name {allowed}, in this order", allowed=allowed))
