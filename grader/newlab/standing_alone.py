"""What the answers of a notebook are without its tests: the reference is made of them, and need not be the same."""

from __future__ import annotations

import ast
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from grader.newlab.statements import run_statement
from grader.source.reference import reference_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from grader.newlab.surroundings import Clock
    from grader.source.model import Source


def names_alone(source: Source, clock: Clock) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Return the names that the reference has, and of each answer that cannot stand in it the error."""
    names, error = _names(source, source.answers, clock)
    if not error:
        return names, {}
    errors = {name: _names(source, [name], clock)[1] for name in source.answers}
    broken = {name: found for name, found in errors.items() if found}
    names, error = _names(source, [name for name in source.answers if name not in broken], clock)
    return names, broken if not error else dict.fromkeys(source.answers, error)


def functions_among(names: Mapping[str, Any], answers: Collection[str]) -> Mapping[str, FunctionType]:
    """Return the functions among the answers."""
    return {name: found for name in answers if isinstance(found := names.get(name), FunctionType)}


def _names(source: Source, wanted: Collection[str], clock: Clock) -> tuple[Mapping[str, Any], str]:
    """Return what a reference of some answers has, and the error that ends it; empty where it has none."""
    reference = reference_text(source, frozenset(wanted))
    module = ModuleType("reference")
    error = "KeyboardInterrupt"  # where the time is up
    with clock.bounded():
        error = _run(ast.parse(reference.text), module)
    return vars(module), error


def _run(tree: ast.Module, module: ModuleType) -> str:
    try:
        for statement in tree.body:
            run_statement(statement, "<reference>", module)
    except (Exception, SystemExit) as error:  # noqa: BLE001 (a teacher's code may raise anything; it is told)
        return f"{type(error).__name__}: {error}".partition("\n")[0]
    return ""
