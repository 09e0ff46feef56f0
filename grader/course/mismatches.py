"""What a rubric names and the course's other files do not have: functions, variables, probes, makers, arguments."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from grader.course.yaml_lines import Problem
from grader.messages.sentences import nearest_text, say
from grader.probes.asking import READY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from types import ModuleType, SimpleNamespace

    from grader.course.rubric import Entry, Rubric, Task
    from grader.course.yaml_lines import Keys


def mismatches(
    rubric: Rubric, reference: ModuleType | SimpleNamespace, path: Path, *, probes: Mapping[str, Callable[..., object]]
) -> Iterator[Problem]:
    """Yield the functions, variables, readings, makers and argument names that the course's files do not have."""
    functions = {name: found for name, found in vars(reference).items() if inspect.isfunction(found)}
    for name, task in rubric.asked.items():
        if task.variable is not None and task.variable not in vars(reference):
            known = nearest_text(task.variable, _variables(reference))
            sentence = say("{file} has no variable of this name; it has {allowed}", file=path, allowed=known)
            yield Problem(("tasks", name, "variable"), sentence)
            continue
        if task.probe is not None and task.probe not in (*probes, *READY):
            allowed = nearest_text(task.probe, (*probes, *READY))
            sentence = say("there is no probe of this name; allowed: {allowed}", allowed=allowed)
            yield Problem(("tasks", name, "probe"), sentence)
            continue
        if (
            task.probe is not None
            and task.probe in probes
            and list(inspect.signature(probes[task.probe]).parameters)[:1] != ["lab"]
        ):
            sentence = say("the first parameter of a probe is lab: def {name}(lab, …)", name=task.probe)
            yield Problem(("tasks", name, "probe"), sentence)
            continue
        asks_a_function = task.variable is None and task.probe not in probes
        if asks_a_function and name not in functions:
            allowed = nearest_text(name, functions)
            sentence = say("{file} has no function of this name; it has {allowed}", file=path, allowed=allowed)
            yield Problem(("tasks", name), sentence)
            continue
        yield from _unknown_readings(name, task, path, known=getattr(reference, "READINGS", {}).get(name, {}))
        for check_name, check in task.checks.items():
            for position, entry in enumerate(check.questions):
                keys = ("tasks", name, "checks", check_name, "questions", position)
                parameters = _parameters(task, functions.get(name), probes)
                yield from _unfit_inputs(entry, keys, parameters, functions=functions, path=path)


def _variables(reference: ModuleType | SimpleNamespace) -> Iterator[str]:
    for name, found in vars(reference).items():
        if not (name.startswith("_") or callable(found) or inspect.ismodule(found)):
            yield name


def _parameters(
    task: Task, function: Callable[..., object] | None, probes: Mapping[str, Callable[..., object]]
) -> list[str]:
    if task.probe is not None and task.probe in probes:
        return list(inspect.signature(probes[task.probe]).parameters)[1:]
    return [] if task.variable is not None or function is None else list(inspect.signature(function).parameters)


def _unknown_readings(name: str, task: Task, path: Path, *, known: Mapping[str, object]) -> Iterator[Problem]:
    for reading in task.readings:
        if reading not in known:
            allowed = nearest_text(reading, known)
            sentence = say("{file} has no reading {name}; it has {allowed}", file=path, name=reading, allowed=allowed)
            yield Problem(("tasks", name, "readings", reading), sentence)


def _unfit_inputs(
    entry: Entry, keys: Keys, parameters: list[str], *, functions: Mapping[str, object], path: Path
) -> Iterator[Problem]:
    """Yield an unknown maker, or inputs that are not the parameters of what is asked."""
    if entry.make is not None and entry.make not in functions:
        allowed = nearest_text(entry.make, functions)
        sentence = say("{file} has no maker {name}; it has {allowed}", file=path, name=entry.make, allowed=allowed)
        yield Problem((*keys, "make"), sentence)
    elif entry.make is None and entry.inputs is None and parameters:
        yield Problem(keys, say("needs either inputs or make, and not both"))
    elif entry.inputs and not parameters:
        yield Problem((*keys, "inputs"), say("nothing is given to a variable, or to a function without parameters"))
    elif entry.make is None and list(entry.inputs or {}) != parameters:
        sentence = say("must name {allowed}, in this order", allowed=", ".join(parameters))
        yield Problem((*keys, "inputs"), sentence)
    for name in entry.libraries:
        if name not in parameters:
            allowed = nearest_text(name, parameters)
            yield Problem(
                (*keys, "as", name), say("there is no input {name}; allowed: {allowed}", name=name, allowed=allowed)
            )
