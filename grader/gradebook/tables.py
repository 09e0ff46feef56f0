"""The tables of the newest version. `migrations/versions` makes them; a test holds that the two agree.

Rows are added and never changed. Points are exact fractions as text ("5/2") and moments ISO 8601 in UTC as text, so
that both mean the same in every database.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
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
    Index("ix_marks_lab", "lab", "student"),
)
"""What teachers say on top of the results."""

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
