"""The files beside a notebook that belong to it: copied to where it runs, so that it reads and spoils only copies."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 64 * 2**20
MOST_ENTRIES = 1000
"""How many files and folders are looked at: the notebook may lie in somebody's home."""


def copy_helpers(folder: Path, scratch: Path) -> None:
    """Copy the regular files below `folder` to `scratch`: no links, no devices, nothing hidden, no notebooks.

    What is beyond the bounds is left out, in the order of the names.
    """
    left = MOST_BYTES
    for path in _files(folder):
        size = path.lstat().st_size
        if size > left:
            continue
        left -= size
        place = scratch / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place, follow_symlinks=False)


def _files(folder: Path) -> Iterator[Path]:
    looked_at = 0
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                looked_at += 1
                if looked_at > MOST_ENTRIES:
                    return
                if entry.name.startswith(".") or entry.name.endswith(".ipynb"):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
                    yield Path(entry.path)
