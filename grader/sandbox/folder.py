"""Temporary files of a run: where there is no place for them, that is said in a sentence."""

from __future__ import annotations

import contextlib
import errno
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.messages.sentences import say

NO_PLACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
"""What the system says where temporary files cannot be made."""

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def place_needed() -> Iterator[None]:
    """Raise SandboxError where a temporary file or folder cannot be made within this context."""
    try:
        yield
    except OSError as error:
        raise no_place(error) from error


def no_place(error: OSError) -> SandboxError:
    """Return that an error left no place for temporary files."""
    reason = error.strerror or str(error)
    return SandboxError(
        say("There is no place for temporary files ({reason}). Nothing was graded. Set TMPDIR.", reason=reason)
    )


def require_folder(folder: Path) -> None:
    """Raise SandboxError where a folder is there no more in which a notebook was run: what it saw was not its fault."""
    if not folder.is_dir():
        raise SandboxError(
            say(
                "The folder {folder} for temporary files was removed during the grading, perhaps by a clean-up of the "
                "system. Nothing was graded. Set TMPDIR to a folder that is left alone.",
                folder=folder,
            )
        )


def make_folder() -> Path:
    """Return a new empty folder that nobody else may enter."""
    with place_needed():
        return Path(tempfile.mkdtemp(prefix="grade-"))
