"""The tables of the newest version. `migrations/versions` makes them; a test holds that the two agree.

Rows are added and never changed. Points are exact fractions as text ("5/2") and moments ISO 8601 in UTC as text, so
that both mean the same in every database.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    true,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

results = Table(
    "results",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lab", Text, nullable=False),
    Column("student", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("course_sha256", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("version", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("submission_sha256", Text),
    Column("earned", Text),
    Column("points", Text, nullable=False),
    Column("ungraded", Text),
    Column("graded_at", Text, nullable=False),
    Column("kept_at", Text, nullable=False),
    Column("record", Text, nullable=False),
    UniqueConstraint("lab", "student", "content", "course_sha256", "seed", "version", "outcome"),
)
"""Every result. `content` is the submission's sha256, with `+` and that of its helper files where it has any, or
`unread:…` for a file that could not be read; `attempt` numbers a student's contents. `outcome` is `graded`, or
`ungraded:…` with a digest of the reason, so that a failure of our machinery and a later score are both kept."""

submissions = Table(
    "submissions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("result_id", ForeignKey("results.id"), nullable=False),
    Column("submitted_at", Text),
    Column("seen_at", Text, nullable=False),
    Index("ix_submissions_result_id", "result_id"),
)
"""A row for each time that a student's submission had changed. The last one counts: a student who hands in an earlier
version again has its result again."""

marks = Table(
    "marks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lab", Text, nullable=False),
    Column("student", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("points", Text),
    Column("days", Integer),
    Column("submitted_at", Text),
    Column("comment", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("bonus", Boolean, nullable=False, server_default=true()),
    Index("ix_marks_lab", "lab", "student"),
)
"""What teachers say on top of the results. `bonus` points may lead above the lab's; so could all before version 2."""

class_lists = Table(
    "class_lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("files", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Text, nullable=False),
)
"""Each import of a class list. The last one is the class."""

students = Table(
    "students",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("class_list_id", ForeignKey("class_lists.id"), nullable=False),
    Column("student", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("canvas_id", Text, nullable=False),
    Column("sis_user_id", Text, nullable=False),
    Column("sis_login_id", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("id_number", Text, nullable=False),
    Column("username", Text, nullable=False),
    UniqueConstraint("class_list_id", "student"),
)
"""The students of each class list, in its order."""

readings = Table(
    "readings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lab", Text, nullable=False),
    Column("student", Text, nullable=False),
    Column("task", Text, nullable=False),
    Column("after_id", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("cells", Text, nullable=False),
    Column("items", Text, nullable=False),
    Column("points", Text),
    Column("comment", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("is_read", Boolean, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    UniqueConstraint("lab", "student", "task", "after_id"),
)
"""What people said of a task of a student; the last one counts. `after_id` is the row that it follows, 0 for the first:
two that follow the same one cannot both be there. `items` is a JSON list of ids, `cells` the digest of what was read
(`task_cells`), "" where that is not known."""

items = Table(
    "items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lab", Text, nullable=False),
    Column("task", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("after_id", Integer, nullable=False),
    Column("text_zh_tw", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("points", Text, nullable=False),
    Column("bonus", Boolean, nullable=False),
    Column("is_removed", Boolean, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    UniqueConstraint("lab", "task", "item", "after_id"),
)
"""Items of a rubric that were added or changed while reading; the last row of each counts."""

overrides = Table(
    "overrides",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lab", Text, nullable=False),
    Column("student", Text, nullable=False),
    Column("task", Text, nullable=False),
    Column("check_name", Text, nullable=False),
    Column("after_id", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("points", Text),
    Column("reason", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    UniqueConstraint("lab", "student", "task", "check_name", "after_id"),
)
"""The points of a check in place of the grader's; without points an override is taken back. `outcome` is a digest of
what the grader had said."""

notebooks = Table(
    "notebooks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lab", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("cells", LargeBinary, nullable=False),
    Column("kept_at", Text, nullable=False),
    UniqueConstraint("lab", "content"),
)
"""What was handed in, by the sha256 of the notebook: its cells as compressed JSON (`kept_notebook`)."""

task_cells = Table(
    "task_cells",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("result_id", ForeignKey("results.id"), nullable=False),
    Column("task", Text, nullable=False),
    Column("cells", Text, nullable=False),
    UniqueConstraint("result_id", "task"),
)
"""A digest of the text of the cells that belong to a task which a person reads."""
