"""Migrations: a book of any age is brought up to date with all that is in it, and what is none is left alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from grader.errors import LabError
from grader.gradebook import migrations
from grader.gradebook.book import open_book
from grader.gradebook.entries import Mark, Result, Student
from grader.gradebook.migrations import TABLE, known_versions
from grader.gradebook.readings import Reading
from grader.gradebook.tables import metadata
from grader.records.record import dump_record
from grader.submission.saved_notebook import SavedCell, SavedNotebook

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.gradebook.book import Book
    from grader.records.record import Record

FIRST = """
CREATE TABLE gradebook_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO gradebook_version VALUES ('0001');
CREATE TABLE results (
  id INTEGER NOT NULL CONSTRAINT pk_results PRIMARY KEY, lab TEXT NOT NULL, student TEXT NOT NULL,
  content TEXT NOT NULL, course_sha256 TEXT NOT NULL, seed BIGINT NOT NULL, version TEXT NOT NULL,
  outcome TEXT NOT NULL, attempt INTEGER NOT NULL, submission_sha256 TEXT, earned TEXT, points TEXT NOT NULL,
  ungraded TEXT, graded_at TEXT NOT NULL, kept_at TEXT NOT NULL, record TEXT NOT NULL,
  CONSTRAINT uq_results_lab UNIQUE (lab, student, content, course_sha256, seed, version, outcome));
CREATE TABLE submissions (
  id INTEGER NOT NULL CONSTRAINT pk_submissions PRIMARY KEY, result_id INTEGER NOT NULL
  CONSTRAINT fk_submissions_result_id REFERENCES results (id), submitted_at TEXT, seen_at TEXT NOT NULL);
CREATE INDEX ix_submissions_result_id ON submissions (result_id);
CREATE TABLE marks (
  id INTEGER NOT NULL CONSTRAINT pk_marks PRIMARY KEY, lab TEXT NOT NULL, student TEXT NOT NULL, kind TEXT NOT NULL,
  points TEXT, days INTEGER, submitted_at TEXT, comment TEXT NOT NULL, made_by TEXT NOT NULL, made_at TEXT NOT NULL);
CREATE INDEX ix_marks_lab ON marks (lab, student);
CREATE TABLE class_lists (
  id INTEGER NOT NULL CONSTRAINT pk_class_lists PRIMARY KEY, files TEXT NOT NULL, made_by TEXT NOT NULL,
  made_at TEXT NOT NULL);
CREATE TABLE students (
  id INTEGER NOT NULL CONSTRAINT pk_students PRIMARY KEY, class_list_id INTEGER NOT NULL
  CONSTRAINT fk_students_class_list_id REFERENCES class_lists (id), student TEXT NOT NULL, name TEXT NOT NULL,
  canvas_id TEXT NOT NULL, sis_user_id TEXT NOT NULL, sis_login_id TEXT NOT NULL, section TEXT NOT NULL,
  email TEXT NOT NULL, id_number TEXT NOT NULL, username TEXT NOT NULL,
  CONSTRAINT uq_students_class_list_id UNIQUE (class_list_id, student));
"""
"""What the first version made, as it is found in its files; it does not change when the program does."""


NEXT = """
from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"


def upgrade():
    op.create_table("rooms", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table("seats", sa.Column("id", sa.Integer(), primary_key=True))
"""
"""A version that comes after the newest, as there will be one."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gradebook.sqlite"


def write_first(path: Path, record: Record) -> None:
    """Write a book of the first version with a result and two marks in it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST)
        result = (
            *(1, record.lab, record.student, record.submission.sha256, record.course_sha256, record.seed, "0.1"),
            *("graded", 1, record.submission.sha256, "15/2", "10", None, record.when),
            *("2026-03-17T00:00:01.000000+00:00", dump_record(record)),
        )
        connection.execute(f"INSERT INTO results VALUES ({', '.join('?' * len(result))})", result)  # noqa: S608 (marks)
        moments = ("2026-03-16T12:00:00.000000+00:00", "2026-03-17T00:00:02.000000+00:00")
        connection.execute("INSERT INTO submissions VALUES (1, 1, ?, ?)", moments)
        made = ("t001", "2026-03-18T00:00:00.000000+00:00")
        connection.execute(
            "INSERT INTO marks VALUES (1, 'lab01', 's001', 'add', '1/3', NULL, NULL, 'good', ?, ?)", made
        )
        connection.execute("INSERT INTO marks VALUES (2, 'lab01', 's001', 'late', NULL, 2, NULL, '', ?, ?)", made)
        connection.commit()


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a copy of the migrations, which is used in their place."""
    source = Path(migrations.__file__).parent
    folder = tmp_path / "100%(here)s"  # Alembic's settings take % for a sign of their own
    (folder / "versions").mkdir(parents=True)
    for file in ("env.py", *(f"versions/v{number}.py" for number in known_versions())):
        (folder / file).write_bytes((source / file).read_bytes())
    monkeypatch.setattr(migrations, "__file__", str(folder / "__init__.py"))
    monkeypatch.setattr(migrations.versions, "__path__", [str(folder / "versions")])
    return folder


@pytest.fixture
def next_version(copied: Path) -> None:
    """Let there be a version after the newest."""
    (copied / "versions" / "v0003.py").write_text(NEXT, "utf-8")


def version(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute(f"SELECT version_num FROM {TABLE}").fetchone()[0])  # noqa: S608 (our constant)


def test_a_new_book_has_the_newest_version_and_the_tables_that_the_program_means(book: Book) -> None:
    with book.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": TABLE})
        assert context.get_current_revision() == known_versions()[-1]
        assert compare_metadata(context, metadata) == []


def test_every_version_comes_after_the_one_before_it() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    scripts = list(ScriptDirectory.from_config(config).walk_revisions())
    assert [script.revision for script in reversed(scripts)] == list(known_versions())
    assert [script.down_revision for script in reversed(scripts)] == [None, *known_versions()[:-1]]


@pytest.mark.usefixtures("next_version")
def test_a_book_of_an_older_version_is_brought_up_to_date_with_all_that_is_in_it(
    path: Path, record: Callable[..., Record]
) -> None:
    write_first(path, record())
    assert version(path) == "0001"
    with open_book(path) as book:
        result, added, late = book.history("s001")
        assert isinstance(result, Result)
        assert result.record() == record()
        assert (result.earned, result.attempt) == (Fraction(15, 2), 1)
        assert result.submitted is not None
        assert result.submitted.isoformat() == "2026-03-16T12:00:00+00:00"
        assert isinstance(added, Mark)
        assert (added.points, added.comment, added.made_by) == (Fraction(1, 3), "good", "t001")
        assert isinstance(late, Mark)
        assert late.days == 2
        book.set_class_list([Student("s001")], "class.csv")
        assert book.class_list() == (Student("s001"),)
        assert not book.add(record()), "it is there already"
        assert book.add(record(content="b"))
        assert book.latest("lab01")[0].attempt == 2
    assert version(path) == "0003"


@pytest.mark.usefixtures("next_version")
def test_an_old_book_that_is_no_longer_changed_is_upgraded_once(path: Path, record: Callable[..., Record]) -> None:
    write_first(path, record())
    for _ in range(2):
        with open_book(path) as book:
            assert len(book.history("s001")) == 3


def test_a_book_of_a_newer_version_is_refused_in_a_sentence_and_left_as_it_is(
    path: Path, record: Callable[..., Record]
) -> None:
    write_first(path, record())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE {TABLE} SET version_num = '0099'")  # noqa: S608 (our constant)
        connection.commit()
    with pytest.raises(LabError, match=r"written by a newer grader \(its version is 0099") as caught, open_book(path):
        pass
    assert "update the grader" in caught.value.text.en
    assert version(path) == "0099"


def test_a_database_of_something_else_is_refused_and_left_as_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text)")
        connection.commit()
    with pytest.raises(LabError, match="holds other tables than a gradebook's"), open_book(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("notes",)]


@pytest.mark.usefixtures("next_version")
def test_an_upgrade_that_fails_leaves_the_old_version_whole(path: Path, record: Callable[..., Record]) -> None:
    write_first(path, record())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE seats (text)")  # in the way of the second table of the next version
        connection.commit()
    with pytest.raises(Exception, match="seats already exists"), open_book(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert "rooms" not in names, "the first one is not left behind"
        assert connection.execute("SELECT count(*) FROM results").fetchone() == (1,)
    assert version(path) == "0001"


@pytest.mark.usefixtures("copied")
def test_the_migrations_are_found_in_a_folder_with_a_percent_sign(path: Path) -> None:
    with open_book(path) as book:
        assert book.labs() == ()


def test_a_book_of_the_first_version_takes_readings_and_notebooks_and_keeps_every_score(
    path: Path, record: Callable[..., Record]
) -> None:
    write_first(path, record())
    with open_book(path) as book:
        assert version(path) == known_versions()[-1]
        (added,) = (mark for mark in book.marks("lab01") if mark.kind == "add")
        assert added.bonus, "points could lead above the lab's, and still do"
        book.add_mark(Mark("lab01", "s001", "add", points=Fraction(1)))
        assert [mark.bonus for mark in book.marks("lab01") if mark.kind == "add"] == [True, False]
        assert book.readings("lab01") == {}
        kept = book.keep_reading(Reading("lab01", "s001", "essay", comment="a fine plot"), after=0)
        assert book.reading("lab01", "s001", "essay") == kept
        content = record().submission.sha256
        assert content is not None
        book.add(record(), notebook=SavedNotebook(content, (SavedCell("markdown", "# Essay"),)))
        handed_in = book.handed_in("lab01", "s001")
        assert handed_in is not None
        assert handed_in.cells[0].source == "# Essay"
