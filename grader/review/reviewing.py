"""A lab that is being read: where everything about it comes from.

It keeps nothing: rows of a book never change, so what is read of one may be remembered for a while, and which rows
count is asked each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.gradebook.requests import requests_of
from grader.gradebook.task_standing import items_of
from grader.messages.languages import common
from grader.messages.sentences import LANGUAGES, nearest, say
from grader.review.facts import LATE, REQUEST, words_of
from grader.review.order import Turn, Turns, chosen, in_turn, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from grader.course.settings import Settings
    from grader.gradebook.book import Book
    from grader.gradebook.entries import Mark
    from grader.gradebook.readings import Item, Reading
    from grader.gradebook.roll import Counting, Snapshot
    from grader.model import Language
    from grader.records.record import Record, TaskPart

MOST_RECORDS = 32
MOST_WORDS = 5000
"""Of how many results what was read of them is kept for a while: a class has fewer."""


@dataclass(frozen=True, slots=True, eq=False)
class ReviewPlace:
    """What the command named: the lab, its book, where results and submissions lie, and who reads."""

    lab: str
    book: Book
    settings: Settings
    results: Path | None = None
    submissions: Path | None = None
    course: Path | None = None
    made_by: str | None = None


class Remembered:
    """What was read of results: their rows never change. It is shared by all answers, and bounded."""

    def __init__(self, book: Book) -> None:
        self.record: Callable[[int], Record] = lru_cache(maxsize=MOST_RECORDS)(book.record)
        self.words: Callable[[int], frozenset[str]] = lru_cache(maxsize=MOST_WORDS)(self._words)

    def _words(self, result: int) -> frozenset[str]:
        return words_of(self.record(result))


class Reviewing:
    """One lab as it is at the moment of an answer: what is asked of the book twice is read once.

    Every method raises LabError or SandboxError where the database refuses.
    """

    def __init__(self, place: ReviewPlace, remembered: Remembered | None = None) -> None:
        self.place = place
        self._remembered = Remembered(place.book) if remembered is None else remembered

    def anew(self) -> Reviewing:
        """Return the lab as it is now."""
        return Reviewing(self.place, self._remembered)

    def check(self) -> None:
        """Raise LabError where nothing of the lab is in the book."""
        if not self.roll:
            known = ", ".join(nearest(self.place.lab, self.book.labs())) or "-"
            raise LabError(
                say("The gradebook has no result of {lab}; it has {known}.", lab=self.place.lab, known=known)
            )

    @property
    def book(self) -> Book:
        """Return the book."""
        return self.place.book

    @cached_property
    def _snapshot(self) -> Snapshot:
        return self.book.snapshot(self.place.lab)

    @property
    def roll(self) -> tuple[Counting, ...]:
        """Return whose results count."""
        return self._snapshot.roll

    @property
    def readings(self) -> Mapping[tuple[str, str], Reading]:
        """Return what was said last, by student and question."""
        return self._snapshot.readings

    @property
    def newest(self) -> Record:
        """Return the record that was kept last: it knows the lab as it is now."""
        self.check()
        return self.record(max(one.result for one in self.roll))

    @property
    def tasks(self) -> tuple[TaskPart, ...]:
        """Return the questions of the lab."""
        return self.newest.tasks

    @property
    def languages(self) -> tuple[Language, ...]:
        """Return the languages of the lab."""
        return common([self.newest.languages]) or LANGUAGES

    def record(self, result: int) -> Record:
        """Return the record of a result, by its row."""
        return self._remembered.record(result)

    def turns(self, task: str, only: str = "") -> Turns:
        """Return the students of a question in its order, and whom a filter leaves."""
        every = in_turn(self.place.lab, task, self._turns(task, needs_words=only not in {"", "unread"}))
        return Turns(every, chosen(every, only))

    def items(self, task: TaskPart) -> tuple[Item, ...]:
        """Return the items of a question as they are now, those that were removed among them."""
        return self.book.items(self.place.lab, task.name, () if task.manual is None else items_of(task.manual))

    def requests(self) -> Mapping[str, Mark]:
        """Return the last request to look again of each student that nobody has answered."""
        marks: dict[str, list[Mark]] = {}
        for mark in self._snapshot.marks:
            marks.setdefault(mark.student, []).append(mark)
        waiting: dict[str, Mark] = {}
        for student, said in marks.items():
            if asked := [one.asked for one in requests_of(said) if one.answer is None]:
                waiting[student] = asked[-1]
        return waiting

    def _turns(self, task: str, *, needs_words: bool) -> list[Turn]:
        requests = self.requests() if needs_words else {}
        late = self._late() if needs_words else {}
        return [
            Turn(
                one.student,
                key_of(self.place.lab, one.student),
                result=one.result,
                content=one.content,
                reading=self.readings.get((one.student, task)),
                words=self._all_words(one, requests, late) if needs_words else frozenset(),
            )
            for one in self.roll
        ]

    def _all_words(self, one: Counting, requests: Mapping[str, Mark], late: Mapping[str, bool]) -> frozenset[str]:
        words = self._remembered.words(one.result)
        if one.submitted is not None and self.place.settings.days_late(self.place.lab, one.submitted) > 0:
            words |= {LATE}
        if (said := late.get(one.student)) is not None:
            words = words | {LATE} if said else words - {LATE}
        return words | {REQUEST} if one.student in requests else words

    def _late(self) -> dict[str, bool]:
        """Return whom a teacher has called late, or on time: the last word counts."""
        said: dict[str, bool] = {}
        for mark in self._snapshot.marks:
            if mark.kind == "late" and mark.days is not None:
                said[mark.student] = mark.days > 0
            elif mark.kind == "late" and mark.submitted is not None:
                said[mark.student] = self.place.settings.days_late(self.place.lab, mark.submitted) > 0
            elif mark.kind == "late":
                said.pop(mark.student, None)
        return said


def task_named(tasks: Sequence[TaskPart], name: str) -> TaskPart | None:
    """Return a question by its name; None where the lab has none of that name."""
    return next((task for task in tasks if task.name == name), None)
