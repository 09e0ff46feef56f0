"""There is no function of a task's name: where it was written, and why it is not there when all cells have run."""

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


def missing(task: str, found: str | None, written: Written) -> Failure:
    """Return why a function is missing. `found` is the type of what has its name instead."""
    if found is not None:
        return _replaced(task, found)
    given = written.given(task)
    places = (*written.of(task), *(() if given is None else (given,)))
    for one in places:
        if (stop := _stop_before(one, written.stops)) is not None:
            return _stopped(task, stop)
    code = [one for one in places if one.where in {"top", "condition"}]
    if not code and places:
        return _misplaced(task, places[-1])
    if not code and (near := written.near(task)) is not None:
        return _near(task, *near)
    if not code:
        text = say("the notebook defines no function named {task}", task=task)
        hint = say("Is the cell of this function still in the notebook, with the name that the task gives it?")
        return Failure("not_defined", text, hint, is_certain=True)
    return _gone(task, code[-1], written.deleted(task))


def _replaced(task: str, found: str) -> Failure:
    return Failure(
        "no_function",
        say("{task} is no function: when all cells have run, it is of the type {found}", task=task, found=found),
        say("Which line gives the name {task} to a value? Give that value another name.", task=task),
        hidden=say("{task} is no function when all cells have run", task=task),
        is_certain=True,
    )


def _stop_before(one: Definition, stops: Iterable[CellStopped]) -> CellStopped | None:
    """Return the stop because of which Python did not come to a definition."""
    if one.where not in {"top", "condition"}:
        return None
    for stop in stops:
        if stop.place.cell == one.cell or (stop.how == "not_run" and stop.place.cell < one.cell):
            return stop
    return None


def _stopped(task: str, stop: CellStopped) -> Failure:
    place = place_text(stop.place.cell, stop.place.line)
    if stop.kind in BROKEN:
        text = say(
            "{task} was not defined, because Python cannot read its cell: {place}: {error}",
            task=task,
            place=place,
            error=unreadable_text(stop.kind, stop.message, stop.line),
        )
        hint = say("What is wrong in that line, or just before it: a bracket, a colon, a quote, the indentation?")
        return Failure("cell_unreadable", text, hint, is_certain=True)
    if stop.how == "not_run":
        text = say("{task} was not defined, because the notebook's time was used up before its cell", task=task)
        return Failure("cell_not_run", text, say("Which cell before it takes so long?"), is_certain=True)
    text = say(
        "{task} was not defined, because its cell stopped before: {place}: {error}",
        task=task,
        place=place,
        error=_error(stop),
    )
    hint = say("First mend what stops the cell, or move it to a cell of its own: does {task} need it?", task=task)
    return Failure("cell_stopped", text, hint, is_certain=True)


def _error(stop: CellStopped) -> Text:
    match stop.how:
        case "raised":
            return quote(clean(error_text(stop.kind, stop.message), longest=LONGEST_ERROR))
        case "timed_out":
            return say("it was still running when its time was over")
    return say("it ended the Python process")


def _misplaced(task: str, one: Definition) -> Failure:
    place, name = place_text(one.cell, one.line), one.inside
    match one.where:
        case "class":
            text = say("{task} stands inside the class {name} ({place})", task=task, name=name, place=place)
            hint = say("A function of the notebook begins at the left edge: does the task ask for a class?")
        case "function":
            text = say("{task} stands inside the function {name} ({place})", task=task, name=name, place=place)
            hint = say("How far is its def indented? A function of the notebook begins at the left edge.")
        case "magic":
            text = say(
                "{task} stands in a cell that begins with {name}, so it is not defined in the notebook ({place})",
                task=task,
                name=name,
                place=place,
            )
            hint = say(
                "What does {name} do with the rest of its cell? Move the function to a cell without it.", name=name
            )
        case "markdown" | "raw":
            text = say(
                "{task} stands in a {kind} cell, whose text is never run (after cell In [{cell}])",
                task=task,
                kind=one.where.capitalize(),
                cell=one.cell,
            )
            hint = say("Of which type is the cell with the function? It is to be a code cell.")
        case "comment":
            text = say("{task} is commented out ({place})", task=task, place=place)
            hint = say("Lines that begin with # are not run: are they still to be comments?")
        case _:
            text = say("{task} stands between quotes, so it is a text and not run ({place})", task=task, place=place)
            hint = say("Where do the quotes begin and end? The function is to stand outside of them.")
    return Failure(f"in_{one.where}", text, hint, is_certain=True)


def _near(task: str, name: str, cell: int) -> Failure:
    text = say(
        "the notebook defines no function named {task}; it has {name} (cell In [{cell}])",
        task=task,
        name=clean(name, longest=80),
        cell=cell,
    )
    hint = say("Is that the function of this task? Its name must be {task}, letter for letter.", task=task)
    return Failure("near_name", text, hint, is_certain=True)


def _gone(task: str, one: Definition, deleted: int | None) -> Failure:
    place = place_text(one.cell, one.line)
    if deleted is not None:
        text = say(
            "{task} was defined ({place}) and deleted again (cell In [{cell}])", task=task, place=place, cell=deleted
        )
        return Failure("deleted", text, say("What is the del for? The function is needed to the end."), is_certain=True)
    if one.where == "condition":
        text = say(
            "{task} is defined only under a condition, which did not come to it ({place})", task=task, place=place
        )
        hint = say("Is the condition needed? A function of the notebook begins at the left edge.")
        return Failure("under_a_condition", text, hint, is_certain=True)
    text = say("{task} is written in the notebook ({place}), and gone when all cells have run", task=task, place=place)
    hint = say("Restart the kernel, run all cells, and call it in the last one: after which cell is it gone?")
    return Failure("gone", text, hint, is_certain=True)
