"""The part of a gradebook by which a lab is read question by question: all at one moment, without the long records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.gradebook.entries import read_record
from grader.gradebook.kept_notebooks import task_digests
from grader.gradebook.newest import contents_in, marks_in, readings_in
from grader.gradebook.opened import OpenBook, people_in
from grader.gradebook.results import record_text
from grader.gradebook.roll import Snapshot, read_roll

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.gradebook.roll import Counting
    from grader.records.record import Record


class LabBook(OpenBook):
    """Who stands in a lab, what was said of them, and records one by one."""

    __slots__ = ()

    def roll(self, lab: str) -> tuple[Counting, ...]:
        """Return everybody who has a result in a lab, sorted by student, without the records."""
        return self.snapshot(lab).roll

    def snapshot(self, lab: str) -> Snapshot:
        """Return who stands in a lab, and what was said of them, all of one moment."""
        with self._reading() as connection:
            people = people_in(connection)
            return Snapshot(
                read_roll(connection, lab, people),
                readings_in(connection, lab, people),
                marks=tuple(marks_in(connection, lab, people)),
            )

    def record(self, result: int) -> Record:
        """Return the record of a result, by its row; raise LabError where there is none."""
        with self._reading() as connection:
            return read_record(record_text(connection, result) or "")

    def digests(self, lab: str) -> Mapping[tuple[int, str], str]:
        """Return a digest of the text of the cells that a person reads, by the result's row and the task."""
        with self._reading() as connection:
            counting = contents_in(connection, lab, people_in(connection))
            return task_digests(connection, [result for result, _ in counting.values()])
