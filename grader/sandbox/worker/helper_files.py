"""The files beside a notebook, and the lab's data: they are copied to where it runs, which can only spoil copies."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.messages.sentences import clean, say
from grader.submission.folders import helper_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.model import DataFile


def copy_helpers(folder: Path, scratch: Path) -> None:
    """Copy the helper files of `folder` to `scratch`, to the same places; raise SandboxError where that fails."""
    try:
        for path in helper_files(folder):
            place = scratch / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place, follow_symlinks=False)
    except OSError as error:
        raise _failed(error) from error


def copy_data(files: Sequence[DataFile], scratch: Path) -> None:
    """Copy the lab's data files to `scratch`, read-only, over whatever was handed in under their names.

    Raises SandboxError where that fails.
    """
    try:
        for file in files:
            place = scratch / file.name
            for folder in reversed(place.relative_to(scratch).parents[:-1]):
                if not (scratch / folder).is_dir():
                    (scratch / folder).unlink(missing_ok=True)  # a file was handed in under the folder's name
                    (scratch / folder).mkdir()
            place.unlink(missing_ok=True)
            shutil.copyfile(file.path, place)
            place.chmod(0o444)
    except OSError as error:
        raise _failed(error) from error


def _failed(error: OSError) -> SandboxError:
    reason = clean(error.strerror or str(error))
    return SandboxError(
        say("The files beside the notebook cannot be copied ({reason}). Nothing was graded.", reason=reason)
    )
