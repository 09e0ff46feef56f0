"""What a rubric may say, defined once: this validates a rubric and writes its JSON Schema. `rubric_file` reads one."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import PurePosixPath
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, Union, get_type_hints

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model, model_validator
from pydantic_core import PydanticCustomError

from grader import checks
from grader.course.forms import Input
from grader.course.manual import CellsEntry, Manual
from grader.course.strict import Strict
from grader.course.texts import Points, TextEntry
from grader.messages.sentences import quote
from grader.model import CellsWanted, Limits, Text, Training
from grader.probes.asking import READY
from grader.registry import module_in, names_in
from grader.submission.spellings import is_name

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSES = 32
"""How many programs at once `processes: true` lets a notebook run."""


Seconds: TypeAlias = Annotated[float, Field(gt=0, le=86400)]


def _judge_models() -> Iterator[type[BaseModel]]:
    """Make one model per file in grader/checks: its options are the keyword-only parameters of `judge`."""
    for kind in names_in(checks):
        module = module_in(checks, kind)
        given = {
            name: parameter
            for name, parameter in inspect.signature(module.judge).parameters.items()
            if parameter.kind is parameter.KEYWORD_ONLY
        }
        written = SimpleNamespace(__annotations__={name: parameter.annotation for name, parameter in given.items()})
        hints = get_type_hints(written, vars(module))
        options: dict[str, Any] = {
            name: (_option(hints[name]), ... if parameter.default is parameter.empty else parameter.default)
            for name, parameter in given.items()
        }
        words: Any = Literal[kind]  # made from the folder
        yield create_model(f"Judge_{kind}", __base__=Strict, kind=(words, ...), **options)


def _option(hint: Any) -> Any:  # noqa: ANN401 (a type)
    """Return a type with the bounds that every number in a rubric has, and texts as a rubric writes them."""
    if hint == Mapping[str, Text | None]:
        return Annotated[dict[str, TextEntry | None], Field(min_length=2)]
    return Annotated[hint, Field(ge=0, allow_inf_nan=False)] if hint is float else hint


if TYPE_CHECKING:
    Judge: TypeAlias = BaseModel
else:
    Judge = Annotated[Union[tuple(_judge_models())], Field(discriminator="kind")]  # noqa: UP007 (made at run time)


class Entry(Strict):
    """Questions of one check: one with literal inputs, or `count` questions from a maker in the reference."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["inputs", "make"]}})

    public: bool = False
    about: TextEntry | None = None
    """What kind of input a maker makes: a student is told no more of a hidden question."""
    inputs: dict[str, Input] | None = None
    make: str | None = None
    count: Annotated[int, Field(ge=1, le=100)] = 1
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    """Fixes the random numbers of NumPy, Python, TensorFlow and PyTorch for the call, for the reference too."""
    libraries: Annotated[dict[str, Literal["torch", "tensorflow"]], Field(alias="as", default_factory=dict)]
    """Which arrays a notebook is given as tensors; the reference always gets arrays."""
    judge: Judge | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Entry:
        if self.inputs is not None and self.make is not None:
            raise PydanticCustomError("one_source", "either inputs or make")
        return self


def _to_called(word: str) -> str:
    if not is_name(word):
        raise PydanticCustomError("called", "{name} is no name", {"name": word})
    return word


CalledNames: TypeAlias = Annotated[list[Annotated[str, AfterValidator(_to_called)]], Field(min_length=1)]


class Calls(Strict):
    """Names that a function has to use, or may not use, as students write them; `loop`, `for` and `while` are loops."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["require"]}, {"required": ["forbid"]}]})

    require: CalledNames | None = None
    forbid: CalledNames | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Calls:
        if self.require is None and self.forbid is None:
            raise PydanticCustomError("no_calls", "require or forbid")
        for name in self.require or ():
            if name in (self.forbid or ()):
                raise PydanticCustomError("both_calls", "{name} is both", {"name": name})
        return self


def _module_of(judge: Any) -> object:  # noqa: ANN401 (a model made from the kinds)
    """Return the kind that a check is judged by; None for the kind that it has without a word."""
    return None if judge is None else module_in(checks, judge.kind)


class Check(Strict):
    """One promise of the stub, and what it is worth: questions, what the function calls, or both."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["questions"]}, {"required": ["calls"]}]})

    points: Points
    promise: TextEntry | None = None
    hint: TextEntry | None = None
    judge: Judge | None = None
    rebuilt: Literal["required"] | None = None
    """Whether a network with parts that are not its library's fails, since it cannot be tested apart from its code."""
    questions: Annotated[list[Entry], Field(min_length=1)] = Field(default_factory=list)
    calls: Calls | None = None
    """What the function has to use or may not use; it is told from its code, and no question is asked."""

    @model_validator(mode="after")
    def _asks_something(self) -> Check:
        if not self.questions and self.calls is None:
            raise PydanticCustomError("no_questions", "questions or calls")
        return self

    @property
    def is_about_networks(self) -> bool:
        """Say whether it, or one of its questions, is judged by a kind that inspects a network."""
        return any(hasattr(_module_of(judge), "INSPECTS") for judge in self.judges)

    @property
    def judges(self) -> tuple[Any, ...]:
        """Return the kinds that it and its questions say to be judged by."""
        return tuple(judge for judge in (self.judge, *(entry.judge for entry in self.questions)) if judge is not None)

    @model_validator(mode="after")
    def _rebuilds_networks(self) -> Check:
        if self.rebuilt is not None and not self.is_about_networks:
            raise PydanticCustomError("rebuilt", "only a network is rebuilt")
        return self


_NAMES: dict[str, Any] = {"propertyNames": {"pattern": r"^[^\W\d]\w*$"}}


def _named(names: object) -> object:
    if isinstance(names, dict):
        for name in names:
            if not (isinstance(name, str) and name.isidentifier()):
                raise PydanticCustomError("identifier", "{name} is no Python name", {"name": str(name)})
    return names


Name: TypeAlias = Annotated[str, Field(pattern=r"^[^\W\d]\w*$")]


def _asks_or_is_read(schema: dict[str, Any]) -> None:
    """Let the JSON Schema of a task ask for checks, or for what a person reads, or for both."""
    schema["required"].remove("points")
    schema["anyOf"] = [{"required": ["points", "checks"]}, {"required": ["manual", "cells"]}]
    schema["dependentRequired"] = {"cells": ["manual"]}


class Task(Strict):
    """One function, one variable of the notebook, or whatever a probe makes a value of; or what a person reads.

    `readings` names those in the reference, where its text can be read in several right ways. `probe` is a function of
    probes/LAB.py, or one of figure, file and printed, which ask about the function of the task. `cells` are those that
    a person reads; where a function or a variable is asked about as well, those that define it need no word.
    """

    model_config = ConfigDict(json_schema_extra=_asks_or_is_read)

    title: TextEntry | None = None
    lecture: TextEntry | None = None
    points: Points
    variable: Name | None = None
    probe: Name | None = None
    readings: dict[str, TextEntry] = Field(default_factory=dict)
    checks: Annotated[
        dict[str, Check], BeforeValidator(_named), Field(default_factory=dict, min_length=1, json_schema_extra=_NAMES)
    ]
    manual: Manual | None = None
    cells: CellsEntry | None = None

    @model_validator(mode="before")
    @classmethod
    def _worth_what_is_read(cls, data: Any) -> Any:  # noqa: ANN401 (whatever the file says)
        """Let a task that is read and nothing else say its points once."""
        manual = data.get("manual") if isinstance(data, dict) else None
        if isinstance(manual, dict) and "points" in manual and not {"points", "checks"} & data.keys():
            return {**data, "points": manual["points"]}
        return data

    @model_validator(mode="after")
    def _one_way(self) -> Task:
        if self.variable is not None and self.probe is not None:
            raise PydanticCustomError("one_way", "either variable or probe")
        return self

    @model_validator(mode="after")
    def _is_asked_or_read(self) -> Task:
        asked = {"variable": self.variable, "probe": self.probe, "readings": self.readings}
        if not self.checks and self.manual is None:
            raise PydanticCustomError("no_checks", "checks or manual")
        if self.cells is not None and self.manual is None:
            raise PydanticCustomError("only_read", "cells without manual")
        if self.manual is None:
            return self
        if unasked := [name for name, said in asked.items() if said and not self.checks]:
            raise PydanticCustomError("not_asked", "{key} without checks", {"key": unasked[0]})
        if self.cells is None and not (self.checks and self.probe in (None, *READY)):
            raise PydanticCustomError("no_cells", "manual without cells")
        return self

    def cells_wanted(self, name: str) -> CellsWanted:
        """Return how the cells that a person reads are found, for a task of this name."""
        if self.cells is None:
            return CellsWanted(name=self.variable or name)
        return CellsWanted(id=self.cells.id or "", tag=self.cells.tag or "", heading=self.cells.heading or "")


class LimitsEntry(Strict):
    """Limits: seconds of wall-clock time; MiB of memory, of a cell's output and of files; programs it may start."""

    cell_seconds: Seconds = 60.0
    call_seconds: Seconds = 10.0
    submission_seconds: Seconds = 300.0
    memory_mib: Annotated[int, Field(ge=512, le=2**20)] = 3072
    output_mib: Annotated[int, Field(ge=1, le=1024)] = 32
    disk_mib: Annotated[int, Field(ge=1, le=2**20)] = 256
    processes: bool | Annotated[int, Field(ge=0, le=1000)] = False

    @property
    def limits(self) -> Limits:
        """The same limits as a `grader.model.Limits`. `processes: true` allows PROCESSES programs."""
        programs = PROCESSES if self.processes is True else int(self.processes)
        return Limits(**{**dict(self), "processes": programs})


class TrainingEntry(Strict):
    """How long a network may train while it is graded, in the notebook's own cells and when it is asked about."""

    epochs: Annotated[int, Field(ge=1, le=100)] = 5
    steps: Annotated[int, Field(ge=1)] = 200
    images: Annotated[int, Field(ge=100, le=10_000)] = 2000
    seconds: Seconds = 20.0

    @property
    def training(self) -> Training:
        """The same budget as a `grader.model.Training`."""
        return Training(**dict(self))


def _plain_names(names: object) -> object:
    for name in names if isinstance(names, list) else []:
        parts = PurePosixPath(name).parts if isinstance(name, str) else ()
        is_plain = "/".join(parts) == name and not any(part.startswith(".") for part in parts)
        if not parts or not is_plain or "\\" in parts[-1] or ":" in parts[0]:
            raise PydanticCustomError("file_name", "{name} is no name of a file in labs/", {"name": str(name)})
    return names


class Rubric(Strict):
    """A lab: what it asks and what it is worth."""

    title: TextEntry | None = None
    minutes: Annotated[int, Field(gt=0)] | None = None
    points: Points
    packages: list[str] = Field(default_factory=list)
    files: Annotated[list[str], BeforeValidator(_plain_names)] = Field(default_factory=list)
    """Files of labs/, and of folders in it, that are copied to where each notebook runs."""
    data: Literal["mnist"] | None = None
    training: TrainingEntry | None = None
    limits: LimitsEntry = LimitsEntry()
    tasks: Annotated[dict[str, Task], BeforeValidator(_named), Field(min_length=1, json_schema_extra=_NAMES)]

    def title_of(self, task: str) -> Text:
        """Return the title of a task: its name, where it has none."""
        title = self.tasks[task].title
        return quote(task) if title is None else title.text

    @property
    def asked(self) -> dict[str, Task]:
        """Return the tasks that have checks: of these alone the reference knows anything."""
        return {name: task for name, task in self.tasks.items() if task.checks}

    @property
    def has_networks(self) -> bool:
        """Say whether a check is about a network, which is built anew in a second kernel."""
        return any(check.is_about_networks for task in self.tasks.values() for check in task.checks.values())


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a rubric, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "labgrader rubric",
        **Rubric.model_json_schema(by_alias=True),
    }


def options_of(judge: BaseModel) -> dict[str, Any]:
    """Return the keyword arguments for the `judge` of the kind."""
    return {name: _told(value) for name, value in judge if name != "kind"}


def _told(value: Any) -> Any:  # noqa: ANN401 (any option)
    if not isinstance(value, dict):
        return value
    return {name: entry.text if isinstance(entry, TextEntry) else entry for name, entry in value.items()}
