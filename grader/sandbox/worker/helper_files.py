"""The files beside a notebook that belong to it: they are copied to where it runs, so that it can only spoil copies."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.messages.sentences import clean, say
from grader.submission.folders import helper_files

if TYPE_CHECKING:
    from pathlib import Path


def copy_helpers(folder: Path, scratch: Path) -> None:
    """Copy the helper files of `folder` to `scratch`, to the same places; raise SandboxError where that fails."""
    try:
        for path in helper_files(folder):
            place = scratch / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place, follow_symlinks=False)
    except OSError as error:
        reason = clean(error.strerror or str(error))
        raise SandboxError(
            say("The files beside the notebook cannot be copied ({reason}). Nothing was graded.", reason=reason)
        ) from error
