"""Results in the gradebook: each is added once and stays; the one that was seen last counts for its student.

Every function works in the transaction of the connection that it is given.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from grader.gradebook.entries import Result, parse_moment, write_moment
from grader.gradebook.tables import results, submissions
from grader.records.record import dump_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection, Row, ScalarSelect, Select

    from grader.records.record import Record


def add_result(connection: Connection, record: Record, submitted: datetime | None) -> tuple[bool, int]:
    """Keep a record, unless it is there already, as the one that counts for its student.

    Return whether it was new, and the number of its row.
    """
    key = _key(record)
    kept = connection.execute(select(results.c.id).filter_by(**key)).scalar()
    result = _insert(connection, record, key) if kept is None else kept
    said = parse_moment(record.submission.submitted) if submitted is None else submitted
    _see(connection, result, key, submitted=said)
    return kept is None, result


def add_time(connection: Connection, lab: str, student: str, submitted: datetime) -> bool:
    """Keep when the submission that counts was handed in; return whether there is one, and that was not known."""
    last = (
        select(submissions.c.result_id, submissions.c.submitted_at)
        .join(results)
        .where(results.c.lab == lab, results.c.student == student)
        .order_by(submissions.c.id.desc())
        .limit(1)
    )
    found = connection.execute(last).one_or_none()
    at = write_moment(submitted)
    if found is None or found.submitted_at == at:
        return False
    now = write_moment(datetime.now(UTC))
    connection.execute(insert(submissions).values(result_id=found.result_id, submitted_at=at, seen_at=now))
    return True


def latest_results(connection: Connection, lab: str, *, students: Iterable[str] | None = None) -> Iterator[Result]:
    """Yield the result that counts for each student of a lab, or for some, sorted by student."""
    query = _seen_results().where(submissions.c.id.in_(_last(lab, students))).order_by(results.c.student)
    yield from map(_result, connection.execute(query))


def latest_contents(
    connection: Connection, lab: str, *, students: Iterable[str] | None = None
) -> dict[str, tuple[int, str]]:
    """Return the row of the result that counts for each student of a lab, and the sha256 of what was handed in."""
    query = (
        select(results.c.student, results.c.id, results.c.submission_sha256)
        .join_from(submissions, results)
        .where(submissions.c.id.in_(_last(lab, students)))
        .order_by(submissions.c.id)
    )
    return {row.student: (row.id, row.submission_sha256 or "") for row in connection.execute(query)}


def record_text(connection: Connection, result: int) -> str | None:
    """Return the record of a result as JSON."""
    return connection.execute(select(results.c.record).where(results.c.id == result)).scalar()


def results_of(connection: Connection, student: str) -> Iterator[Result]:
    """Yield everything that a student handed in, in the order in which it was seen."""
    query = _seen_results().where(results.c.student == student).order_by(submissions.c.id)
    yield from map(_result, connection.execute(query))


def graded_labs(connection: Connection) -> tuple[str, ...]:
    """Return the labs that have a result, sorted."""
    return tuple(connection.execute(select(results.c.lab).distinct().order_by(results.c.lab)).scalars())


def graded_students(connection: Connection) -> dict[str, frozenset[str]]:
    """Return who has a result, by lab; the labs are sorted."""
    query = select(results.c.lab, results.c.student).distinct().order_by(results.c.lab)
    found: dict[str, set[str]] = {}
    for lab, student in connection.execute(query):
        found.setdefault(lab, set()).add(student)
    return {lab: frozenset(students) for lab, students in found.items()}


def _key(record: Record) -> dict[str, Any]:
    """Return what two results have in common that are the same."""
    reason = record.ungraded.en if record.ungraded is not None else ""
    file = record.submission
    content = None if file.sha256 is None else _content(file.sha256, file.helpers_sha256)
    return {
        "lab": record.lab,
        "student": record.student,
        "content": content or f"unread:{_digest(file.file, reason)}",
        "course_sha256": record.course_sha256,
        "seed": record.seed,
        "version": record.versions.get("labgrader", ""),
        "outcome": "graded" if record.earned is not None else f"ungraded:{_digest(reason)}",
    }


def _content(sha256: str, helpers_sha256: str | None) -> str:
    return sha256 if helpers_sha256 is None else f"{sha256}+{helpers_sha256}"


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _insert(connection: Connection, record: Record, key: dict[str, Any]) -> int:
    values = {
        **key,
        "attempt": _attempt(connection, key),
        "submission_sha256": record.submission.sha256,
        "earned": None if record.earned is None else str(record.earned),
        "points": str(record.points),
        "ungraded": None if record.ungraded is None else record.ungraded.en,
        "graded_at": record.when,
        "kept_at": write_moment(datetime.now(UTC)),
        "record": dump_record(record),
    }
    done = connection.execute(insert(results).values(values))
    assert done.inserted_primary_key is not None  # noqa: S101 (SQLAlchemy's promise for one row)
    return int(done.inserted_primary_key[0])


def _attempt(connection: Connection, key: dict[str, Any]) -> int:
    """Return the number of this content among those that the student has handed in, from 1."""
    mine = select(func.max(results.c.attempt)).filter_by(lab=key["lab"], student=key["student"])
    same = connection.execute(mine.filter_by(content=key["content"])).scalar()
    return int(same or (connection.execute(mine).scalar() or 0) + 1)


def _see(connection: Connection, result: int, key: dict[str, Any], *, submitted: datetime | None) -> None:
    """Note that a result counts now, unless it does already. A content keeps its time of submission once it is known.

    Where our machinery failed on a content that has a score, the score still counts.
    """
    mine = (
        select(submissions.c.result_id, submissions.c.submitted_at, results.c.content, results.c.outcome)
        .join(results)
        .where(results.c.lab == key["lab"], results.c.student == key["student"])
        .order_by(submissions.c.id.desc())
        .limit(1)
    )
    last = connection.execute(mine).one_or_none()
    same = connection.execute(mine.where(results.c.content == key["content"])).one_or_none()
    if last is not None and key["outcome"] != "graded" and (last.content, last.outcome) == (key["content"], "graded"):
        return
    known = same.submitted_at if same is not None else None
    at = known if submitted is None else write_moment(submitted)
    if last is None or (last.result_id, last.submitted_at) != (result, at):
        now = write_moment(datetime.now(UTC))
        connection.execute(insert(submissions).values(result_id=result, submitted_at=at, seen_at=now))


def _last(lab: str, students: Iterable[str] | None) -> ScalarSelect[Any]:
    """Return the last time that each student's submission had changed, by its row."""
    query = select(func.max(submissions.c.id)).join(results).where(results.c.lab == lab).group_by(results.c.student)
    return (query if students is None else query.where(results.c.student.in_(list(students)))).scalar_subquery()


def _seen_results() -> Select[Any]:
    return select(results, submissions.c.submitted_at, submissions.c.seen_at).join_from(submissions, results)


def _result(row: Row[Any]) -> Result:
    return Result(
        lab=row.lab,
        student=row.student,
        attempt=row.attempt,
        submitted=parse_moment(row.submitted_at),
        seen=datetime.fromisoformat(row.seen_at),
        graded_at=row.graded_at,
        submission_sha256=row.submission_sha256,
        course_sha256=row.course_sha256,
        seed=row.seed,
        version=row.version,
        earned=None if row.earned is None else Fraction(row.earned),
        points=Fraction(row.points),
        ungraded=row.ungraded,
        record_json=row.record,
    )
