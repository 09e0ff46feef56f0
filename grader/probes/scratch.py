"""A folder for what is called outside of a kernel and may write files."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@contextlib.contextmanager
def elsewhere(files: Sequence[Path] = ()) -> Iterator[None]:
    """Stand in a new folder with copies of some files, which is removed in the end with all that was written there."""
    with TemporaryDirectory(prefix="grade-reference-") as name:
        for file in files:
            shutil.copyfile(file, Path(name) / file.name)
        with contextlib.chdir(name):
            yield
