"""The gradebook's door. Opened at a file or a URL, it takes results and marks, and gives everything back.

    with open_book("results/gradebook.sqlite") as book:
        book.add(record, submitted=moment)

Several programs may have one open at the same time: each call is a transaction of its own. A book does not survive a
fork: every process opens its own.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.gradebook.class_lists import add_class_list, read_class_list
from grader.gradebook.entries import Mark, names_text
from grader.gradebook.location import BUSY_SECONDS, connect, explained_errors, find_location, lock_for_writing
from grader.gradebook.marks import add_mark, read_marks, user_name
from grader.gradebook.migrations import bring_up
from grader.gradebook.results import (
    add_result,
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
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from grader.gradebook.entries import Result, Student
    from grader.gradebook.location import BookLocation
    from grader.records.record import Record


@contextmanager
def open_book(location: str | Path, *, create: bool = True, busy_seconds: float = BUSY_SECONDS) -> Iterator[Book]:
    """Open the gradebook in a file, in a folder (gradebook.sqlite) or at a URL; make it where there is none.

    An older one is brought up to date with all that is in it. Raises LabError where there is none and `create` is
    False, where something else is there, and where it cannot be written; SandboxError where another program keeps it
    locked.
    """
    found = find_location(location)
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
    location: BookLocation

    def add(self, record: Record, submitted: datetime | None = None) -> bool:
        """Keep a result as the one that counts for its student now; return whether it was new.

        The same result (submission, course, seed and version) is never kept twice; given again, it counts again.
        `submitted` needs its time zone. Raises LabError for the record of a student's kit, which is no result.
        """
        if record.kit:
            raise LabError(
                say(
                    "{student} was graded with a student's kit, with the public questions alone: that is no result. "
                    "Grade the notebook with the course.",
                    student=record.student,
                )
            )
        with self._writing() as connection:
            return add_result(connection, record, submitted)

    def latest(self, lab: str) -> tuple[Result, ...]:
        """Return the results of a lab that count, one of each student who has any, sorted by student."""
        with self._reading() as connection:
            return tuple(latest_results(connection, lab))

    def history(self, student: str, lab: str | None = None) -> tuple[Result | Mark, ...]:
        """Return everything that happened to a student, in all labs or in one, the oldest first."""
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

    def add_mark(self, mark: Mark) -> None:
        """Keep what a teacher said; raise LabError for a student whom the book does not know."""
        self.check_student(mark.student)
        with self._writing() as connection:
            add_mark(connection, mark)

    def class_list(self) -> tuple[Student, ...]:
        """Return the students of the last class list, in its order; nobody where there is no list."""
        with self._reading() as connection:
            return read_class_list(connection)

    def set_class_list(self, listed: Sequence[Student], files: str) -> None:
        """Let this be the class from now on; the lists before it are kept."""
        with self._writing() as connection:
            add_class_list(connection, listed, files=files, by=user_name())

    def students(self) -> tuple[str, ...]:
        """Return every student whom the book knows: the class list in its order, then others with results, sorted."""
        with self._reading() as connection:
            listed = [one.student for one in read_class_list(connection)]
            return tuple(dict.fromkeys([*listed, *graded_students(connection)]))

    def check_student(self, student: str) -> None:
        """Raise LabError for a student whom the book does not know."""
        known = self.students()
        if student not in known:
            raise LabError(
                say(
                    "{student} is neither in the gradebook nor in its class list. Known are: {known}.",
                    student=student,
                    known=names_text(nearest(student, known)) or "-",
                )
            )

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained_errors(self.location), self.engine.connect().execution_options(reading=True) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with explained_errors(self.location), self.engine.begin() as connection:
            lock_for_writing(connection)
            yield connection
