"""Whether a folder holds what one student handed in, or a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.submission.archives import is_zip_name
from grader.submission.choosing import files_in, is_notebook_name, rank_of
from grader.submission.entries import entries_of
from grader.submission.platforms import METADATA, NUMBER, is_platform_name, sender_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.submission.choosing import Labs


def is_class(folder: Path, labs: Labs) -> bool:
    """Say whether a folder that stands alone holds a class, whose entries a platform has named, or are plain."""
    entries = [path for path in entries_of(folder) if not path.is_symlink()]
    if any(is_platform_name(path.name) for path in entries) or (folder / METADATA).is_file():
        return True
    if NUMBER.fullmatch(folder.name):
        return False
    if len(entries) == 1 and entries[0].is_dir():
        return is_class(entries[0], labs)
    notebooks = [path for path in entries if is_notebook_name(path.name)]
    if any(rank_of(path, labs, name=path.name).name != 1 for path in notebooks):
        return False
    folders = [path for path in entries if path.is_dir() and any(_has_notebook(path))]
    zips = [path for path in entries if is_zip_name(path.name)]
    return len(notebooks) + len(folders) + len(zips) > 1


def _has_notebook(folder: Path) -> Iterator[bool]:
    try:
        yield from (True for path, _ in files_in(folder) if is_notebook_name(path.name))
    except OSError:
        return


def is_one_persons(folder: Path) -> bool:
    """Say whether a folder within a class folder is one student's: nobody is graded by what another's folder claims."""
    named = {sender_of(path.name, "").person for path in entries_of(folder) if is_platform_name(path.name)}
    return len(named) < 2 and not (folder / METADATA).is_file()  # noqa: PLR2004 (several)
