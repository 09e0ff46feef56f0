"""What the answers of a notebook are without its tests: the reference is made of them, and need not be the same."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from grader.newlab.statements import run_statement
from grader.source.reference import reference_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from grader.newlab.surroundings import Clock
    from grader.source.model import Source

TOO_LONG = "TimeoutError: it takes too long"


@dataclass(frozen=True, slots=True, eq=False)
class _Alone:
    """What a reference of some answers has; the error that ends it, empty where it has none; and where that is."""

    names: Mapping[str, Any]
    error: str = ""
    place: tuple[int, int] = (0, 0)


def names_alone(source: Source, clock: Clock) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Return the names that the reference has, and of each answer that cannot stand in it the error."""
    whole = _alone(source, source.answers, clock)
    if not whole.error:
        return whole.names, {}
    errors = {name: _error_of(name, source, clock, whole=whole) for name in source.answers}
    broken = {name: found for name, found in errors.items() if found}
    rest = _alone(source, [name for name in source.answers if name not in broken], clock)
    return rest.names, broken if not rest.error else dict.fromkeys(source.answers, rest.error)


def functions_among(names: Mapping[str, Any], answers: Collection[str]) -> Mapping[str, FunctionType]:
    """Return the functions among the answers."""
    return {name: found for name in answers if isinstance(found := names.get(name), FunctionType)}


def _error_of(name: str, source: Source, clock: Clock, *, whole: _Alone) -> str:
    """Return the error of one answer; what takes too long is not waited for once more."""
    if whole.error == TOO_LONG and whole.place in reference_text(source, frozenset({name})).places:
        return TOO_LONG
    return _alone(source, [name], clock).error


def _alone(source: Source, wanted: Collection[str], clock: Clock) -> _Alone:
    reference = reference_text(source, frozenset(wanted))
    module = ModuleType("reference")
    for statement in ast.parse(reference.text).body:
        error = TOO_LONG
        with clock.bounded():
            error = _run(statement, module)
        if error:
            return _Alone(vars(module), error, reference.places[statement.lineno - 1])
    return _Alone(vars(module))


def _run(statement: ast.stmt, module: ModuleType) -> str:
    try:
        run_statement(statement, "<reference>", module)
    except (Exception, SystemExit) as error:  # noqa: BLE001 (a teacher's code may raise anything; it is told)
        return f"{type(error).__name__}: {error}".partition("\n")[0]
    return ""
