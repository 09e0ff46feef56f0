"""A lab that is ready to ask: its rubric and its reference, read and found to fit together."""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.located import Located, Problem
from grader.messages import nearest, say
from grader.rubric_file import read_rubric

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from grader.course import Course
    from grader.rubric import Rubric


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab that is ready to ask: its rubric holds, and its reference has what the rubric names."""

    name: str
    rubric: Rubric
    located: Located
    reference: ModuleType
    sha256: str
    """Of the rubric's and the reference's bytes: what a result was judged by."""

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
    reference = _load_reference(reference_path)
    if problems := list(_mismatches(rubric, reference, reference_path)):
        raise located.refusal(problems)
    digest = hashlib.sha256(rubric_path.read_bytes() + b"\0" + reference_path.read_bytes()).hexdigest()
    return Lab(name, rubric, located, reference, digest)


def _load_reference(path: Path) -> ModuleType:
    """Import a reference by its path, under a name that no import statement finds."""
    spec = importlib.util.spec_from_file_location(f"reference:{path.stem}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise LabError(say("{file} is missing: every lab needs its reference there.", file=path))
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a staff file may raise anything; it is told, not swallowed
        line = _line_of(error, path)
        problem = f"{type(error).__name__}: {error}"
        raise LabError(say("{file}, line {line}: {problem}", file=path, line=line, problem=problem)) from error
    return module


def _line_of(error: BaseException, path: Path) -> int:
    if isinstance(error, SyntaxError) and error.lineno:
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return (lines and lines[-1]) or 1


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
