"""The gradebook's door. Opened at a file or a URL, it takes results and marks, and gives everything back.

    with open_book("results/gradebook.sqlite") as book:
        book.add(record, submitted=moment)

Several programs may have one open at the same time: each call is a transaction of its own. A book does not survive a
fork: every process opens its own.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.gradebook.class_lists import add_class_list, read_class_list
from grader.gradebook.entries import Result, names_text
from grader.gradebook.kept_notebooks import add_notebook, add_task_cells
from grader.gradebook.kept_readings import overrides_of, readings_of
from grader.gradebook.location import BUSY_SECONDS, connect, find_location
from grader.gradebook.marks import add_mark, read_marks, user_name
from grader.gradebook.migrations import bring_up
from grader.gradebook.newest import marks_in
from grader.gradebook.opened import people_in
from grader.gradebook.read_book import ReadBook
from grader.gradebook.results import (
    add_result,
    add_time,
    graded_labs,
    graded_students,
    latest_results,
    results_of,
)
from grader.messages.sentences import clean, nearest, say
from grader.output import ready_folder
from grader.submission.names import student_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from grader.gradebook.entries import Mark, Student
    from grader.gradebook.readings import Entry
    from grader.records.record import Record
    from grader.submission.saved_notebook import SavedNotebook


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


class Book(ReadBook):
    """An open gradebook. Every method raises LabError or SandboxError where the database refuses."""

    __slots__ = ()

    def add(self, record: Record, submitted: datetime | None = None, *, notebook: SavedNotebook | None = None) -> bool:
        """Keep a result as the one that counts for its student now; return whether it was new.

        The same result (submission, course, seed and version) is never kept twice; given again, it counts again.
        `submitted` needs its time zone; `notebook` is what was handed in, for people to read. Raises LabError for the
        record of a student's kit, which is no result.
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
            if notebook is not None:
                add_notebook(connection, record.lab, notebook)
            is_new, number = add_result(connection, record, submitted)
            add_task_cells(connection, record, number)
            return is_new

    def latest(self, lab: str) -> tuple[Result, ...]:
        """Return the results of a lab that count, one of each student who has any, sorted by student."""
        with self._reading() as connection:
            people = people_in(connection)
            latest: dict[str, Result] = {}
            for result in sorted(latest_results(connection, lab), key=lambda one: one.seen):
                person = people.person(result.student)
                latest[person] = replace(result, student=person)
        return tuple(latest[person] for person in sorted(latest) if person not in people.withdrawn)

    def history(self, student: str, lab: str | None = None) -> tuple[Entry, ...]:
        """Return everything that happened to a student, in all labs or in one, the oldest first."""
        with self._reading() as connection:
            people = people_in(connection)
            found: list[Entry] = []
            for name in people.names(people.person(student)):
                found += [*results_of(connection, name), *read_marks(connection, student=name)]
                found += [*readings_of(connection, name), *overrides_of(connection, name)]
        mine = (entry for entry in found if lab in {None, entry.lab})
        return tuple(sorted(mine, key=lambda entry: entry.seen if isinstance(entry, Result) else entry.made))

    def marks(self, lab: str) -> tuple[Mark, ...]:
        """Return the marks of a lab, the oldest first."""
        with self._reading() as connection:
            return tuple(marks_in(connection, lab, people_in(connection)))

    def person(self, student: str) -> str:
        """Return who a student is after renaming, as the class list and every page call them."""
        with self._reading() as connection:
            return people_in(connection).person(student)

    def called(self, lab: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return each student who has a result in a lab, with everything that the student is called."""
        latest = self.latest(lab)
        with self._reading() as connection:
            people = people_in(connection)
        return tuple((result.student, people.names(result.student)) for result in latest)

    def withdrawn(self) -> frozenset[str]:
        """Return who has left the class."""
        with self._reading() as connection:
            return people_in(connection).withdrawn

    def add_time(self, lab: str, student: str, submitted: datetime) -> bool:
        """Keep when what counts of a student in a lab was handed in; return whether that is new."""
        latest = {result.student: result for result in self.latest(lab)}
        if (result := latest.get(self.person(student))) is None:
            return False
        with self._writing() as connection:
            return add_time(connection, lab, result.record().student, submitted=submitted)

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
            people = people_in(connection)
            graded = sorted(frozenset[str]().union(*graded_students(connection).values()))
            known = dict.fromkeys([*listed, *map(people.person, graded)])
        return tuple(student for student in known if student not in people.withdrawn)

    def check_student(self, student: str) -> None:
        """Raise LabError for a student whom the book does not know."""
        known = self.students()
        with self._reading() as connection:
            called = people_in(connection).persons
        if student not in known and student not in called:
            raise LabError(
                say(
                    "{student} is neither in the gradebook nor in its class list. Known are: {known}.",
                    student=student,
                    known=names_text(nearest(student, known)) or "-",
                )
            )

    def check_new_name(self, student: str) -> None:
        """Raise LabError for what nobody can be called."""
        if not student or student_name(student) != student:
            raise LabError(say("{student} cannot be what a student is called.", student=clean(student) or "-"))
