"""The first page: every question with what waits, every student with what they have, and what else asks to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.pages.summary import number
from grader.records.left_out import stored_left_out
from grader.review.order import key_of
from grader.review.reading_page import address_of, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.gradebook.roll import Counting
    from grader.model import Language
    from grader.records.record import TaskPart
    from grader.review.order import Turns
    from grader.review.page import Seen
    from grader.review.reviewing import Reviewing


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question: what it is called and worth, how many are not read, and where reading begins."""

    title: str
    points: str
    waiting: int
    by_hand: bool
    address: str


@dataclass(frozen=True, slots=True)
class StudentView:
    """A student: the name, and for each question the address and whether it is read."""

    name: str
    places: tuple[tuple[str, bool], ...]


def page_values(reviewing: Reviewing, seen: Seen, done: str = "") -> Mapping[str, object]:
    """Return what the template shows; `done` is the question of which all is read."""
    roll, tasks = reviewing.roll, reviewing.tasks
    every = {task.name: reviewing.turns(task.name) for task in tasks}
    here = {one.student for one in roll}
    requests = reviewing.requests()
    first = tasks[0].name if tasks else ""
    return {
        "title": reviewing.place.lab,
        "questions": tuple(_question(task, every[task.name], seen) for task in tasks),
        "students": () if seen.hides_names else tuple(_students(reviewing, tasks, roll, every=every)),
        "tasks": tuple(title_of(task, seen.language) for task in tasks),
        "requests": tuple(
            (student, mark.comment, address_of(first, key_of(reviewing.place.lab, student)))
            for student, mark in requests.items()
            if student in here
        ),
        "missing": tuple(student for student in reviewing.book.students() if student not in here),
        "left_out": tuple(_left_out(reviewing, seen.language)),
        "done": next((title_of(task, seen.language) for task in tasks if task.name == done), None),
    }


def _question(task: TaskPart, turns: Turns, seen: Seen) -> QuestionView:
    by_hand = task.manual is not None
    return QuestionView(
        title=title_of(task, seen.language),
        points=number(task.points if task.manual is None else task.manual.points),
        waiting=turns.unread if by_hand else 0,
        by_hand=by_hand,
        address=address_of(task.name) + seen.query,
    )


def _students(
    reviewing: Reviewing, tasks: Sequence[TaskPart], roll: Sequence[Counting], *, every: Mapping[str, Turns]
) -> Iterator[StudentView]:
    read = {name: {turn.student: turn.is_read for turn in turns.every} for name, turns in every.items()}
    for one in roll:
        key = key_of(reviewing.place.lab, one.student)
        yield StudentView(
            one.student, tuple((address_of(task.name, key), read[task.name][one.student]) for task in tasks)
        )


def _left_out(reviewing: Reviewing, language: Language) -> Iterator[tuple[str, str]]:
    if reviewing.place.results is not None:
        for one in stored_left_out(reviewing.place.results, reviewing.place.lab):
            yield one.name, one.because.in_language(language)
