"""A gradebook that is open: its transactions, and who is who in it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.gradebook.class_lists import read_class_list
from grader.gradebook.location import explained_errors, lock_for_writing
from grader.gradebook.marks import read_marks
from grader.gradebook.people import ALL_LABS, find_people
from grader.gradebook.results import graded_students

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from grader.gradebook.location import BookLocation
    from grader.gradebook.people import People


@dataclass(frozen=True, slots=True, eq=False)
class OpenBook:
    """What all parts of a book share. Every method raises LabError or SandboxError where the database refuses."""

    engine: Engine
    location: BookLocation

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained_errors(self.location), self.engine.connect().execution_options(reading=True) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with explained_errors(self.location), self.engine.begin() as connection:
            lock_for_writing(connection)
            yield connection


def people_in(connection: Connection) -> People:
    """Return who is who, as the class list, the marks and the names of submissions say."""
    labs = tuple(graded_students(connection).values())
    called = sorted(frozenset[str]().union(*labs))
    marks = tuple(read_marks(connection))
    said = tuple(mark for mark in marks if mark.lab == ALL_LABS)
    marked = dict.fromkeys(mark.student for mark in marks)
    return find_people((*called, *marked), read_class_list(connection), said, labs=labs)
