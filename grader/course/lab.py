"""A lab that is ready to be asked about: its rubric and its reference, read and found to fit together."""

from __future__ import annotations

import hashlib
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.course.folder import KIT, KitFolder
from grader.course.kit import read_kit
from grader.course.mistakes_and_laws import load_laws, load_mistakes
from grader.course.python_file import load_code
from grader.course.rubric_file import read_rubric
from grader.course.yaml_lines import Problem
from grader.errors import LabError
from grader.messages.sentences import nearest_text, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import ModuleType, SimpleNamespace

    from grader.course.folder import Course
    from grader.course.kit import Kit, KitFacts
    from grader.course.mistakes_and_laws import Laws, Mistake
    from grader.course.rubric import Check, Entry, Rubric, Task
    from grader.course.yaml_lines import Keys, YamlFile


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab whose rubric is valid and whose reference has all that the rubric names."""

    name: str
    rubric: Rubric
    rubric_yaml: YamlFile
    reference: ModuleType | SimpleNamespace
    """The reference's module; of a student's kit what stands for it, which knows the public answers alone."""
    sha256: str
    """A digest of the files that a result is judged by: the rubric, the reference, the mistakes and the laws."""
    mistakes: Mapping[str, tuple[Mistake, ...]]
    """The known mistakes of each task."""
    laws: Mapping[str, Laws]
    kit: KitFacts | None = None
    """Where it comes from a student's kit, which has the public questions only; None where the course is here."""

    def reading(self, task: str, name: str) -> Callable[..., object]:
        """Return one of the readings of a task, which gives another right answer to the same question."""
        return self.reference.READINGS[task][name]  # type: ignore[no-any-return]

    def oracle(self, task: str) -> Callable[..., object]:
        """Return the reference implementation of a task."""
        return getattr(self.reference, task)  # type: ignore[no-any-return]


def load_lab(course: Course, name: str) -> Lab:
    """Read a lab's rubric and reference, or its kit; raise LabError for any mistake in them."""
    if isinstance(course, KitFolder):
        return _from_kit(_kit_of(course, name))
    rubric_path = course.rubric_path(name)
    rubric, rubric_yaml = read_rubric(rubric_path)
    reference_path = course.reference_path(name)
    reference = load_code(reference_path)
    if problems := list(_mismatches(rubric, reference, reference_path)):
        raise rubric_yaml.refusal(problems)
    mistakes_folder, laws_folder = course.mistakes_folder(name), course.laws_folder(name)
    laws = {task: load_laws(laws_folder, task) for task in rubric.tasks}
    if problems := list(_unknown_laws(rubric, laws)):
        raise rubric_yaml.refusal(problems)
    return Lab(
        name=name,
        rubric=rubric,
        rubric_yaml=rubric_yaml,
        reference=reference,
        sha256=_digest([rubric_path, reference_path, *_files(mistakes_folder), *_files(laws_folder)]),
        mistakes={task: load_mistakes(mistakes_folder, task, _asking(entry)) for task, entry in rubric.tasks.items()},
        laws=laws,
    )


def _asking(task: Task) -> Mapping[str, Check]:
    """Return the checks of a task that have questions: a mistake is known by answers."""
    return {name: check for name, check in task.checks.items() if check.questions}


def load_rubric(course: Course, name: str) -> Rubric:
    """Read a lab's rubric alone, or that of its kit; raise LabError for any mistake in it."""
    if isinstance(course, KitFolder):
        return _kit_of(course, name).rubric
    return read_rubric(course.rubric_path(name))[0]


def _kit_of(course: KitFolder, name: str) -> Kit:
    """Read a lab's kit; raise LabError where it is another lab's, under this one's name."""
    path = course.kit_path(name)
    kit = read_kit(path)
    if kit.name != name:
        raise LabError(
            say(
                "{file} is the kit of {other}, not of {lab}: rename it to {other}{ending}, and get that of {lab} from "
                "your teacher.",
                file=path,
                other=kit.name,
                lab=name,
                ending=KIT,
            )
        )
    return kit


def _from_kit(kit: Kit) -> Lab:
    return Lab(
        name=kit.name,
        rubric=kit.rubric,
        rubric_yaml=kit.rubric_yaml,
        reference=kit.reference,
        sha256=kit.sha256,
        mistakes=kit.mistakes,
        laws=kit.laws,
        kit=kit.facts,
    )


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
                    allowed = nearest_text(judge.law, known)
                    sentence = say("there is no law {name}; allowed: {allowed}", name=judge.law, allowed=allowed)
                    yield Problem(("tasks", task_name, "checks", check_name, *keys, "judge", "law"), sentence)


def _mismatches(rubric: Rubric, reference: ModuleType, path: Path) -> Iterator[Problem]:
    """Yield the functions, readings, makers and argument names that the reference does not have."""
    functions = {name: found for name, found in vars(reference).items() if inspect.isfunction(found)}
    for name, task in rubric.tasks.items():
        if name not in functions:
            allowed = nearest_text(name, functions)
            sentence = say("{file} has no function of this name; it has {allowed}", file=path, allowed=allowed)
            yield Problem(("tasks", name), sentence)
            continue
        yield from _unknown_readings(name, task, path, known=getattr(reference, "READINGS", {}).get(name, {}))
        for check_name, check in task.checks.items():
            for position, entry in enumerate(check.questions):
                keys = ("tasks", name, "checks", check_name, "questions", position)
                yield from _unfit_inputs(entry, keys, functions[name], functions=functions, path=path)


def _unknown_readings(name: str, task: Task, path: Path, *, known: Mapping[str, object]) -> Iterator[Problem]:
    for reading in task.readings:
        if reading not in known:
            allowed = nearest_text(reading, known)
            sentence = say("{file} has no reading {name}; it has {allowed}", file=path, name=reading, allowed=allowed)
            yield Problem(("tasks", name, "readings", reading), sentence)


def _unfit_inputs(
    entry: Entry, keys: Keys, function: Callable[..., object], *, functions: Mapping[str, object], path: Path
) -> Iterator[Problem]:
    """Yield an unknown maker, or inputs that are not the function's parameters."""
    parameters = list(inspect.signature(function).parameters)
    if entry.make is not None and entry.make not in functions:
        allowed = nearest_text(entry.make, functions)
        sentence = say("{file} has no maker {name}; it has {allowed}", file=path, name=entry.make, allowed=allowed)
        yield Problem((*keys, "make"), sentence)
    elif entry.inputs is not None and list(entry.inputs) != parameters:
        sentence = say("must name {allowed}, in this order", allowed=", ".join(parameters))
        yield Problem((*keys, "inputs"), sentence)
