"""Whether a folder holds what one student handed in, or a class."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.submission.archives import is_zip_name
from grader.submission.choosing import files_in, is_notebook_name, rank_of
from grader.submission.entries import entries_of
from grader.submission.file_names import BETWEEN_WORDS, NUMBER, stem_of
from grader.submission.platforms import METADATA, google_name, is_platform_name, sender_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.submission.choosing import Labs


SEVERAL = 2
HANDED_IN, IN_WORK = "submitted files", "working files"
"""Microsoft Teams keeps a class's work in two folders of these names, with a folder for each student in both."""
TEAMS_VERSION = re.compile(r"Version \d+")
YEAR = re.compile(r"20\d{2}|20\d{6}")
"""What is more likely a year or a day than a student's number."""


def is_class(folder: Path, labs: Labs) -> bool:
    """Say whether a folder that stands alone holds a class, whose entries a platform has named, or are plain."""
    entries = [path for path in entries_of(folder) if not path.is_symlink()]
    if (
        folder.name.casefold() == HANDED_IN
        or any(is_platform_name(path.name) for path in entries)
        or (folder / METADATA).is_file()
    ):
        return True
    if NUMBER.fullmatch(folder.name):
        return False
    if len(_students_in(folder, labs.lab)) >= SEVERAL:
        return True
    if len(entries) == 1 and entries[0].is_dir():
        return is_class(entries[0], labs)
    notebooks = [path for path in entries if is_notebook_name(path.name)]
    if any(rank_of(path, labs, name=path.name).name != 1 for path in notebooks):
        return False
    folders = [path for path in entries if path.is_dir() and any(_has_notebook(path))]
    zips = [path for path in entries if is_zip_name(path.name)]
    return len(notebooks) + len(folders) + len(zips) > 1


def is_students_own(folder: Path, labs: Labs) -> bool:
    """Say whether a folder that was named is one student's, by its name, and by the one notebook that lies in it."""
    if not is_platform_name(folder.name) and not NUMBER.fullmatch(folder.name):
        return False
    entries = entries_of(folder)
    notebooks = [path for path in entries if is_notebook_name(path.name)]
    if len(notebooks) != 1 or any(path.is_dir() and any(_has_notebook(path)) for path in entries):
        return False
    return is_platform_name(folder.name) or rank_of(notebooks[0], labs, name=notebooks[0].name).name > 1


def _has_notebook(folder: Path) -> Iterator[bool]:
    try:
        yield from (True for path, _ in files_in(folder) if is_notebook_name(path.name))
    except OSError:
        return


def is_one_persons(folder: Path, *, whose: str, lab: str) -> bool:
    """Say whether a folder within a class folder is one student's: nobody is graded by what another's folder claims.

    `whose` is what the folder's student would be called; a folder with a student's number is no section of a class.
    """
    named = {sender_of(path.name, "").person for path in entries_of(folder) if is_platform_name(path.name)}
    if len(named) >= SEVERAL or (folder / METADATA).is_file():
        return False
    return NUMBER.search(whose) is not None or len(_students_in(folder, lab)) < SEVERAL


def _students_in(folder: Path, lab: str) -> set[str]:
    """Return who has a notebook below a folder, by numbers and as Google Classroom and Teams name students."""
    return {
        student
        for path in entries_of(folder)
        if not path.is_symlink() and (student := _named_by(path, lab)) and _holds_notebook(path)
    }


def _named_by(path: Path, lab: str) -> str:
    """Return the student whom the name of an entry tells; "" where it tells nobody."""
    stem = stem_of(path.name, is_folder=path.is_dir())
    numbers = [word for word in BETWEEN_WORDS.split(stem) if NUMBER.fullmatch(word) and not YEAR.fullmatch(word)]
    if len(numbers) == 1:
        return numbers[0]
    if path.is_dir():
        return path.name if any(map(TEAMS_VERSION.fullmatch, _two_below(path))) else ""
    return google_name(stem, lab)


def _holds_notebook(path: Path) -> bool:
    return any(_has_notebook(path)) if path.is_dir() else is_notebook_name(path.name) or is_zip_name(path.name)


def _two_below(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("*/*/")] if folder.is_dir() else []
