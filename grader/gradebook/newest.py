"""What people said last of the students of a lab, by person: over all names that a student has or had.

Every function works in the transaction of the connection that it is given.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.gradebook.entries import read_record
from grader.gradebook.kept_notebooks import task_digests
from grader.gradebook.kept_readings import changed_items, newest_overrides, newest_readings, outcome_of
from grader.gradebook.marks import read_marks
from grader.gradebook.results import latest_contents, record_text
from grader.gradebook.task_standing import Remarks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from grader.gradebook.entries import Mark, Result
    from grader.gradebook.people import People
    from grader.gradebook.readings import Override, Reading
    from grader.records.record import CheckPart


@dataclass(frozen=True, slots=True)
class InBook:
    """A student in a lab: who it is after renaming, the result that counts, and all that people said."""

    person: str
    has_left: bool
    result: Result | None
    remarks: Remarks


@dataclass(frozen=True, slots=True)
class _Said:
    """What is found of one student."""

    marks: list[Mark] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)
    overrides: dict[tuple[str, str], Override] = field(default_factory=dict)


def remarks_in(
    connection: Connection, lab: str, people: People, *, student: str | None = None
) -> Mapping[str, Remarks]:
    """Return all that people have said of the students of a lab, or of one, by person."""
    found = defaultdict[str, _Said](_Said)
    for mark in marks_in(connection, lab, people, student=student):
        found[mark.student].marks.append(mark)
    for reading in readings_in(connection, lab, people, student=student).values():
        found[reading.student].readings[reading.task] = reading
    for override in overrides_in(connection, lab, people, student=student).values():
        found[override.student].overrides[override.task, override.check] = override
    items = changed_items(connection, lab)
    return {
        one: Remarks(marks=said.marks, readings=said.readings, overrides=said.overrides, items=items)
        for one, said in found.items()
    }


def marks_in(connection: Connection, lab: str, people: People, *, student: str | None = None) -> Iterator[Mark]:
    """Yield the marks of a lab, or of one student in it, the oldest first, without students who have left."""
    for mark in read_marks(connection, lab=lab):
        person = people.person(mark.student)
        if person not in people.withdrawn and student in {None, person}:
            yield replace(mark, student=person)


def readings_in(
    connection: Connection, lab: str, people: People, *, student: str | None = None
) -> dict[tuple[str, str], Reading]:
    """Return the last readings by person and task; `is_earlier` where the cells that were read have changed since."""
    names = None if student is None else people.names(student)
    contents = contents_in(connection, lab, people, student=student)
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


def overrides_in(
    connection: Connection, lab: str, people: People, *, student: str | None = None
) -> dict[tuple[str, str, str], Override]:
    """Return the last overrides by person, task and check; `is_earlier` where the grader says something else now."""
    names = None if student is None else people.names(student)
    contents = contents_in(connection, lab, people, student=student)
    found = {}
    for override, outcome in newest_overrides(connection, lab, students=names):
        person = people.person(override.student)
        if person in people.withdrawn:
            continue
        result, content = contents.get(person, (0, override.content))
        is_same = content == override.content
        if not is_same and outcome:
            is_same = outcome_of(check_in(connection, result, override)) == outcome
        found[person, override.task, override.check] = replace(override, student=person, is_earlier=not is_same)
    return found


def contents_in(
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


def check_in(connection: Connection, result: int, override: Override) -> CheckPart | None:
    """Return the check that an override is about, as a result has it."""
    text = record_text(connection, result)
    tasks = () if text is None else read_record(text).tasks
    checks = (check for task in tasks if task.name == override.task for check in task.checks)
    return next((check for check in checks if check.name == override.check), None)
