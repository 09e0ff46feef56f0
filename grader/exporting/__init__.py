"""The platforms that take a lab with its grader as one file, one module each; its name is the word that the user types.

A file in this folder has

    export(course: Course, lab: str, language: Language, level: Level) -> bytes

which returns the file to upload, the same bytes each time, and raises LabError where the lab cannot be graded. There
it grades behind a wall of at least that level, or not at all.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from grader.errors import LabError
from grader.messages.sentences import say


def write_archive(path: Path, content: bytes) -> None:
    """Write the file to upload, whole or not at all; raise LabError if it cannot be written."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise LabError(say("{file} cannot be written: {reason}.", file=path, reason=reason)) from error
