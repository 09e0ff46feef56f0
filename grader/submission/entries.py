"""The words of a class folder: its entries, what they offer, and what becomes of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.messages.sentences import clean, say
from grader.submission.archives import no_entry
from grader.submission.choosing import Rank
from grader.submission.file_names import NUMBER

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from grader.model import LeftOut, Text
    from grader.submission.platforms import Sender

NOBODYS_KINDS = frozenset(
    f".{ending}"
    for ending in [
        *("csv", "tsv", "xls", "xlsx", "ods", "md", "rst", "yml", "yaml", "json", "xml", "toml", "cfg", "ini"),
        *("log", "lock", "bak", "tmp", "sh", "bat", "ps1", "sqlite", "sqlite-wal", "sqlite-shm", "npz", "npy", "pkl"),
    ]
)
"""What lies in a class folder and is nobody's answer: lists, tables, settings, data. All other kinds are handed in
where a notebook is asked, and so is a file of these kinds that is called like a student: s001.md."""
TEACHERS_WORDS = ("readme", "license", "requirements")
NO_RANK = Rank(name=-1)


@dataclass(frozen=True, slots=True)
class Input:
    """What is to be graded: the student, the notebook, and the folder whose other files belong to it.

    `submitted` and `late` are what the platform says. `notes` are for the student's record. With a `problem` there
    is no notebook to grade, and `path` is what was handed in.
    """

    student: str
    path: Path
    helpers: Path | None = None
    submitted: datetime | None = None
    late: bool = False
    notes: tuple[Text, ...] = ()
    problem: Text | None = None


@dataclass(frozen=True, slots=True)
class ClassFolder:
    """What lies in a class folder: the submissions in the order of their students, and what is none."""

    inputs: tuple[Input, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that a student may be graded by. `name` is what it is called in the class folder."""

    sender: Sender
    name: str
    path: Path
    rank: Rank = NO_RANK
    helpers: Path | None = None
    problem: Text | None = None
    is_plain: bool = False
    """Whether it has the one name that is asked for, so that nothing needs to be said of it."""


def entries_of(folder: Path) -> list[Path]:
    """Return the entries of a folder, sorted by name; raise LabError where it cannot be read."""
    try:
        return sorted(path for path in folder.iterdir() if not no_entry(path.name))
    except OSError as error:
        raise LabError(say("{file} cannot be read: {reason}.", file=folder, reason=error.strerror)) from error


def said(path: Path) -> str:
    """Return what an entry is called in a sentence."""
    return clean(path.name)


def is_students(path: Path, student: str) -> bool:
    """Say whether a file of another kind, which would be this student's, looks like somebody's answer."""
    if NUMBER.fullmatch(student):
        return True
    kind = path.suffix.lower()
    return kind not in {"", *NOBODYS_KINDS} and not path.name.casefold().startswith(TEACHERS_WORDS)
