"""The part of a gradebook that people fill by reading what was handed in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.gradebook.entries import read_record
from grader.gradebook.kept_notebooks import digest_of, has_notebook, read_notebook, task_digests
from grader.gradebook.kept_readings import (
    add_item,
    add_override,
    add_reading,
    any_said,
    changed_items,
    newest_overrides,
    newest_readings,
    outcome_of,
    used_comments,
)
from grader.gradebook.marks import read_marks
from grader.gradebook.opened import OpenBook, people_in
from grader.gradebook.readings import Conflict, with_changes
from grader.gradebook.results import latest_contents, record_text
from grader.gradebook.roll import Snapshot, read_roll
from grader.gradebook.task_standing import Remarks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from grader.gradebook.entries import Mark
    from grader.gradebook.people import People
    from grader.gradebook.readings import Item, Override, Reading
    from grader.gradebook.roll import Counting
    from grader.records.record import CheckPart, Record
    from grader.submission.saved_notebook import SavedNotebook


class ReadBook(OpenBook):
    """Readings, items, overrides, and what was handed in. Every student is whom the class list calls so."""

    __slots__ = ()

    def reading(self, lab: str, student: str, task: str) -> Reading | None:
        """Return what was said last of a task of a student; None where nobody has said anything."""
        with self._reading() as connection:
            people = people_in(connection)
            person = people.person(student)
            return _readings(connection, lab, people, student=person).get((person, task))

    def readings(self, lab: str) -> Mapping[tuple[str, str], Reading]:
        """Return what was said last, by student and task, without students who have left."""
        with self._reading() as connection:
            return _readings(connection, lab, people_in(connection))

    def keep_reading(self, reading: Reading, *, after: int) -> Reading:
        """Keep a reading and return it with its number; raise Conflict where `after` is not the newest one's number.

        Without `content` it is of what counts now.
        """
        with self._writing() as connection:
            people = people_in(connection)
            mine = replace(reading, student=people.person(reading.student))
            newest = _readings(connection, mine.lab, people, student=mine.student).get((mine.student, mine.task))
            if after != (0 if newest is None else newest.number):
                raise Conflict(newest)
            content = (
                mine.content
                or _contents(connection, mine.lab, people, student=mine.student).get(mine.student, (0, ""))[1]
            )
            mine = replace(mine, content=content)
            cells = digest_of(connection, mine.lab, content, task=mine.task)
            add_reading(connection, mine, after=after, cells=cells)
            return _readings(connection, mine.lab, people, student=mine.student)[mine.student, mine.task]

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
            return _overrides(connection, lab, people_in(connection))

    def keep_override(self, override: Override, *, after: int) -> Override:
        """Keep an override and return it with its number; raise Conflict where `after` is not the newest's number.

        Without `content` it is of what counts now.
        """
        with self._writing() as connection:
            people = people_in(connection)
            mine = replace(override, student=people.person(override.student))
            key = (mine.student, mine.task, mine.check)
            newest = _overrides(connection, mine.lab, people, student=mine.student).get(key)
            if after != (0 if newest is None else newest.number):
                raise Conflict(newest)
            result, content = _contents(connection, mine.lab, people, student=mine.student).get(mine.student, (0, ""))
            is_now = mine.content in {"", content}
            outcome = outcome_of(_check(connection, result, mine)) if is_now else ""
            mine = replace(mine, content=mine.content or content)
            add_override(connection, mine, after=after, outcome=outcome)
            return _overrides(connection, mine.lab, people, student=mine.student)[key]

    def is_read(self, lab: str) -> bool:
        """Say whether anybody has read anything of a lab, or given other points for a check."""
        with self._reading() as connection:
            return any_said(connection, lab)

    def remarks(self, lab: str, student: str | None = None) -> Mapping[str, Remarks]:
        """Return all that people have said of the students of a lab, or of one: of nobody else and nothing else."""
        with self._reading() as connection:
            people = people_in(connection)
            person = None if student is None else people.person(student)
            found = defaultdict[str, _Said](_Said)
            for mark in marks_in(connection, lab, people, student=person):
                found[mark.student].marks.append(mark)
            for reading in _readings(connection, lab, people, student=person).values():
                found[reading.student].readings[reading.task] = reading
            for override in _overrides(connection, lab, people, student=person).values():
                found[override.student].overrides[override.task, override.check] = override
            items = changed_items(connection, lab)
        return {
            one: Remarks(marks=said.marks, readings=said.readings, overrides=said.overrides, items=items)
            for one, said in found.items()
        }

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
                _, content = _contents(connection, lab, people, student=person).get(person, (0, ""))
            return read_notebook(connection, lab, content)

    def roll(self, lab: str) -> tuple[Counting, ...]:
        """Return everybody who has a result in a lab, sorted by student, without the records."""
        return self.snapshot(lab).roll

    def snapshot(self, lab: str) -> Snapshot:
        """Return who stands in a lab, and what was said of them, all of one moment."""
        with self._reading() as connection:
            people = people_in(connection)
            return Snapshot(
                read_roll(connection, lab, people),
                _readings(connection, lab, people),
                marks=tuple(marks_in(connection, lab, people)),
            )

    def record(self, result: int) -> Record:
        """Return the record of a result, by its row; raise LabError where there is none."""
        with self._reading() as connection:
            return read_record(record_text(connection, result) or "")

    def digests(self, lab: str) -> Mapping[tuple[int, str], str]:
        """Return a digest of the text of the cells that a person reads, by the result's row and the task."""
        with self._reading() as connection:
            counting = _contents(connection, lab, people_in(connection))
            return task_digests(connection, [result for result, _ in counting.values()])

    def has_notebook(self, lab: str, content: str) -> bool:
        """Say whether a notebook is kept, by its sha256."""
        with self._reading() as connection:
            return has_notebook(connection, lab, content)


class _Said:
    """What is found of one student."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self.readings: dict[str, Reading] = {}
        self.overrides: dict[tuple[str, str], Override] = {}


def marks_in(connection: Connection, lab: str, people: People, *, student: str | None = None) -> Iterator[Mark]:
    """Yield the marks of a lab, or of one student in it, the oldest first, without students who have left."""
    for mark in read_marks(connection, lab=lab):
        person = people.person(mark.student)
        if person not in people.withdrawn and student in {None, person}:
            yield replace(mark, student=person)


def _readings(
    connection: Connection, lab: str, people: People, *, student: str | None = None
) -> dict[tuple[str, str], Reading]:
    """Return the last readings by person and task; `is_earlier` where the cells that were read have changed since."""
    names = None if student is None else people.names(student)
    contents = _contents(connection, lab, people, student=student)
    kept = list(newest_readings(connection, lab, students=names))
    digests = task_digests(connection, _changed(contents, [reading for reading, _ in kept], people))
    found = {}
    for reading, cells in kept:
        person = people.person(reading.student)
        if person in people.withdrawn:
            continue
        result, content = contents.get(person, (0, reading.content))
        is_same = content == reading.content or (cells and digests.get((result, reading.task)) == cells)
        found[person, reading.task] = replace(reading, student=person, is_earlier=not is_same)
    return found


def _overrides(
    connection: Connection, lab: str, people: People, *, student: str | None = None
) -> dict[tuple[str, str, str], Override]:
    """Return the last overrides by person, task and check; `is_earlier` where the grader says something else now."""
    names = None if student is None else people.names(student)
    contents = _contents(connection, lab, people, student=student)
    found = {}
    for override, outcome in newest_overrides(connection, lab, students=names):
        person = people.person(override.student)
        if person in people.withdrawn:
            continue
        result, content = contents.get(person, (0, override.content))
        is_same = content == override.content
        if not is_same and outcome:
            is_same = outcome_of(_check(connection, result, override)) == outcome
        found[person, override.task, override.check] = replace(override, student=person, is_earlier=not is_same)
    return found


def _contents(
    connection: Connection, lab: str, people: People, *, student: str | None = None
) -> dict[str, tuple[int, str]]:
    """Return the row and the content of the result that counts for each person, or for one."""
    names = None if student is None else people.names(student)
    found = latest_contents(connection, lab, students=names)
    return {people.person(called): one for called, one in found.items()}


def _changed(contents: Mapping[str, tuple[int, str]], kept: Iterable[Reading], people: People) -> set[int]:
    """Return the rows of the results that are of another content than was read."""
    rows = ((contents.get(people.person(reading.student)), reading.content) for reading in kept)
    return {now[0] for now, content in rows if now is not None and now[1] != content}


def _check(connection: Connection, result: int, override: Override) -> CheckPart | None:
    """Return the check that an override is about, as a result has it."""
    text = record_text(connection, result)
    tasks = () if text is None else read_record(text).tasks
    checks = (check for task in tasks if task.name == override.task for check in task.checks)
    return next((check for check in checks if check.name == override.check), None)
