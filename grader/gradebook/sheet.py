"""A sheet: the class and its standings in some labs. Every page and every export is made from one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.gradebook.entries import Student, names_text
from grader.gradebook.standing import standing_of
from grader.gradebook.task_standing import NOTHING_SAID
from grader.messages.languages import common
from grader.messages.sentences import LANGUAGES, nearest, quote, say
from grader.pages.summary import late_text, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from grader.course.settings import Settings
    from grader.gradebook.book import Book
    from grader.gradebook.entries import Result
    from grader.gradebook.standing import Standing
    from grader.model import Language, Text


@dataclass(frozen=True, slots=True)
class Column:
    """A lab of a sheet. `points` are those of its newest result; `canvas` and `moodle` are its titles there, if set."""

    lab: str
    title: Text
    points: Fraction
    canvas: str | None
    moodle: str | None
    languages: tuple[Language, ...] = LANGUAGES


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A student of a sheet, with a standing for each of its columns."""

    student: Student
    listed: bool
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A class in some labs: at least one student in at least one lab. `notes` are what its teacher should know."""

    columns: tuple[Column, ...]
    rows: tuple[StudentRow, ...]
    notes: tuple[Text, ...]

    @property
    def languages(self) -> tuple[Language, ...]:
        """Return the languages that all of its labs have."""
        return common(column.languages for column in self.columns)


def make_sheet(book: Book, labs: Sequence[str], settings: Settings) -> Sheet:
    """Return the class list in its order, and after it everybody else who has a result or a mark in these labs.

    Raises LabError for a lab that has no result.
    """
    latest = {lab: _latest(book, lab) for lab in labs}
    said = {lab: book.remarks(lab) for lab in labs}
    columns = tuple(_column(lab, latest[lab], settings) for lab in labs)
    gone = book.withdrawn()
    listed = {one.student: one for one in book.class_list() if one.student not in gone}
    others = sorted({student for lab in labs for student in (*latest[lab], *said[lab])} - listed.keys())
    rows = tuple(
        StudentRow(
            listed.get(student, Student(student)),
            student in listed,
            tuple(
                standing_of(
                    student,
                    column.lab,
                    points=column.points,
                    result=latest[column.lab].get(student),
                    remarks=said[column.lab].get(student, NOTHING_SAID),
                    settings=settings,
                )
                for column in columns
            ),
        )
        for student in (*listed, *others)
    )
    notes = (
        *_unlisted(listed, others),
        *(note for lab in labs for note in _different_points(lab, latest[lab])),
        *(note for at, column in enumerate(columns) for note in _late_untimed(column.lab, rows, at)),
    )
    return Sheet(columns, rows, notes)


def columns_of(book: Book, labs: Sequence[str], settings: Settings) -> tuple[Column, ...]:
    """Return the labs of a sheet without its students; raise LabError for a lab that has no result."""
    return tuple(_column(lab, _latest(book, lab), settings) for lab in labs)


def standing_in(book: Book, lab: str, *, student: str, settings: Settings) -> Standing | None:
    """Return the standing of one student in a lab that has a result; None where the student has left."""
    found = book.stands(lab, student)
    if found.has_left:
        return None
    return standing_of(
        found.person,
        lab,
        points=columns_of(book, [lab], settings)[0].points,
        result=found.result,
        remarks=found.remarks,
        settings=settings,
    )


def _latest(book: Book, lab: str) -> dict[str, Result]:
    found = {result.student: result for result in book.latest(lab)}
    if not found:
        known = ", ".join(nearest(lab, book.labs())) or "-"
        raise LabError(say("The gradebook has no result of {lab}; it has {known}.", lab=lab, known=known))
    return found


def _column(lab: str, latest: dict[str, Result], settings: Settings) -> Column:
    newest = max(latest.values(), key=lambda result: result.seen)
    named = settings.lab(lab)
    record = newest.record()
    return Column(
        lab,
        record.title.text,
        newest.points,
        canvas=named.canvas,
        moodle=named.moodle,
        languages=record.languages,
    )


def _unlisted(listed: dict[str, Student], others: Sequence[str]) -> Iterator[Text]:
    if listed and others:
        yield say("Not in the class list: {students}", students=names_text(others))


def _late_untimed(lab: str, rows: Sequence[StudentRow], at: int) -> Iterator[Text]:
    standings = [row.standings[at] for row in rows]
    if late := [one.student for one in standings if one.is_late_untimed and not one.excused]:
        yield late_text(lab, names_text(late))


def _different_points(lab: str, latest: dict[str, Result]) -> Iterator[Text]:
    counts = Counter(result.points for result in latest.values())
    if len(counts) > 1:
        parts = ", ".join(f"{number(points)} ({count})" for points, count in sorted(counts.items()))
        yield say(
            "{lab} was worth different points when it was graded (submissions in brackets): {parts}. "
            "Grade all of it again with --again.",
            lab=lab,
            parts=quote(parts),
        )
