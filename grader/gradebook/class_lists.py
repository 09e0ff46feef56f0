"""Class lists in the gradebook: each import is kept, and the last one is the class.

Every function works in the transaction of the connection that it is given.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from grader.gradebook.entries import Student, write_moment
from grader.gradebook.tables import class_lists, students

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def add_class_list(connection: Connection, listed: Sequence[Student], *, files: str, by: str) -> None:
    """Keep a class list, read from `files`."""
    made = insert(class_lists).values(files=files, made_by=by, made_at=write_moment(datetime.now(UTC)))
    key = connection.execute(made).inserted_primary_key
    assert key is not None  # noqa: S101 (SQLAlchemy's promise for one row)
    connection.execute(insert(students), [{"class_list_id": key[0], **asdict(student)} for student in listed])


def read_class_list(connection: Connection) -> tuple[Student, ...]:
    """Return the students of the last class list, in its order; nobody where there is no list."""
    last = select(class_lists.c.id).order_by(class_lists.c.id.desc()).limit(1).scalar_subquery()
    columns = [students.c[field.name] for field in fields(Student)]
    query = select(*columns).where(students.c.class_list_id == last).order_by(students.c.id)
    return tuple(Student(*row) for row in connection.execute(query))
