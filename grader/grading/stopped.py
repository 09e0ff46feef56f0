"""A cell that stopped, as the cause of what is not there: a function, or a name that a function uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.grading.failure import Failure
from grader.grading.syntax_errors import LONGEST_ERROR, unreadable_text
from grader.messages.format_values import error_text
from grader.messages.sentences import clean, place_text, quote, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.model import CellStopped, Text
    from grader.submission.definitions import Definition, Written

BROKEN = frozenset({"SyntaxError", "IndentationError", "TabError"})
BY_A_CELL = frozenset({"cell_stopped", "cell_unreadable", "cell_not_run", "needs_stopped_cell"})
"""The names of failures of which a cell that stopped is the cause."""


def stop_before(one: Definition, stops: Iterable[CellStopped]) -> CellStopped | None:
    """Return the stop because of which Python did not come to a line of the notebook."""
    if one.where not in {"top", "condition"}:
        return None
    return next((stop for stop in stops if _is_before(stop, one)), None)


def _is_before(stop: CellStopped, one: Definition) -> bool:
    if stop.how == "not_run":
        return stop.cell <= one.cell
    if stop.cell != one.cell:
        return False
    line = stop.place.line if stop.place.cell == stop.cell and stop.kind not in BROKEN else None
    return line is None or line <= one.line


def cell_stopped(task: str, stop: CellStopped) -> Failure:
    """Return that a function was not defined, because its cell stopped before."""
    if stop.how == "not_run":
        text = say("{task} was not defined, because the notebook's time was used up before its cell", task=task)
        return Failure("cell_not_run", text, say("Which cell before it takes so long?"), is_certain=True)
    place, error = place_text(stop.place.cell, stop.place.line), stop_error(stop)
    if stop.kind in BROKEN:
        text = say(
            "{task} was not defined, because Python cannot read its cell: {place}: {error}",
            task=task,
            place=place,
            error=error,
        )
        hint = say("What is wrong in that line, or just before it: a bracket, a colon, a quote, the indentation?")
        return Failure("cell_unreadable", text, hint, is_certain=True)
    if stop.cell != stop.place.cell:
        text = say(
            "{task} was not defined, because its cell In [{cell}] stopped before, in a call: {place}: {error}",
            task=task,
            cell=stop.cell,
            place=place,
            error=error,
        )
    else:
        text = say(
            "{task} was not defined, because its cell stopped before: {place}: {error}",
            task=task,
            place=place,
            error=error,
        )
    hint = say("First mend what stops the cell, or move it to a cell of its own: does {task} need it?", task=task)
    return Failure("cell_stopped", text, hint, is_certain=True)


def stub_counts(task: str, stub: Definition, later: Definition, stop: CellStopped) -> Failure:
    """Return that a function is written, and the empty one counts, because the cell of the written one stopped."""
    text = say(
        "{task} is written ({first}), but its cell stopped before: {place}: {error}. The empty one counts ({second})",
        task=task,
        first=place_text(later.cell, later.line),
        place=place_text(stop.place.cell, stop.place.line),
        error=stop_error(stop),
        second=place_text(stub.cell, stub.line),
    )
    hint = say("First mend what stops the cell, or move it to a cell of its own: does {task} need it?", task=task)
    return Failure("cell_stopped", text, hint, is_certain=True)


def needs_stopped_cell(name: str, written: Written) -> Failure | None:
    """Return that a name is not there because the cell that gives it something stopped; None where that is not so."""
    given = written.given(name)
    stop = None if given is None else stop_before(given, written.stops)
    if stop is None:
        return None
    text = say(
        "it uses {name}, which is not there, because its cell stopped before: {place}: {error}",
        name=clean(name, longest=80),
        place=place_text(stop.place.cell, stop.place.line),
        error=stop_error(stop),
    )
    hint = say("First mend what stops the cell, or move it to a cell of its own.")
    hidden = say("it uses a name that is not there, because the cell that gives it a value stopped before")
    return Failure("needs_stopped_cell", text, hint, hidden=hidden, is_certain=True)


def stop_error(stop: CellStopped) -> Text:
    """Return how a cell stopped, in words."""
    if stop.kind in BROKEN:
        return unreadable_text(stop.kind, stop.message, stop.line)
    match stop.how:
        case "raised":
            return quote(clean(error_text(stop.kind, stop.message), longest=LONGEST_ERROR))
        case "timed_out":
            return say("it was still running when its time was over")
        case "not_run":
            return say("was not run: the notebook's time was used up")
    return say("it ended the Python process")
