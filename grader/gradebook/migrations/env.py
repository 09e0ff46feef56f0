"""Run by Alembic: the migrations, in the transaction of the connection that it is given."""

from __future__ import annotations

from alembic import context

from grader.gradebook.migrations import TABLE
from grader.gradebook.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=TABLE,
)
context.run_migrations()
