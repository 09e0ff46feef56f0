"""The gradebook's door: opened at a file or a URL, results and marks go in, and everything can be read out again.

    with open_book("results/gradebook.sqlite") as book:
        book.add(record, submitted=moment)

Several programs may have one open at once: each call is a transaction of its own. A book is not carried over a fork:
every process opens its own.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.gradebook.classes import add_class_list, read_class_list
from grader.gradebook.entries import Mark
from grader.gradebook.marks import add_mark, new_mark, read_marks, user_name
from grader.gradebook.migrations import bring_up
from grader.gradebook.place import BUSY_SECONDS, connect, find_place, hold_alone, telling
from grader.gradebook.results import (
    add_result,
    find_record,
    graded_labs,
    graded_students,
    latest_results,
    results_of,
)
from grader.messages.sentences import nearest, say
from grader.output import ready_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from fractions import Fraction
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from grader.gradebook.entries import Result, Student
    from grader.gradebook.place import Place
    from grader.records.record import Record

MOST_TOLD = 8
"""How many students a sentence names."""


def keep_result(record: Record, place: str | Path, submitted: datetime | None = None) -> bool:
    """Keep one record in the gradebook at a place; return whether it was new. For many, open the book once."""
    with open_book(place) as book:
        return book.add(record, submitted)


@contextmanager
def open_book(place: str | Path, *, create: bool = True, busy_seconds: float = BUSY_SECONDS) -> Iterator[Book]:
    """Open the gradebook in a file, in a folder (gradebook.sqlite) or at a URL; make it where there is none.

    An older one is brought up to date with all that is in it. Raises LabError where the place holds none and none is
    to be made, where it holds something else, and where it cannot be written; SandboxError where another program
    keeps it locked.
    """
    found = find_place(place)
    if found.path is not None and not found.path.exists():
        if not create:
            raise LabError(
                say("There is no gradebook {book}: name one with --book, a file or a URL.", book=found.name),
            )
        ready_folder(found.path.parent)
    engine = connect(found, busy_seconds=busy_seconds)
    try:
        bring_up(engine, found)
        yield Book(engine, found)
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """An open gradebook. Every method raises LabError or SandboxError where the database refuses."""

    engine: Engine
    place: Place

    def add(self, record: Record, submitted: datetime | None = None) -> bool:
        """Keep a result and that it is what the student has handed in now; return whether it was new.

        The same result again (submission, course, seed and version) is never kept twice; it counts again where
        another one has counted since. `submitted` needs its time zone.
        """
        with self._writing() as connection:
            return add_result(connection, record, submitted)

    def find(
        self,
        lab: str,
        student: str,
        submission_sha256: str,
        course_sha256: str,
        version: str,
        seed: int | None = None,
        *,
        helpers_sha256: str | None = None,
    ) -> Record | None:
        """Return the record of these bytes, if this version has graded them by this course; seed None: by any seed.

        What was ungraded is never found: it is worth another try.
        """
        with self._reading() as connection:
            return find_record(
                connection,
                lab,
                student,
                submission_sha256=submission_sha256,
                course_sha256=course_sha256,
                version=version,
                seed=seed,
                helpers_sha256=helpers_sha256,
            )

    def latest(self, lab: str) -> tuple[Result, ...]:
        """Return the results of a lab that count, one for each student who has any, sorted by student."""
        with self._reading() as connection:
            return tuple(latest_results(connection, lab))

    def history(self, student: str, lab: str | None = None) -> tuple[Result | Mark, ...]:
        """Return all that happened to a student, in all labs or in one, the oldest first."""
        with self._reading() as connection:
            found: list[Result | Mark] = [*results_of(connection, student), *read_marks(connection, student=student)]
        mine = (entry for entry in found if lab in {None, entry.lab})
        return tuple(sorted(mine, key=lambda entry: entry.made if isinstance(entry, Mark) else entry.seen))

    def marks(self, lab: str) -> tuple[Mark, ...]:
        """Return the marks of a lab, the oldest first."""
        with self._reading() as connection:
            return tuple(read_marks(connection, lab=lab))

    def labs(self) -> tuple[str, ...]:
        """Return the labs that have a result, sorted."""
        with self._reading() as connection:
            return graded_labs(connection)

    def adjust(self, student: str, lab: str, points: Fraction, comment: str, *, by: str | None = None) -> None:
        """Add points to a student's score, or take them away where they are negative."""
        self._mark(new_mark(student, lab, "add", comment, points=points, by=by))

    def excuse(self, student: str, lab: str, comment: str = "", *, undo: bool = False, by: str | None = None) -> None:
        """Excuse a student from a lab, or take that back."""
        self._mark(new_mark(student, lab, "unexcuse" if undo else "excuse", comment, by=by))

    def mark_late(
        self,
        student: str,
        lab: str,
        comment: str = "",
        *,
        days: int | None = None,
        submitted: datetime | None = None,
        by: str | None = None,
    ) -> None:
        """Say how many days late a student was, or when the submission came; with neither, take that back."""
        self._mark(new_mark(student, lab, "late", comment, days=days, submitted=submitted, by=by))

    def comment(self, student: str, lab: str, comment: str, *, by: str | None = None) -> None:
        """Add a comment for the student."""
        self._mark(new_mark(student, lab, "comment", comment, by=by))

    def class_list(self) -> tuple[Student, ...]:
        """Return the students of the last class list, in its order; none where there is no list."""
        with self._reading() as connection:
            return read_class_list(connection)

    def set_class_list(self, listed: Sequence[Student], files: str, *, by: str | None = None) -> None:
        """Let this be the class from now on; the lists before it are kept."""
        with self._writing() as connection:
            add_class_list(connection, listed, files=files, by=user_name() if by is None else by)

    def students(self) -> tuple[str, ...]:
        """Return every student known here: the class list in its order, then those who only have results, sorted."""
        with self._reading() as connection:
            listed = [one.student for one in read_class_list(connection)]
            return tuple(dict.fromkeys([*listed, *graded_students(connection)]))

    def check_student(self, student: str) -> None:
        """Raise LabError for a student of whom nothing is known here."""
        known = self.students()
        if student not in known:
            near = nearest(student, known)[:MOST_TOLD]
            raise LabError(
                say(
                    "{student} is neither in the gradebook nor in its class list. Known are: {known}.",
                    student=student,
                    known=", ".join(near) + (", …" if len(known) > MOST_TOLD else "") or "-",
                )
            )

    def _mark(self, mark: Mark) -> None:
        self.check_student(mark.student)
        with self._writing() as connection:
            add_mark(connection, mark)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with telling(self.place), self.engine.connect().execution_options(reading=True) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with telling(self.place), self.engine.begin() as connection:
            hold_alone(connection)
            yield connection
