"""The page on which one question of one student is read: the cells, what the grader found, and the box beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from grader.messages.sentences import say
from grader.pages.summary import cell_text
from grader.review.box import box_of
from grader.review.cells import shown_cells
from grader.review.findings import found_in
from grader.review.labels import filters
from grader.review.reviewing import task_named
from grader.submission.notebooks import gives

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.model import Language, Text
    from grader.records.record import Record, TaskPart
    from grader.review.order import Turn, Turns
    from grader.review.page import Seen
    from grader.review.reviewing import Reviewing
    from grader.submission.saved_notebook import SavedNotebook


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What is read: a question with what was found of this student, whose turn it is, and the lab's questions."""

    tasks: tuple[TaskPart, ...]
    task: TaskPart
    turns: Turns
    turn: Turn
    record: Record


def find_read(reviewing: Reviewing, task: str, key: str, only: str = "") -> Read | None:
    """Return what is read at an address; None where the lab has no such question, or nobody has this key."""
    tasks = reviewing.tasks
    found = task_named(tasks, task)
    turns = reviewing.turns(task, only)
    turn = turns.at(key)
    if found is None or turn is None:
        return None
    record = reviewing.record(turn.result)
    own = task_named(record.tasks, task) or _without_findings(found)
    return Read(tasks, own, turns, turn=turn, record=record)


def _without_findings(task: TaskPart) -> TaskPart:
    """Return a question of which nothing was found: this student was graded when the lab had none of this name."""
    manual = None if task.manual is None else task.manual.model_copy(update={"cells": (), "because": None})
    return task.model_copy(update={"checks": (), "manual": manual})


def address_of(task: str, key: str = "") -> str:
    """Return the address of a question, of one student or where its reading begins."""
    return f"/read/{quote(task, safe='')}" + (f"/{key}" if key else "")


def page_values(reviewing: Reviewing, read: Read, seen: Seen) -> Mapping[str, object]:
    """Return what the template shows."""
    turn, task, language = read.turn, read.task, seen.language
    request = reviewing.requests().get(turn.student)
    items = reviewing.items(task)
    notebook = reviewing.book.handed_in(reviewing.place.lab, turn.student, turn.content)
    overrides = reviewing.book.overrides(reviewing.place.lab) if read.task.checks else {}
    place = read.turns.place(turn.key)
    return {
        "title": f"{task.title.text.in_language(language)} · {reviewing.place.lab}",
        "task": task,
        "task_title": title_of(task, language),
        "task_address": quote(task.name, safe=""),
        "who": who_text(read, seen),
        "where": _where(read, place).in_language(language),
        "links": _links(read, seen),
        "filters": filters(language),
        "only": seen.only,
        "cells": () if notebook is None else tuple(shown_cells(notebook, _places(read.task, notebook))),
        "no_cells": _no_cells(read, notebook).in_language(language),
        "found": found_in(read.task, overrides, turn.student, language=language),
        "stopped": tuple(cell_text(cell).in_language(language) for cell in read.record.cells),
        "notes": tuple(_masked(note.text.in_language(language), read, seen) for note in read.record.all_notes),
        "ungraded": None
        if read.record.ungraded is None
        else _masked(read.record.ungraded.text.in_language(language), read, seen),
        "view": box_of(
            task, items, turn.reading, address=address_of(task.name, turn.key) + seen.query, language=language
        ),
        "request": request,
        "key": turn.key,
    }


def title_of(task: TaskPart, language: Language) -> str:
    """Return what a question is called on pages."""
    return task.title.text.in_language(language)


def who_text(read: Read, seen: Seen) -> str:
    """Return the student; where names are hidden, the place in the order of this question."""
    if not seen.hides_names:
        return read.turn.student
    number = next(at for at, turn in enumerate(read.turns.every, start=1) if turn.key == read.turn.key)
    return say("Student {number}", number=number).in_language(seen.language)


def _masked(text: str, read: Read, seen: Seen) -> str:
    """Return a sentence; where names are hidden without those under which a submission was handed in."""
    if not seen.hides_names:
        return text
    file = read.record.submission.file
    for name in sorted({read.turn.student, read.record.student, file, file.rpartition(".")[0]}, key=len, reverse=True):
        text = text.replace(name, "…") if name else text
    return text


def _places(task: TaskPart, notebook: SavedNotebook) -> Sequence[int]:
    if task.manual is not None:
        return task.manual.cells
    return [place for place, cell in enumerate(notebook.cells) if cell.kind == "code" and gives(cell.source, task.name)]


def _where(read: Read, place: int | None) -> Text:
    """Return the place among those chosen, and how many are not read."""
    of, unread = len(read.turns.chosen), read.turns.unread
    if place is None:
        return say("not among those chosen ({of}); not read: {unread}", of=of, unread=unread)
    return say("{place} of {of}; not read: {unread}", place=place, of=of, unread=unread)


def _no_cells(read: Read, notebook: SavedNotebook | None) -> Text:
    manual = read.task.manual
    if manual is not None and manual.because is not None:
        return manual.because.text
    if notebook is None:
        return say(
            "What was handed in is not in the gradebook: it was graded before gradebooks kept it, or could not be "
            "read. Grade it again."
        )
    return say("No cell of the notebook belongs to this question.")


def _links(read: Read, seen: Seen) -> Mapping[str, str | None]:
    """Return where the arrows lead."""
    key, names = read.turn.key, [task.name for task in read.tasks]
    at = names.index(read.task.name)

    def beside(step: int) -> str | None:
        found = read.turns.beside(key, step)
        return None if found is None else address_of(read.task.name, found) + seen.query

    def task(step: int) -> str | None:
        return address_of(names[at + step], key) + seen.query if 0 <= at + step < len(names) else None

    return {
        "next": beside(1),
        "previous": beside(-1),
        "next_task": task(1),
        "previous_task": task(-1),
        "next_unread": f"/next/{quote(read.task.name, safe='')}/{key}{seen.query}",
    }
