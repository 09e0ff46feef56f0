"""What lies in a folder of submissions: the notebooks, and the helper files beside each of them."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.messages.sentences import say
from grader.submission.names import student_name, told_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_HELPER_BYTES = 64 * 2**20
MOST_HELPER_ENTRIES = 1000
"""How many files and folders are visited: the notebook may lie in somebody's home."""


def find_submissions(folder: Path, lab: str) -> tuple[tuple[str, Path, Path | None], ...]:
    """Return (student, notebook, folder of helper files or None) for every submission, sorted by student.

    Each `*.ipynb` directly in the folder is a submission (student = file stem), and each subfolder that holds
    LAB.ipynb (student = folder name). Names that look the same are told apart. Raises LabError where there is none, or
    one name twice.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise LabError(say("{file} cannot be read: {reason}.", file=folder, reason=error.strerror)) from error
    found: dict[str, tuple[Path, Path | None]] = {}
    for name, path, helpers in filter(None, (_submission_in(entry, lab) for entry in entries)):
        if name in found:
            sentence = say(
                "{student} handed in twice, as {one} and {other}: keep one of them.",
                student=student_name(name),
                one=found[name][0],
                other=path,
            )
            raise LabError(sentence)
        found[name] = path, helpers
    if not found:
        raise LabError(
            say(
                "There is no submission in {folder}: expected *.ipynb, or folders that hold {lab}.ipynb.",
                folder=folder,
                lab=lab,
            )
        )
    students = told_apart(found)
    return tuple(sorted((students[name], *place) for name, place in found.items()))


def _submission_in(entry: Path, lab: str) -> tuple[str, Path, Path | None] | None:
    """Return the submission that an entry of the folder is, with the entry's own name; None for any other entry."""
    notebook = entry / f"{lab}.ipynb"
    if entry.name.startswith("."):
        return None
    if entry.is_dir() and not entry.is_symlink() and os.path.lexists(notebook):
        return entry.name, notebook, entry
    if entry.suffix == ".ipynb" and not entry.is_dir():
        return entry.stem, entry, None
    return None


def helper_files(folder: Path) -> Iterator[Path]:
    """Yield the readable regular files that a notebook may use: not the hidden ones, and no notebooks.

    Files are taken in the order of their names until a bound is reached.
    """
    left = MOST_HELPER_BYTES
    for path, size in _regular_files(folder):
        if size <= left and os.access(path, os.R_OK):
            left -= size
            yield path


def helpers_digest(folder: Path) -> str | None:
    """Return a digest of the helper files in a folder: of where each is and what it holds. None where it holds none.

    A path has no zero byte and a file's digest is of one length, so that no two folders give the same bytes.
    """
    digest, found = hashlib.sha256(), False
    for path in helper_files(folder):
        found = True
        digest.update(os.fsencode(path.relative_to(folder).as_posix()) + b"\0")
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest() if found else None


def _regular_files(folder: Path) -> Iterator[tuple[Path, int]]:
    visited = 0
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                visited += 1
                if visited > MOST_HELPER_ENTRIES:
                    return
                if entry.name.startswith(".") or entry.name.endswith(".ipynb"):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif stat.S_ISREG((status := entry.stat(follow_symlinks=False)).st_mode):
                    yield Path(entry.path), status.st_size
