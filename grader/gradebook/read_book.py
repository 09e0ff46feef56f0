"""The part of a gradebook that people fill by reading what was handed in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.gradebook.kept_notebooks import digest_of, has_notebook, read_notebook
from grader.gradebook.kept_readings import (
    add_item,
    add_override,
    add_reading,
    any_said,
    changed_items,
    outcome_of,
    used_comments,
)
from grader.gradebook.lab_book import LabBook
from grader.gradebook.newest import InBook, check_in, contents_in, overrides_in, readings_in, remarks_in
from grader.gradebook.opened import people_in
from grader.gradebook.readings import Conflict, with_changes
from grader.gradebook.results import latest_results
from grader.gradebook.task_standing import NOTHING_SAID
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.gradebook.people import People
    from grader.gradebook.readings import Item, Override, Reading
    from grader.gradebook.task_standing import Remarks
    from grader.submission.saved_notebook import SavedNotebook


class ReadBook(LabBook):
    """Readings, items, overrides, and what was handed in. Every student is whom the class list calls so."""

    __slots__ = ()

    def reading(self, lab: str, student: str, task: str) -> Reading | None:
        """Return what was said last of a task of a student; None where nobody has said anything."""
        with self._reading() as connection:
            people = people_in(connection)
            person = people.person(student)
            return readings_in(connection, lab, people, student=person).get((person, task))

    def readings(self, lab: str) -> Mapping[tuple[str, str], Reading]:
        """Return what was said last, by student and task, without students who have left."""
        with self._reading() as connection:
            return readings_in(connection, lab, people_in(connection))

    def keep_reading(self, reading: Reading, *, after: int) -> Reading:
        """Keep a reading and return it with its number; raise Conflict where `after` is not the newest one's number.

        Without `content` it is of what counts now. Raises LabError for a student who has left.
        """
        with self._writing() as connection:
            people = people_in(connection)
            mine = replace(reading, student=_in_class(people, reading.student))
            newest = readings_in(connection, mine.lab, people, student=mine.student).get((mine.student, mine.task))
            if after != (0 if newest is None else newest.number):
                raise Conflict(newest)
            content = (
                mine.content
                or contents_in(connection, mine.lab, people, student=mine.student).get(mine.student, (0, ""))[1]
            )
            mine = replace(mine, content=content)
            cells = digest_of(connection, mine.lab, content, task=mine.task)
            add_reading(connection, mine, after=after, cells=cells)
            return readings_in(connection, mine.lab, people, student=mine.student)[mine.student, mine.task]

    def items(self, lab: str, task: str, rubric_items: Iterable[Item]) -> tuple[Item, ...]:
        """Return the rubric's items of a task with what was changed while reading, then those that were added.

        Those that were removed are among them.
        """
        with self._reading() as connection:
            changed = changed_items(connection, lab).get(task, {})
        return with_changes(rubric_items, changed)

    def changed_items(self, lab: str) -> Mapping[str, Mapping[str, Item]]:
        """Return the items of all tasks of a lab that were added or changed while reading, by task and id."""
        with self._reading() as connection:
            return changed_items(connection, lab)

    def keep_item(self, lab: str, task: str, item: Item, *, after: int) -> Item:
        """Add, change or remove an item; raise Conflict where `after` is not the newest one's number.

        `after` is 0 for an item that is as in the rubric, and for a new one.
        """
        with self._writing() as connection:
            newest = changed_items(connection, lab).get(task, {}).get(item.id)
            if after != (0 if newest is None else newest.number):
                raise Conflict(newest)
            add_item(connection, lab, task, item=item, after=after)
            return changed_items(connection, lab)[task][item.id]

    def overrides(self, lab: str) -> Mapping[tuple[str, str, str], Override]:
        """Return the last override of each student, task and check, also where it was taken back (no points)."""
        with self._reading() as connection:
            return overrides_in(connection, lab, people_in(connection))

    def keep_override(self, override: Override, *, after: int) -> Override:
        """Keep an override and return it with its number; raise Conflict where `after` is not the newest's number.

        Without `content` it is of what counts now. Raises LabError for a student who has left.
        """
        with self._writing() as connection:
            people = people_in(connection)
            mine = replace(override, student=_in_class(people, override.student))
            key = (mine.student, mine.task, mine.check)
            newest = overrides_in(connection, mine.lab, people, student=mine.student).get(key)
            if after != (0 if newest is None else newest.number):
                raise Conflict(newest)
            result, content = contents_in(connection, mine.lab, people, student=mine.student).get(mine.student, (0, ""))
            is_now = mine.content in {"", content}
            outcome = outcome_of(check_in(connection, result, mine)) if is_now else ""
            mine = replace(mine, content=mine.content or content)
            add_override(connection, mine, after=after, outcome=outcome)
            return overrides_in(connection, mine.lab, people, student=mine.student)[key]

    def is_read(self, lab: str) -> bool:
        """Say whether anybody has read anything of a lab, or given other points for a check."""
        with self._reading() as connection:
            return any_said(connection, lab)

    def remarks(self, lab: str, student: str | None = None) -> Mapping[str, Remarks]:
        """Return all that people have said of the students of a lab, or of one: of nobody else and nothing else."""
        with self._reading() as connection:
            people = people_in(connection)
            person = None if student is None else people.person(student)
            return remarks_in(connection, lab, people, student=person)

    def stands(self, lab: str, student: str) -> InBook:
        """Return all that it takes to say how a student stands in a lab, read at one moment."""
        with self._reading() as connection:
            people = people_in(connection)
            person = people.person(student)
            results = latest_results(connection, lab, students=people.names(person))
            newest = max(results, key=lambda one: one.seen, default=None)
            remarks = remarks_in(connection, lab, people, student=person).get(person, NOTHING_SAID)
        return InBook(person, has_left=person in people.withdrawn, result=newest, remarks=remarks)

    def comments(self, lab: str, task: str) -> tuple[str, ...]:
        """Return every comment that was ever given in a task, those that most students got first."""
        with self._reading() as connection:
            return used_comments(connection, lab, task)

    def handed_in(self, lab: str, student: str, content: str = "") -> SavedNotebook | None:
        """Return what a student handed in and counts now, or the notebook of a sha256; None where it is not kept."""
        with self._reading() as connection:
            if not content:
                people = people_in(connection)
                person = people.person(student)
                _, content = contents_in(connection, lab, people, student=person).get(person, (0, ""))
            return read_notebook(connection, lab, content)

    def has_notebook(self, lab: str, content: str) -> bool:
        """Say whether a notebook is kept, by its sha256."""
        with self._reading() as connection:
            return has_notebook(connection, lab, content)


def _in_class(people: People, student: str) -> str:
    """Return who a student is after renaming; raise LabError for one who has left."""
    person = people.person(student)
    if person in people.withdrawn:
        raise LabError(
            say(
                "{student} has been withdrawn, so nothing was kept. To have {student} in the class again: "
                "grade book withdraw {student} --undo",
                student=person,
            )
        )
    return person
