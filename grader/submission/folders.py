"""The helper files beside a notebook, which it may read while it is graded."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_HELPER_BYTES = 64 * 2**20
MOST_HELPER_ENTRIES = 1000
"""How many files and folders are visited: the notebook may lie in somebody's home."""


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
