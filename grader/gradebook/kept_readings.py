"""Readings, items and overrides in the gradebook: each is a row that follows another one, and the last one counts.

Every function works in the transaction of the connection that it is given. That two rows cannot follow the same one is
the database's own promise (UNIQUE); whose is the newest is looked up before that, over all names of a student.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from grader.errors import LabError
from grader.gradebook.entries import write_moment
from grader.gradebook.marks import user_name
from grader.gradebook.readings import Item, Override, Reading
from grader.gradebook.tables import items, overrides, readings
from grader.messages.sentences import clean, say
from grader.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection, Row, Table

    from grader.records.record import CheckPart

LONGEST_TEXT = 20_000
"""In characters: of a comment, a note or a reason."""


def add_reading(connection: Connection, reading: Reading, *, after: int, cells: str) -> int:
    """Keep a reading that follows the row `after`; return the number of its row."""
    values = {
        "lab": reading.lab,
        "student": reading.student,
        "task": reading.task,
        "after_id": after,
        "content": reading.content,
        "cells": cells,
        "items": json.dumps(list(reading.items)),
        "points": None if reading.points is None else str(reading.points),
        "comment": clean_lines(reading.comment),
        "note": clean_lines(reading.note),
        "is_read": reading.is_read,
        **_made(reading.made_by, reading.made),
    }
    return _add(connection, readings, values)


def newest_readings(
    connection: Connection, lab: str, *, students: Iterable[str] | None = None, task: str | None = None
) -> Iterator[tuple[Reading, str]]:
    """Yield the last reading of each student and task, the oldest first, with a digest of the cells that were read."""
    last = select(func.max(readings.c.id)).where(readings.c.lab == lab).group_by(readings.c.student, readings.c.task)
    query = select(readings).where(readings.c.id.in_(last.scalar_subquery())).order_by(readings.c.id)
    if students is not None:
        query = query.where(readings.c.student.in_(list(students)))
    if task is not None:
        query = query.where(readings.c.task == task)
    for row in connection.execute(query):
        yield _reading(row), row.cells


def any_said(connection: Connection, lab: str) -> bool:
    """Say whether a lab has any reading or override."""
    ids = (select(table.c.id).where(table.c.lab == lab).limit(1) for table in (readings, overrides))
    return any(connection.execute(query).scalar() is not None for query in ids)


def readings_of(connection: Connection, student: str) -> Iterator[Reading]:
    """Yield everything that was said of what a student handed in, the oldest first."""
    query = select(readings).where(readings.c.student == student).order_by(readings.c.id)
    yield from map(_reading, connection.execute(query))


def used_comments(connection: Connection, lab: str, task: str) -> tuple[str, ...]:
    """Return every comment that was ever given in a task, those that most students got first, then the newest."""
    query = (
        select(readings.c.comment)
        .where(readings.c.lab == lab, readings.c.task == task, readings.c.comment != "")
        .group_by(readings.c.comment)
        .order_by(func.count(readings.c.student.distinct()).desc(), func.max(readings.c.id).desc())
    )
    return tuple(connection.execute(query).scalars())


def add_item(connection: Connection, lab: str, task: str, *, item: Item, after: int) -> int:
    """Keep an item that follows the row `after`; return the number of its row."""
    values = {
        "lab": lab,
        "task": task,
        "item": item.id,
        "after_id": after,
        "text_zh_tw": clean(item.text.zh_tw),
        "text_en": clean(item.text.en),
        "points": str(item.points),
        "bonus": item.bonus,
        "is_removed": item.is_removed,
        **_made(None, None),
    }
    return _add(connection, items, values)


def changed_items(connection: Connection, lab: str) -> Mapping[str, Mapping[str, Item]]:
    """Return the items of a lab that were added or changed, as they are now, by task and id, the oldest first."""
    query = select(items).where(items.c.lab == lab).order_by(items.c.id)
    found: dict[str, dict[str, Item]] = {}
    for row in connection.execute(query):
        found.setdefault(row.task, {})[row.item] = _item(row)
    return found


def add_override(connection: Connection, override: Override, *, after: int, outcome: str) -> int:
    """Keep an override that follows the row `after`; return the number of its row."""
    values = {
        "lab": override.lab,
        "student": override.student,
        "task": override.task,
        "check_name": override.check,
        "after_id": after,
        "content": override.content,
        "outcome": outcome,
        "points": None if override.points is None else str(override.points),
        "reason": clean_lines(override.reason),
        **_made(override.made_by, override.made),
    }
    return _add(connection, overrides, values)


def newest_overrides(
    connection: Connection, lab: str, *, students: Iterable[str] | None = None
) -> Iterator[tuple[Override, str]]:
    """Yield the last override of each student and check, the oldest first, with the digest of what was overridden."""
    parts = (overrides.c.student, overrides.c.task, overrides.c.check_name)
    last = select(func.max(overrides.c.id)).where(overrides.c.lab == lab).group_by(*parts)
    query = select(overrides).where(overrides.c.id.in_(last.scalar_subquery())).order_by(overrides.c.id)
    if students is not None:
        query = query.where(overrides.c.student.in_(list(students)))
    for row in connection.execute(query):
        yield _override(row), row.outcome


def overrides_of(connection: Connection, student: str) -> Iterator[Override]:
    """Yield every override of a student's checks, the oldest first."""
    query = select(overrides).where(overrides.c.student == student).order_by(overrides.c.id)
    yield from map(_override, connection.execute(query))


def outcome_of(check: CheckPart | None) -> str:
    """Return a digest of what the grader said of a check; "" where there is no such check."""
    if check is None:
        return ""
    because = "" if check.because is None else check.because.en
    told = (check.verdict, str(check.earned), str(check.points), check.mistake or "", because)
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def clean_lines(text: str) -> str:
    """Return what somebody wrote, with its lines and indentation, and without characters that hide or turn text.

    Raises LabError where it is too long: nothing that somebody wrote is cut off.
    """
    lines = (line.rstrip().expandtabs(4) for line in text.splitlines())
    kept = "\n".join("".join(c for c in line if unicodedata.category(c)[0] != "C") for line in lines).strip("\n")
    if len(kept) > LONGEST_TEXT:
        raise LabError(
            say(
                "This text has {count} characters, and {most} are kept at most. Nothing was kept: shorten it.",
                count=len(kept),
                most=LONGEST_TEXT,
            )
        )
    return kept


def _made(made_by: str | None, made: datetime | None) -> dict[str, str]:
    name = clean(user_name() if made_by is None else made_by)
    return {"made_by": name, "made_at": write_moment(datetime.now().astimezone() if made is None else made)}


def _add(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    done = connection.execute(insert(table).values(values))
    assert done.inserted_primary_key is not None  # noqa: S101 (SQLAlchemy's promise for one row)
    return int(done.inserted_primary_key[0])


def _reading(row: Row[Any]) -> Reading:
    return Reading(
        lab=row.lab,
        student=row.student,
        task=row.task,
        items=tuple(json.loads(row.items)),
        points=None if row.points is None else Fraction(row.points),
        comment=row.comment,
        note=row.note,
        is_read=row.is_read,
        made_by=row.made_by,
        made=datetime.fromisoformat(row.made_at),
        content=row.content,
        number=row.id,
    )


def _item(row: Row[Any]) -> Item:
    return Item(
        row.item,
        Text(row.text_zh_tw, row.text_en),
        Fraction(row.points),
        bonus=row.bonus,
        is_removed=row.is_removed,
        number=row.id,
    )


def _override(row: Row[Any]) -> Override:
    return Override(
        lab=row.lab,
        student=row.student,
        task=row.task,
        check=row.check_name,
        points=None if row.points is None else Fraction(row.points),
        reason=row.reason,
        made_by=row.made_by,
        made=datetime.fromisoformat(row.made_at),
        content=row.content,
        number=row.id,
    )
