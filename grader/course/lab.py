"""A lab that is ready to be asked about: its rubric and its reference, read and found to fit together."""

from __future__ import annotations

import hashlib
import inspect
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from grader.course.folder import KIT, KitFolder
from grader.course.kit import read_kit
from grader.course.languages import languages_used
from grader.course.mismatches import mismatches
from grader.course.mistakes_and_laws import load_laws, load_mistakes
from grader.course.python_file import functions_in, load_code
from grader.course.reference import load_reference, reference_code
from grader.course.rubric_file import read_rubric
from grader.course.settings import read_languages
from grader.course.stub import given_cells, given_functions
from grader.course.yaml_lines import Problem
from grader.errors import LabError
from grader.messages.sentences import LANGUAGES, nearest_text, quote, say
from grader.model import CALL, DataFile, Manner, Probe
from grader.probes.asking import SOURCE, asked_of
from grader.probes.loading import module_of
from grader.probes.scratch import elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    from grader.course.folder import Course
    from grader.course.kit import Kit, KitFacts
    from grader.course.mistakes_and_laws import Laws, Mistake
    from grader.course.reference import ReferenceCode
    from grader.course.rubric import Check, Rubric, Task
    from grader.course.yaml_lines import Keys, YamlFile
    from grader.model import Language, Text
    from grader.submission.notebooks import OutlineCell


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
    probes: str = ""
    """The text of probes/LAB.py; empty where there is none."""
    files: tuple[DataFile, ...] = ()
    """The data files that are copied to where a notebook runs."""
    languages: tuple[Language, ...] = LANGUAGES
    """Those that its pages are in."""
    given: frozenset[str] = frozenset()
    """The texts of the tasks' functions as students are given them: whoever hands one in so has not written it."""
    stub: tuple[OutlineCell, ...] = ()
    """The cells of the notebook that students are given, of a lab of which a person reads something; else none."""
    kit: KitFacts | None = None
    """Where it comes from a student's kit, which has the public questions only; None where the course is here."""

    @property
    def title(self) -> Text:
        """Return its title: its name, where the rubric has none."""
        title = self.rubric.title
        return quote(self.name) if title is None else title.text

    def reading(self, task: str, name: str) -> Callable[..., object]:
        """Return one of the readings of a task, which gives another right answer to the same question."""
        return self.reference.READINGS[task][name]  # type: ignore[no-any-return]

    def oracle(self, task: str) -> Callable[..., object]:
        """Return what the reference answers to a task's questions: a function of their arguments."""
        if self.kit is not None or (manner := self.manner(task)) == CALL:
            return getattr(self.reference, task)  # type: ignore[no-any-return]
        asked = asked_of(vars(self.reference), task, manner)
        return asked if manner.probe is None else self._elsewhere(asked)

    def _elsewhere(self, asked: Callable[..., object]) -> Callable[..., object]:
        """Return what asks the reference where it may read the lab's files and write others, as a notebook may."""

        def ask(*given: object) -> object:
            with elsewhere(self.files):
                return asked(*given)

        return ask

    def parameters(self, task: str) -> tuple[str, ...]:
        """Return the names of the arguments that a task's questions have."""
        manner = self.manner(task)
        if self.kit is not None or manner.probe is None or not manner.probe.source:
            function = None if self.kit is None and manner.variable is not None else getattr(self.reference, task)
            return () if function is None else tuple(inspect.signature(function).parameters)
        return tuple(inspect.signature(self.probe_functions[manner.probe.name]).parameters)[1:]

    def manner(self, task: str) -> Manner:
        """Return how a task's questions are put."""
        entry = self.rubric.tasks[task]
        if entry.variable is not None:
            return Manner(variable=entry.variable)
        if entry.probe is None:
            return CALL
        return Manner(probe=Probe(entry.probe, self.probes if entry.probe in self.probe_functions else ""))

    @property
    def probe_functions(self) -> Mapping[str, Callable[..., object]]:
        """Return the functions of probes/LAB.py by their names."""
        return functions_in(module_of(SOURCE, self.probes)) if self.probes else {}


def load_lab(course: Course, name: str) -> Lab:
    """Read a lab's rubric and reference, or its kit; raise LabError for any mistake in them."""
    if isinstance(course, KitFolder):
        return _from_kit(course, _kit_of(course, name))
    rubric_path = course.rubric_path(name)
    rubric, rubric_yaml = read_rubric(rubric_path)
    reference_path = course.reference_path(name)
    probes_path = course.probes_path(name)
    probes = _probes(probes_path)
    files = tuple(DataFile(name, course.file_path(name)) for name in rubric.files)
    if absent := [one.path for one in files if not one.path.is_file()]:
        raise rubric_yaml.refusal([Problem(("files",), say("{file} is missing", file=file)) for file in absent])
    has_reference = bool(rubric.asked) or reference_path.is_file()  # a lab that people alone read needs none
    reference: ModuleType | SimpleNamespace = SimpleNamespace()
    if has_reference:
        reference = load_reference(reference_code(reference_path, rubric, probes), files)
    paths = [rubric_path, *([reference_path] if has_reference else []), *([probes_path] if probes else [])]
    if problems := list(mismatches(rubric, reference, reference_path, probes=_probe_functions(probes_path, probes))):
        raise rubric_yaml.refusal(problems)
    mistakes_folder, laws_folder = course.mistakes_folder(name), course.laws_folder(name)
    laws = {task: load_laws(laws_folder, task) for task in rubric.asked}
    if problems := list(_unknown_laws(rubric, laws)):
        raise rubric_yaml.refusal(problems)
    named = read_languages(course.folder)
    return Lab(
        name=name,
        rubric=rubric,
        rubric_yaml=rubric_yaml,
        reference=reference,
        sha256=_digest([*paths, *_files(mistakes_folder), *_files(laws_folder), *(file.path for file in files)], named),
        languages=named or languages_used(rubric),
        probes=probes,
        files=files,
        given=given_functions(course, name, rubric.asked),
        stub=given_cells(course, name) if any(task.manual is not None for task in rubric.tasks.values()) else (),
        mistakes={task: load_mistakes(mistakes_folder, task, _asking(entry)) for task, entry in rubric.asked.items()},
        laws=laws,
    )


def code_of(course: Course, name: str) -> ReferenceCode:
    """Return the Python of a lab's reference; raise LabError for any mistake in its rubric or its source notebook."""
    return reference_code(course.reference_path(name), load_rubric(course, name), _probes(course.probes_path(name)))


def _asking(task: Task) -> Mapping[str, Check]:
    """Return the checks of a task that have questions: a mistake is known by answers."""
    return {name: check for name, check in task.checks.items() if check.questions}


def load_rubric(course: Course, name: str) -> Rubric:
    """Read a lab's rubric alone, or that of its kit; raise LabError for any mistake in it."""
    if isinstance(course, KitFolder):
        return _kit_of(course, name).rubric
    return read_rubric(course.rubric_path(name))[0]


def lab_languages(course: Course, name: str) -> tuple[Language, ...]:
    """Return the languages of a lab without reading all of it; raise LabError for any mistake in its rubric."""
    if isinstance(course, KitFolder):
        return _kit_of(course, name).languages
    return read_languages(course.folder) or languages_used(load_rubric(course, name))


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


def _from_kit(course: KitFolder, kit: Kit) -> Lab:
    files = tuple(DataFile(name, course.file_path(name)) for name in kit.rubric.files)
    for file in files:
        if not file.path.is_file():
            raise LabError(
                say(
                    "{file} is missing: it was given out with {lab}. Put it back beside the kit.",
                    file=file.path,
                    lab=kit.name,
                )
            )
    return Lab(
        name=kit.name,
        rubric=kit.rubric,
        rubric_yaml=kit.rubric_yaml,
        reference=kit.reference,
        sha256=kit.sha256,
        mistakes=kit.mistakes,
        laws=kit.laws,
        probes=kit.probes,
        files=files,
        languages=kit.languages,
        given=kit.given,
        kit=kit.facts,
    )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in {".py", ".yaml"})


def _probes(path: Path) -> str:
    """Return the text of a lab's probes; empty where it has none."""
    return path.read_text("utf-8") if path.is_file() else ""


def _probe_functions(path: Path, source: str) -> Mapping[str, Callable[..., object]]:
    """Return the probes by their names; raise LabError, with the line, for a file that cannot be read as Python."""
    return functions_in(load_code(path)) if source else {}


def _digest(paths: Sequence[Path], named: Sequence[Language] | None) -> str:
    """Return the digest of files, and of the languages that course.yaml names."""
    digest = hashlib.sha256("\0".join(named or ()).encode())
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _unknown_laws(rubric: Rubric, laws: Mapping[str, Laws]) -> Iterator[Problem]:
    for task_name, task in rubric.asked.items():
        known = [law.name for law in laws[task_name].laws]
        for check_name, check in task.checks.items():
            judges: list[tuple[Keys, Any]] = [((), check.judge)]
            judges += [(("questions", place), entry.judge) for place, entry in enumerate(check.questions)]
            for keys, judge in judges:
                if getattr(judge, "kind", None) == "law" and judge.law not in known:
                    allowed = nearest_text(judge.law, known)
                    sentence = say("there is no law {name}; allowed: {allowed}", name=judge.law, allowed=allowed)
                    yield Problem(("tasks", task_name, "checks", check_name, *keys, "judge", "law"), sentence)
