"""What the gradebook's tests share: places for a book, and records as a grading writes them.

The tests run on SQLite. With LABGRADER_TEST_POSTGRESQL=postgresql://USER@HOST/DATABASE those that need no file of
SQLite's run on that server too, each in a schema of its own.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy

from grader.gradebook.book import open_book
from grader.records.record import LimitsPart, Record, SubmissionPart, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.gradebook.book import Book

SERVER = os.environ.get("LABGRADER_TEST_POSTGRESQL", "")


@pytest.fixture(params=["sqlite", *(["postgresql"] if SERVER else [])])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return where there is no book yet."""
    if request.param == "sqlite":
        yield str(tmp_path / "gradebook.sqlite")
        return
    schema = f"test_{uuid.uuid4().hex}"
    url = sqlalchemy.make_url(SERVER)
    engine = sqlalchemy.create_engine(url.set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    own = url.update_query_dict({"options": f"-csearch_path={schema}"})
    yield own.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
    engine.dispose()


@pytest.fixture
def book(place: str) -> Iterator[Book]:
    """Return an open book with nothing in it."""
    with open_book(place) as opened:
        yield opened


@pytest.fixture
def record() -> Callable[..., Record]:
    """Return a maker of records: `record("s001", content="b")` is the result of other bytes than `record("s001")`."""

    def make(  # noqa: PLR0913 (what tests vary)
        student: str = "s001",
        lab: str = "lab01",
        *,
        content: str | None = "a",
        helpers: str | None = None,
        earned: str | None = "7.5",
        points: int = 10,
        course: str = "c",
        seed: int = 7,
        version: str = "0.1",
        ungraded: str | None = None,
        **more: Any,  # noqa: ANN401 (any other key of a record)
    ) -> Record:
        return Record(
            lab=lab,
            title=Words(zh_tw=f"實驗 {lab}", en=f"Lab {lab}"),
            student=student,
            seed=seed,
            isolation="good",
            earned=None if earned is None else Fraction(earned),
            points=Fraction(points),
            ungraded=None if ungraded is None else Words(zh_tw="無法批改", en=ungraded),
            tasks=(),
            cells=(),
            notes=(),
            submission=SubmissionPart(
                file=f"{student}.ipynb",
                sha256=None if content is None else hashlib.sha256(content.encode()).hexdigest(),
                helpers_sha256=None if helpers is None else hashlib.sha256(helpers.encode()).hexdigest(),
            ),
            course_sha256=hashlib.sha256(course.encode()).hexdigest(),
            limits=LimitsPart(cell_seconds=60, call_seconds=10, submission_seconds=300),
            versions={"labgrader": version},
            when="2026-03-17T00:00:00+00:00",
            seconds={"total": 1.5},
            **more,
        )

    return make
