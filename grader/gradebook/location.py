"""Where a gradebook is: a SQLite file or the URL of a PostgreSQL database; and the sentences for what fails there."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from grader.errors import LabError, SaidError, SandboxError
from grader.messages.sentences import clean, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection

    from grader.model import Text

FILE = "gradebook.sqlite"
BUSY_SECONDS = 30.0
"""How long one grader waits for another that writes to the same file."""

POSTGRESQL = "postgresql+psycopg"
REFUSED_STATES = frozenset({"42501", "25006", "53100", "53300", "57P01", "57P03", "3D000", "3F000", "28P01", "28000"})
"""PostgreSQL's codes for: no privilege, read only, disk full, too many clients, shutting down, starting up, no such
database, no such schema, wrong password, no such user (its manual, appendix A)."""


@dataclass(frozen=True, slots=True)
class BookLocation:
    """Where a gradebook is. `name` is what sentences call it: the file, or the URL without its password."""

    url: URL
    path: Path | None
    name: str | Path


def find_location(given: str | Path) -> BookLocation:
    """Return the location that the user named: a file, its folder or a URL. Raises LabError for another URL."""
    if isinstance(given, Path) or "://" not in given:
        return _file(Path(given))
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise LabError(_no_url()) from error
    match url.get_backend_name():
        case "sqlite" if url.database:
            return _file(Path(url.database))
        case "postgresql" | "postgres":
            url = url.set(drivername=POSTGRESQL)
            shown = url.set(drivername="postgresql", query={})  # a password may stand in the query too
            return BookLocation(url, None, shown.render_as_string(hide_password=True))
    raise LabError(_no_url())


def connect(location: BookLocation, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """Return the engine for a location. A transaction may write, unless its connection says `reading=True`."""
    if location.path is None:
        try:
            return create_engine(location.url)
        except ModuleNotFoundError as error:
            raise LabError(
                say("A gradebook in PostgreSQL needs psycopg, which is not installed: pip install psycopg[binary]")
            ) from error
    engine = create_engine(location.url, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def lock_for_writing(connection: Connection) -> None:
    """Let no other transaction write until this one ends, as SQLite's BEGIN IMMEDIATE has done already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('labgrader gradebook'))")


@contextmanager
def explained_errors(location: BookLocation) -> Iterator[None]:
    """Raise in place of the database's error one with a sentence: LabError, or SandboxError where it helps to wait."""
    try:
        yield
    except DBAPIError as error:
        if (explained := _explained(location, error.orig)) is None:
            raise
        raise explained from error


def _file(path: Path) -> BookLocation:
    try:
        whole = (path / FILE if path.is_dir() else path).absolute()
    except OSError as error:  # a name that is too long, a folder that nobody may look into
        raise LabError(say("{file} cannot be read: {reason}", file=path, reason=error.strerror)) from error
    return BookLocation(URL.create("sqlite", database=str(whole)), whole, whole)


def _no_url() -> Text:
    return say("A gradebook is a file, or a database named as postgresql://USER@HOST/DATABASE.")


def _explained(location: BookLocation, error: BaseException | None) -> SaidError | None:
    """Return the error with a sentence for a driver's error, or None where that is a bug of ours."""
    name = getattr(error, "sqlite_errorname", None)
    if name is None:
        return _explained_of_server(location, error)
    match name.split("_")[1]:
        case "BUSY" | "LOCKED":
            return SandboxError(_busy(location))
        case "NOTADB":
            return LabError(say("{book} is no gradebook: it is not an SQLite file.", book=location.name))
        case "CORRUPT":
            return LabError(
                say("{book} is damaged ({reason}): go back to a copy of it.", book=location.name, reason=error)
            )
        case "FULL" | "IOERR" | "READONLY" | "CANTOPEN" | "PERM" | "AUTH" | "NOLFS":
            return LabError(
                say(
                    "The gradebook {book} cannot be written: {reason}. What it held before is still there. "
                    "Free some space or name another place with --book.",
                    book=location.name,
                    reason=error,
                )
            )
    return None


def _explained_of_server(location: BookLocation, error: BaseException | None) -> SaidError | None:
    """Do the same where a server is away, full or closed to us, without importing psycopg for its types."""
    state = getattr(error, "sqlstate", None)
    never_sent = state is None and type(error).__name__ in {"OperationalError", "ProgrammingError"}
    if never_sent or state in REFUSED_STATES:
        reason = clean(str(error).partition("\n")[0])
        return LabError(say("The gradebook {book} cannot be used: {reason}", book=location.name, reason=reason))
    return None


def _busy(location: BookLocation) -> Text:
    return say("Another program keeps the gradebook {book} locked. Nothing was lost: try again.", book=location.name)


def _set_up_sqlite(connection: DBAPIConnection, _record: object) -> None:
    """Leave transactions to us (`_begin_sqlite`), and let readers and a writer not wait for each other."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin a transaction that writes with the right to do so: asking for it later could fail at once."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
