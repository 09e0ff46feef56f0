"""A folder for what a run leaves behind, which is removed with it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from grader.errors import SandboxError
from grader.messages.sentences import say


def make_folder() -> Path:
    """Return a new empty folder that nobody else may enter; raise SandboxError where there is no place for one."""
    try:
        return Path(tempfile.mkdtemp(prefix="grade-"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise SandboxError(
            say("There is no place for temporary files ({reason}). Nothing was graded. Set TMPDIR.", reason=reason)
        ) from error
