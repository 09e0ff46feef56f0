"""What a course knows of wrong answers: its known mistakes, and the laws that every right answer obeys.

Both stand beside the reference, a file of functions and one of texts per task:

    reference/mistakes/LAB/TASK.py    the wrong formulas, one function each, with the task's parameters; for a task
                                      of networks a recogniser (seen: Built, goal: Goal) -> bool
    reference/mistakes/LAB/TASK.yaml  its name: which checks it loses, what is observed, a question that points the way
    reference/laws/LAB/TASK.py        laws: (ask, the task's parameters) -> bool; and inputs(), a Hypothesis strategy
    reference/laws/LAB/TASK.yaml      its name: what is observed where it is broken, and a question
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.course.python_file import functions_in, load_code
from grader.course.rubric import Words
from grader.course.yaml_lines import Located, Problem, read_yaml
from grader.messages.sentences import nearest, quote, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from grader.model import Text

INPUTS = "inputs"


class MistakeEntry(BaseModel):
    """A mistake's texts, and the checks of its task that it loses under every seed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    loses: Annotated[list[str], Field(min_length=1)]
    observed: Words
    hint: Words


class LawEntry(BaseModel):
    """A law's texts."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    broken: Words
    hint: Words


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
    """What holds of every right answer. `function(ask, *arguments)` says whether it does."""

    name: str
    broken: Text
    hint: Text
    function: Callable[..., object]


@dataclass(frozen=True, slots=True, eq=False)
class Laws:
    """The laws of a task in the order in which they are tried, and a maker of the strategy of their inputs."""

    laws: tuple[Law, ...] = ()
    inputs: Callable[..., Any] | None = None


E_ = TypeVar("E_", bound=BaseModel)


def load_mistakes(folder: Path, task: str, checks: Mapping[str, object]) -> tuple[Mistake, ...]:
    """Read the known mistakes of a task, in the order of their texts; raise LabError for what does not fit."""
    code, texts = folder / f"{task}.py", folder / f"{task}.yaml"
    if not code.is_file() and not texts.is_file():
        return ()
    functions = functions_in(load_code(code))
    located, entries = _entries(texts, MistakeEntry, functions, code)
    for name, entry in entries.items():
        for check in entry.loses:
            if check not in checks:
                told = say("there is no check {name}; allowed: {allowed}", name=check, allowed=", ".join(checks))
                raise located.refusal([Problem((name, "loses"), told)])
    return tuple(
        Mistake(name, tuple(entry.loses), entry.observed.text, entry.hint.text, functions[name])
        for name, entry in entries.items()
    )


def load_laws(folder: Path, task: str) -> Laws:
    """Read the laws of a task, in the order of their texts; raise LabError for what does not fit."""
    code, texts = folder / f"{task}.py", folder / f"{task}.yaml"
    if not code.is_file() and not texts.is_file():
        return Laws()
    functions = dict(functions_in(load_code(code)))
    inputs = functions.pop(INPUTS, None)
    located, entries = _entries(texts, LawEntry, functions, code)
    if inputs is None:
        raise located.refusal([Problem((), say("{file} has no function {name}", file=code, name=INPUTS))])
    laws = [Law(name, entry.broken.text, entry.hint.text, functions[name]) for name, entry in entries.items()]
    return Laws(tuple(laws), inputs)


def parameters_of(function: Callable[..., object]) -> tuple[str, ...]:
    """Return the names of a function's parameters."""
    return tuple(inspect.signature(function).parameters)


def _entries(
    texts: Path, model: type[E_], functions: Mapping[str, object], code: Path
) -> tuple[Located, Mapping[str, E_]]:
    """Read the texts and hold them against the functions: each has the other."""
    located = read_yaml(texts)
    data = located.data or {}
    if not isinstance(data, dict):
        raise located.refusal([Problem((), say("must hold names with their texts"))])
    entries: dict[str, E_] = {}
    problems: list[Problem] = []
    for name, form in data.items():
        try:
            entries[str(name)] = model.model_validate(form)
        except ValidationError as error:
            problems += [Problem((name, *details["loc"]), quote(details["msg"])) for details in error.errors()]
    problems += _unpaired(data, functions, code)
    if problems:
        raise located.refusal(problems)
    return located, entries


def _unpaired(data: Mapping[Any, object], functions: Mapping[str, object], code: Path) -> Iterator[Problem]:
    for name in data:
        if name not in functions:
            allowed = ", ".join(nearest(str(name), functions))
            told = say("{file} has no function of this name; it has {allowed}", file=code, allowed=allowed)
            yield Problem((name,), told)
    for name in functions:
        if name not in data:
            yield Problem((), say("{file} has {name}, which has no texts here", file=code, name=name))
