"""What a record says of a task that a person reads: points, items, and the cells that belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.messages.sentences import joined, say
from grader.records.record import ItemPart, ReaderPart, words
from grader.submission.notebooks import outline_of
from grader.submission.task_cells import cells_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from grader.course.lab import Lab
    from grader.course.rubric import Task
    from grader.model import CellsWanted, Text


def cells_to_read(lab: Lab, path: Path) -> Mapping[str, tuple[int, ...]]:
    """Return the cells of a notebook that a person reads, for each task that has such; empty where it has none.

    Raises SubmissionError where the file cannot be read. It is not read again for a lab that nobody reads.
    """
    tasks = lab.rubric.tasks
    wanted = {name: task.cells_wanted(name) for name, task in tasks.items() if task.manual is not None}
    outline = outline_of(path) if wanted else ()
    return {name: cells_of(outline, one, stub=lab.stub) for name, one in wanted.items()}


def reader_part(name: str, task: Task, cells: Mapping[str, tuple[int, ...]] | None) -> ReaderPart | None:
    """Return what a person reads of a task; of a file that was not read, `cells` are None."""
    manual = task.manual
    if manual is None:
        return None
    found = None if cells is None else cells[name]
    return ReaderPart(
        points=manual.points,
        start=manual.begins_with,
        items=tuple(
            ItemPart(id=item.id, text=words(item.text.text), points=item.points, bonus=item.bonus)
            for item in manual.items
        ),
        cells=found or (),
        because=words(nothing_to_read(task.cells_wanted(name))) if found == () else None,
    )


def nothing_to_read(wanted: CellsWanted) -> Text:
    """Return that a notebook has no cell of a task, what was looked for, and what its student can do."""
    sought = joined(list(_sought(wanted)), ", ")
    if wanted.name:
        return say("nothing was found to read: no cell of this notebook has {sought}", sought=sought)
    return say(
        "nothing was found to read: this notebook has no cell with {sought}. Where it was deleted or renamed, put it "
        "back as the lab's notebook has it, with your answer, and hand in again.",
        sought=sought,
    )


def _sought(wanted: CellsWanted) -> Iterator[Text]:
    if wanted.id:
        yield say("the id {id}", id=wanted.id)
    if wanted.tag:
        yield say("the tag {tag}", tag=wanted.tag)
    if wanted.heading:
        yield say('the heading "{heading}"', heading=wanted.heading)
    if wanted.name:
        yield say("a definition of {name}", name=wanted.name)
