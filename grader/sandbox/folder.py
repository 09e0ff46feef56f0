"""Temporary files of a run: where there is no place for them, that is said in a sentence."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def place_needed() -> Iterator[None]:
    """Raise SandboxError where a temporary file or folder cannot be made within this context."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise SandboxError(
            say("There is no place for temporary files ({reason}). Nothing was graded. Set TMPDIR.", reason=reason)
        ) from error


def make_folder() -> Path:
    """Return a new empty folder that nobody else may enter."""
    with place_needed():
        return Path(tempfile.mkdtemp(prefix="grade-"))
