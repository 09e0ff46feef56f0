"""Who stands in a lab, in brief: whose result counts, without the records, which are long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from grader.gradebook.entries import parse_moment
from grader.gradebook.tables import results, submissions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from grader.gradebook.entries import Mark
    from grader.gradebook.people import People
    from grader.gradebook.readings import Reading


@dataclass(frozen=True, slots=True)
class Counting:
    """Whose result counts: its row, the sha256 of what was handed in ("" where it could not be read), and when."""

    student: str
    result: int
    content: str
    submitted: datetime | None


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A lab at one moment: whose results count, what was read last by student and task, and the marks."""

    roll: tuple[Counting, ...]
    readings: Mapping[tuple[str, str], Reading]
    marks: tuple[Mark, ...]


def read_roll(connection: Connection, lab: str, people: People) -> tuple[Counting, ...]:
    """Return everybody who has a result in a lab and has not left, sorted by student."""
    last = (
        select(func.max(submissions.c.id)).join(results).where(results.c.lab == lab).group_by(results.c.student)
    ).scalar_subquery()
    query = (
        select(results.c.student, results.c.id, results.c.submission_sha256, submissions.c.submitted_at)
        .join_from(submissions, results)
        .where(submissions.c.id.in_(last))
        .order_by(submissions.c.id)  # of two names of one person the one that was seen last counts
    )
    found = {}
    for row in connection.execute(query):
        person = people.person(row.student)
        found[person] = Counting(
            person, row.id, content=row.submission_sha256 or "", submitted=parse_moment(row.submitted_at)
        )
    return tuple(found[person] for person in sorted(found) if person not in people.withdrawn)
