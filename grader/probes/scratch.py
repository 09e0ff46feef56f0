"""A folder for what is called outside of a kernel and may write files."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.model import DataFile


def put_in(folder: Path, files: Sequence[DataFile]) -> None:
    """Copy data files into a folder, each under its name there."""
    for file in files:
        place = folder / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.path, place)


@contextlib.contextmanager
def elsewhere(files: Sequence[DataFile] = ()) -> Iterator[None]:
    """Stand in a new folder with copies of some files, which is removed in the end with all that was written there."""
    with TemporaryDirectory(prefix="grade-reference-") as name:
        put_in(Path(name), files)
        with contextlib.chdir(name):
            yield
