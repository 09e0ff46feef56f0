"""Brings a gradebook to the newest version of its tables, with all that is in it; refuses anything else, or newer.

A version is a file `versions/vNNNN.py`, run by Alembic through `env.py`. Released versions are never edited: a
gradebook of any age goes through them one by one, in one transaction, so it is either old or new and never between.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from grader.errors import LabError
from grader.gradebook.location import explained_errors, lock_for_writing
from grader.gradebook.migrations import versions
from grader.messages.sentences import say
from grader.registry import names_in

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from grader.gradebook.location import BookLocation

TABLE = "gradebook_version"
"""A name of our own, so that another program's tables are not taken for ours."""


def known_versions() -> tuple[str, ...]:
    """Return the versions that this program knows, the newest last."""
    return tuple(name.removeprefix("v") for name in names_in(versions))


def bring_up(engine: Engine, location: BookLocation) -> None:
    """Make the tables, or bring them to the newest version. Raises LabError where something else stands there."""
    with explained_errors(location):
        with engine.connect().execution_options(reading=True) as connection:
            if _version(connection, location) == known_versions()[-1]:
                return
        with engine.begin() as connection:
            lock_for_writing(connection)
            if _version(connection, location) != known_versions()[-1]:
                _upgrade(connection)


def _version(connection: Connection, location: BookLocation) -> str | None:
    """Return the version of what stands in a database, or None where it is empty."""
    inspector = inspect(connection)
    if not inspector.has_table(TABLE):
        if inspector.get_table_names():
            raise LabError(say("{book} holds other tables than a gradebook's: name another place.", book=location.name))
        return None
    version = connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar_one_or_none()  # noqa: S608 (our constant)
    if version is not None and version not in known_versions():
        raise LabError(
            say(
                "{book} was written by a newer grader (its version is {version}, and {newest} is the newest known "
                "here): update the grader.",
                book=location.name,
                version=version,
                newest=known_versions()[-1],
            )
        )
    return version


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 (heavy, and needed once in a gradebook's version)
    from alembic.config import Config  # noqa: PLC0415 (same)

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    command.upgrade(config, "head")
