"""A student's kit, LAB.kit.json: a lab with its public questions and their answers, and nothing that gives others away.

It is the rubric without hidden questions, and a reference that is known by its answers alone. From these a key is made
as from a course, and all that grades a notebook with a course grades it with a kit.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError

from grader.course.mistakes_and_laws import INPUTS, Law, Laws, Mistake
from grader.course.python_file import functions_in
from grader.course.recorded import Recorded
from grader.course.rubric import Rubric
from grader.course.strict import Strict
from grader.course.texts import Points, TextEntry
from grader.course.yaml_lines import YamlFile
from grader.errors import LabError
from grader.messages.sentences import LANGUAGES, say
from grader.model import Language
from grader.probes.loading import module_of
from grader.wire.observations import decode_observation
from grader.wire.plain import decode_value
from grader.wire.values import WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from fractions import Fraction
    from pathlib import Path
    from types import ModuleType

    from grader.model import Observation, Value

FORMAT = 1
METADATA = "labgrader"
"""The key in the metadata of a notebook that is given out."""
LARGEST_KIT_BYTES = 64 * 2**20


class KitAnswer(Strict):
    """What a function answers to some arguments, both as `grader.wire` writes them."""

    arguments: str
    answer: dict[str, Any]


class KitTask(Strict):
    """The answers of the reference, and of each reading of the task."""

    parameters: list[str]
    answers: list[KitAnswer]
    readings: dict[str, list[KitAnswer]] = Field(default_factory=dict)


class KitMistake(Strict):
    """A mistake's texts, the checks of its task that it loses, and what is observed where the reference answers."""

    loses: list[str]
    observed: TextEntry
    hint: TextEntry
    answers: list[dict[str, Any]]
    """In the order of the task's own answers, of which those to swapped arguments stand last and are left out."""


class KitLaw(Strict):
    """A law's texts."""

    broken: TextEntry
    hint: TextEntry


class KitLaws(Strict):
    """The public laws of a task: their Python source, the strategy of their inputs in it, and their texts."""

    source: str
    laws: dict[str, KitLaw]


class KitFile(Strict):
    """What LAB.kit.json holds."""

    kit: Literal[1]
    """The version of this format."""
    labgrader: str
    """The version of the program that wrote it."""
    lab: str
    course_sha256: str
    """The digest of the lab that it was made from."""
    points: Points
    """What the whole lab is worth; the rubric's own points are those of the checks that are in it."""
    notebook_sha256: str
    """The digest of the notebook that it was given out with, as `notebook_digest` makes it."""
    rubric: Rubric
    answers: dict[str, KitTask]
    mistakes: dict[str, dict[str, KitMistake]]
    laws: dict[str, KitLaws]
    probes: str = ""
    """The text of the lab's probes; empty where it has none."""
    given: list[str] = Field(default_factory=list)
    """The functions of the notebook as it was given out, without texts and comments, blanks folded to one."""
    languages: Annotated[list[Language], Field(min_length=1)] = Field(default_factory=lambda: list(LANGUAGES))
    """Those that the lab's pages are in."""
    sha256: str
    """The digest of all else that stands here, as `digest_of` makes it."""


@dataclass(frozen=True, slots=True)
class KitFacts:
    """What a kit knows of the lab that it is a part of."""

    points: Fraction
    """What the whole lab is worth, hidden questions and all."""
    notebook_sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class Kit:
    """A kit that was read: all that a lab consists of. `reference` has what a reference module has."""

    name: str
    facts: KitFacts
    rubric: Rubric
    rubric_yaml: YamlFile
    reference: SimpleNamespace
    mistakes: Mapping[str, tuple[Mistake, ...]]
    laws: Mapping[str, Laws]
    probes: str
    languages: tuple[Language, ...]
    given: frozenset[str]
    """The functions of the notebook as it was given out."""
    sha256: str
    """The digest of the kit."""


def digest_of(form: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a kit's content, without the digest itself."""
    content = {key: value for key, value in form.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def notebook_digest(cells: Iterable[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of the cells of a notebook as it is given out: of their types and sources."""
    sources = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    return hashlib.sha256(json.dumps(sources, ensure_ascii=False).encode()).hexdigest()


def given_with(path: Path) -> str | None:
    """Return the digest that a notebook carries of itself as it was given out; None where it carries none."""
    try:
        form = json.loads(path.read_bytes())
        digest = form["metadata"][METADATA]["notebook_sha256"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return digest if isinstance(digest, str) else None


def read_kit(path: Path) -> Kit:
    """Read a kit; raise LabError for a file that is none, was changed, or is newer than this program."""
    form = _form_of(path)
    try:
        file = KitFile.model_validate(form)
        return Kit(
            name=file.lab,
            facts=KitFacts(file.points, file.notebook_sha256),
            rubric=file.rubric,
            rubric_yaml=YamlFile(path, form["rubric"], {(): 1}),
            reference=_reference(file),
            mistakes={task: _mistakes(file.answers[task], entries) for task, entries in file.mistakes.items()},
            laws={task: _laws(path, task, entry) for task, entry in file.laws.items()},
            probes=file.probes,
            given=frozenset(file.given),
            languages=tuple(file.languages),
            sha256=file.sha256,
        )
    except (ValidationError, WireError, KeyError) as error:
        raise _changed(path) from error


def _form_of(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST_KIT_BYTES:
            raise _changed(path)
        form = json.loads(path.read_bytes())
    except OSError as error:
        raise LabError(say("{file} cannot be read: {reason}", file=path, reason=error.strerror)) from error
    except (ValueError, RecursionError) as error:
        raise _changed(path) from error
    if not isinstance(form, dict):
        raise _changed(path)
    version = form.get("kit")
    if isinstance(version, int) and version > FORMAT:
        raise LabError(
            say(
                "{file} was made for labgrader {version} or newer: update with `pip install --upgrade labgrader`.",
                file=path,
                version=str(form.get("labgrader"))[:20],
            )
        )
    if form.get("sha256") != digest_of(form):
        raise _changed(path)
    return form


def _changed(path: Path) -> LabError:
    return LabError(
        say("{file} is not as it was given out: get it again from your teacher, in place of this one.", file=path)
    )


def _reference(file: KitFile) -> SimpleNamespace:
    """Return what stands for the reference's module: a function for each task, and READINGS."""
    functions = {task: Recorded(task, entry.parameters, _values(entry.answers)) for task, entry in file.answers.items()}
    readings = {
        task: {name: Recorded(name, entry.parameters, _values(answers)) for name, answers in entry.readings.items()}
        for task, entry in file.answers.items()
    }
    return SimpleNamespace(**functions, READINGS=readings)


def _values(entries: Sequence[KitAnswer]) -> dict[str, Value | Observation]:
    return {entry.arguments: _answer(entry.answer) for entry in entries}


def _answer(form: dict[str, Any]) -> Value | Observation:
    """Return an answer, or the exception that is raised in its place."""
    return decode_observation(form) if "raised" in form else decode_value(form)


def _mistakes(task: KitTask, entries: Mapping[str, KitMistake]) -> tuple[Mistake, ...]:
    return tuple(
        Mistake(
            name=name,
            loses=tuple(entry.loses),
            observed=entry.observed.text,
            hint=entry.hint.text,
            function=Recorded(name, task.parameters, _observations(task, entry)),
        )
        for name, entry in entries.items()
    )


def _observations(task: KitTask, entry: KitMistake) -> dict[str, Observation]:
    """Return what is observed of a mistake by the form of the arguments."""
    return {
        known.arguments: decode_observation(answer) for known, answer in zip(task.answers, entry.answers, strict=False)
    }


def _laws(path: Path, task: str, entry: KitLaws) -> Laws:
    functions = dict(functions_in(_module(path, task, entry.source)))
    inputs: Callable[..., Any] = functions.pop(INPUTS)
    laws = (
        Law(name, texts.broken.text, hint=texts.hint.text, function=functions[name])
        for name, texts in entry.laws.items()
    )
    return Laws(tuple(laws), inputs)


def _module(path: Path, task: str, source: str) -> ModuleType:
    try:
        return module_of(f"kit:{path.stem}:{task}", source)
    except (Exception, SystemExit) as error:  # the file is as it was given out: its maker is told
        problem = f"{type(error).__name__}: {error}"
        raise LabError(say("{file}, laws of {task}: {problem}", file=path, task=task, problem=problem)) from error


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a kit."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **KitFile.model_json_schema(by_alias=True),
        "title": "labgrader kit",
    }
