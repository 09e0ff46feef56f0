"""Marks in the gradebook: what teachers say is added and stays; `standing` computes what holds in the end.

Every function works in the transaction of the connection that it is given.
"""

from __future__ import annotations

import getpass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from grader.gradebook.entries import Mark, parse_moment, write_moment
from grader.gradebook.tables import marks
from grader.messages.sentences import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Row

LONGEST_COMMENT = 2000


def add_mark(connection: Connection, mark: Mark) -> None:
    """Keep a mark, its texts on one line each."""
    connection.execute(
        insert(marks).values(
            lab=mark.lab,
            student=mark.student,
            kind=mark.kind,
            points=None if mark.points is None else str(mark.points),
            bonus=mark.bonus,
            days=mark.days,
            submitted_at=None if mark.submitted is None else write_moment(mark.submitted),
            comment=clean(mark.comment, longest=LONGEST_COMMENT),
            made_by=clean(user_name() if mark.made_by is None else mark.made_by),
            made_at=write_moment(mark.made),
        )
    )


def read_marks(connection: Connection, *, lab: str | None = None, student: str | None = None) -> Iterator[Mark]:
    """Yield the marks of a lab, of a student, or of a student in a lab, in the order in which they were made."""
    query = select(marks).order_by(marks.c.id)
    if lab is not None:
        query = query.where(marks.c.lab == lab)
    if student is not None:
        query = query.where(marks.c.student == student)
    yield from map(_mark, connection.execute(query))


def user_name() -> str:
    """Return the name of the user who is logged in, or "" where the system has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # which of them depends on the system and on Python's version
        return ""


def _mark(row: Row[Any]) -> Mark:
    return Mark(
        lab=row.lab,
        student=row.student,
        kind=row.kind,
        points=None if row.points is None else Fraction(row.points),
        bonus=row.bonus,
        days=row.days,
        submitted=parse_moment(row.submitted_at),
        comment=row.comment,
        made_by=row.made_by,
        made=datetime.fromisoformat(row.made_at),
    )
