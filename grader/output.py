"""Writes whole files, and never over somebody else's.

Each is written beside its place first, then moved into it, so that nobody finds half of one. A hidden list in each
folder has the digest of every file that was written there: what it does not have is somebody else's, or was changed
since, and is left as it is.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from grader.errors import LabError
from grader.messages.sentences import say

LIST = ".labgrader"


def ready_folder(folder: Path) -> None:
    """Make the folder and try to write in it before any work is done; raise LabError if that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"\0")
    except OSError as error:
        raise _cannot_write(folder, error) from error


def is_ours(path: Path) -> bool:
    """Say whether this program wrote a file as it is now; or once, where it is JSON, which people do not edit."""
    try:
        listed = (path.parent / LIST).read_bytes()
        if path.is_symlink():
            return False
        name = _listed_name(path)
        return _line(path, path.read_bytes()) in listed or (path.suffix == ".json" and b" " + name + b"\n" in listed)
    except OSError:
        return False


def refuse_others(path: Path) -> None:
    """Raise LabError where a file stands that this program did not write."""
    if os.path.lexists(path) and not is_ours(path):
        raise LabError(
            say(
                "{file} was not written by the grader, or has been changed since, and is left as it is: "
                "move it away, or name another place with --output.",
                file=path,
            )
        )


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file, text as UTF-8, whole or not at all; raise LabError if that fails, or if another's stands there."""
    refuse_others(path)
    _write(path, content.encode() if isinstance(content, str) else content, is_listed=True)


def write_new_file(path: Path, content: str) -> None:
    """Write a file that is the user's from now on; raise LabError if that fails, or if there is one already."""
    if os.path.lexists(path):
        raise LabError(say("{file} exists already: nothing was written.", file=path))
    _write(path, content.encode(), is_listed=False)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file over what stands there, which the caller knows to be replaceable; raise LabError if that fails."""
    _write(path, content, is_listed=False)


def _list(path: Path, content: bytes) -> None:
    """List a file before it takes its place: what is listed and not there does no harm."""
    line, place = _line(path, content), path.parent / LIST
    with contextlib.suppress(FileNotFoundError):
        if line in place.read_bytes():
            return
    with place.open("ab") as file:
        file.write(line)


def _line(path: Path, content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode() + b" " + _listed_name(path) + b"\n"


def _listed_name(path: Path) -> bytes:
    return path.name.encode("unicode_escape")


def _write(path: Path, content: bytes, *, is_listed: bool) -> None:
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
            Path(name).chmod(0o644)
            if is_listed:
                _list(path, content)
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
