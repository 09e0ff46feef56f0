"""Writes whole files: each is written beside its place first, then moved into it, so that nobody finds half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from grader.errors import LabError
from grader.messages.sentences import say


def ready_folder(folder: Path) -> None:
    """Make the folder and try to write in it before any work is done; raise LabError if that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"\0")
    except OSError as error:
        raise _cannot_write(folder, error) from error


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file, text as UTF-8, whole or not at all; raise LabError if that fails."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                os.fsync(descriptor)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _cannot_write(path, error) from error


def _cannot_write(path: Path, error: OSError) -> LabError:
    reason = error.strerror or str(error)
    return LabError(
        say(
            "{file} cannot be written: {reason}. Free some space or name another folder with --output.",
            file=path,
            reason=reason,
        )
    )
