"""What a course knows of wrong answers: its known mistakes, and the laws that every right answer obeys.

Both stand beside the reference, a file of functions and one of texts per task:

    reference/mistakes/LAB/TASK.py    wrong formulas, one function each, with the task's parameters; for a task about
                                      networks, recognisers (seen: Built, goal: Goal) -> bool
    reference/mistakes/LAB/TASK.yaml  by name: which checks it loses, what is observed, a question that points the way
    reference/laws/LAB/TASK.py        laws: (ask, the task's parameters) -> bool; and inputs(), a Hypothesis strategy
    reference/laws/LAB/TASK.yaml      by name: what is observed where the law is broken, and a question
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.course.python_file import functions_in, load_code
from grader.course.strict import problem_of
from grader.course.texts import TextEntry
from grader.course.yaml_lines import Problem, read_yaml
from grader.errors import LabError
from grader.messages.sentences import nearest_text, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from grader.course.yaml_lines import YamlFile
    from grader.model import Text

INPUTS = "inputs"


class MistakeEntry(BaseModel):
    """A mistake's texts, and the checks of its task that it loses under every seed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    loses: Annotated[list[str], Field(min_length=1)]
    observed: TextEntry
    hint: TextEntry


class LawEntry(BaseModel):
    """A law's texts, and whether students are given its source with their kit."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    public: bool = False

    broken: TextEntry
    hint: TextEntry


@dataclass(frozen=True, slots=True, eq=False)
class Mistake:
    """A wrong formula that students write: what it answers, and what to say to those who give these answers."""

    name: str
    loses: tuple[str, ...]
    observed: Text
    hint: Text
    function: Callable[..., object]


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """A statement that is true of every right answer. `function(ask, *arguments)` says whether it is."""

    name: str
    broken: Text
    hint: Text
    function: Callable[..., object]
    public: bool = False
    """Whether students are given its source."""


@dataclass(frozen=True, slots=True, eq=False)
class Laws:
    """The laws of a task in the order in which they are tried, and a function that makes a strategy of their inputs."""

    laws: tuple[Law, ...] = ()
    inputs: Callable[..., Any] | None = None


AnyEntry = TypeVar("AnyEntry", bound=BaseModel)


def load_mistakes(folder: Path, task: str, checks: Mapping[str, object]) -> tuple[Mistake, ...]:
    """Read the known mistakes of a task, in the order of their texts; raise LabError for what does not fit."""
    code, texts = folder / f"{task}.py", folder / f"{task}.yaml"
    if not code.is_file() and not texts.is_file():
        return ()
    functions = functions_in(load_code(code))
    file, entries = _entries(texts, MistakeEntry, functions=functions, code=code)
    for name, entry in entries.items():
        for check in entry.loses:
            if check not in checks:
                sentence = say("there is no check {name}; allowed: {allowed}", name=check, allowed=", ".join(checks))
                raise file.refusal([Problem((name, "loses"), sentence)])
    return tuple(
        Mistake(
            name=name,
            loses=tuple(entry.loses),
            observed=entry.observed.text,
            hint=entry.hint.text,
            function=functions[name],
        )
        for name, entry in entries.items()
    )


def load_laws(folder: Path, task: str) -> Laws:
    """Read the laws of a task, in the order of their texts; raise LabError for what does not fit."""
    code, texts = folder / f"{task}.py", folder / f"{task}.yaml"
    if not code.is_file() and not texts.is_file():
        return Laws()
    functions = dict(functions_in(load_code(code)))
    inputs = functions.pop(INPUTS, None)
    file, entries = _entries(texts, LawEntry, functions=functions, code=code)
    if inputs is None:
        raise file.refusal([Problem((), say("{file} has no function {name}", file=code, name=INPUTS))])
    laws = (
        Law(name, entry.broken.text, hint=entry.hint.text, function=functions[name], public=entry.public)
        for name, entry in entries.items()
    )
    return Laws(tuple(laws), partial(_strategy, inputs, code))


def _strategy(inputs: Callable[..., Any], code: Path) -> Any:  # noqa: ANN401 (a SearchStrategy)
    """Return a strategy that draws what `inputs` does, and raises LabError where that is no tuple of arguments."""

    def arguments(drawn: object) -> object:
        if not isinstance(drawn, tuple):
            problem = say(
                "{file}: inputs() gives {kind}, and a tuple is needed: the arguments in the order of the task's "
                "parameters, as st.tuples(…) makes one, also for a single one.",
                file=code,
                kind=type(drawn).__name__,
            )
            raise LabError(problem)
        return drawn

    return inputs().map(arguments)


def _entries(
    texts: Path, model: type[AnyEntry], *, functions: Mapping[str, object], code: Path
) -> tuple[YamlFile, Mapping[str, AnyEntry]]:
    """Read the texts; raise LabError unless every text has its function, and every function its text."""
    file = read_yaml(texts)
    data = file.data or {}
    if not isinstance(data, dict):
        raise file.refusal([Problem((), say("must hold names with their texts"))])
    entries: dict[str, AnyEntry] = {}
    problems: list[Problem] = []
    for name, form in data.items():
        try:
            entries[str(name)] = model.model_validate(form)
        except ValidationError as error:
            problems += [_problem(name, details) for details in error.errors()]
    problems += _unpaired(data, functions, code)
    if problems:
        raise file.refusal(problems)
    return file, entries


def _problem(name: Any, details: ErrorDetails) -> Problem:  # noqa: ANN401 (a key of YAML)
    found = problem_of(details)
    return Problem((name, *found.keys), found.text)


def _unpaired(data: Mapping[Any, object], functions: Mapping[str, object], code: Path) -> Iterator[Problem]:
    for name in data:
        if name not in functions:
            allowed = nearest_text(str(name), functions)
            sentence = say("{file} has no function of this name; it has {allowed}", file=code, allowed=allowed)
            yield Problem((name,), sentence)
    for name in functions:
        if name not in data:
            yield Problem((), say("{file} has {name}, which has no texts here", file=code, name=name))
