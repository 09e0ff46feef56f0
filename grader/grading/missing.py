"""There is no function of a task's name: where it was written, and why it is not there when all cells have run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.grading.failure import Failure
from grader.grading.stopped import cell_stopped, stop_before
from grader.messages.sentences import clean, place_text, say

if TYPE_CHECKING:
    from grader.submission.definitions import Definition, Written


def missing(task: str, found: str | None, written: Written) -> Failure:
    """Return why a function is missing. `found` is the type of what has its name instead."""
    if found is not None:
        return _replaced(task, found)
    given = written.given(task)
    places = (*written.of(task), *(() if given is None else (given,)))
    for one in places:
        if (stop := stop_before(one, written.stops)) is not None:
            return cell_stopped(task, stop)
    code = [one for one in places if one.where in {"top", "condition"}]
    if not code and places:
        return _misplaced(task, places[-1])
    if not code and (near := written.near(task)) is not None:
        return _near(task, *near)
    if not code:
        text = say("the notebook defines no function named {task}", task=task)
        hint = say("Is the cell of this function still in the notebook, with the name that the task gives it?")
        return Failure("not_defined", text, hint, is_certain=True)
    return _gone(task, code[-1], written.deleted(task, after=code[-1]))


def _replaced(task: str, found: str) -> Failure:
    return Failure(
        "no_function",
        say("{task} is no function: when all cells have run, it is of the type {found}", task=task, found=found),
        say("Which line gives the name {task} to a value? Give that value another name.", task=task),
        hidden=say("{task} is no function when all cells have run", task=task),
        is_certain=True,
    )


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
        return Failure(
            "deleted", text, say("What is that line for? The function is needed to the end."), is_certain=True
        )
    if one.where == "condition":
        text = say(
            "{task} is defined only under a condition, which did not come to it ({place})", task=task, place=place
        )
        hint = say("Is the condition needed? A function of the notebook begins at the left edge.")
        return Failure("under_a_condition", text, hint, is_certain=True)
    text = say("{task} is written in the notebook ({place}), and gone when all cells have run", task=task, place=place)
    hint = say("Restart the kernel, run all cells, and call it in the last one: after which cell is it gone?")
    return Failure("gone", text, hint, is_certain=True)
