"""The files beside a notebook that belong to it: they are copied to where it runs, so that it can only spoil copies."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from grader.submission.folders import helper_files

if TYPE_CHECKING:
    from pathlib import Path


def copy_helpers(folder: Path, scratch: Path) -> None:
    """Copy the helper files of `folder` to `scratch`, each to the same place below it."""
    for path in helper_files(folder):
        place = scratch / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place, follow_symlinks=False)
