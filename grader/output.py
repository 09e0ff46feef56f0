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


def is_ours(path: Path, list_in: Path | None = None) -> bool:
    """Say whether this program wrote a file as it is now; or once, where it is JSON, which people do not edit."""
    folder = path.parent if list_in is None else list_in
    try:
        listed = (folder / LIST).read_bytes()
        if path.is_symlink():
            return False
        name = _listed_name(path, folder)
        same = _line(path, path.read_bytes(), folder) in listed
        return same or (path.suffix == ".json" and b" " + name + b"\n" in listed)
    except OSError:
        return False


def is_our_folder(folder: Path) -> bool:
    """Say whether this program has written results into a folder, in which no notebook lies."""
    return (folder / LIST).is_file() and next(folder.glob("*.ipynb"), None) is None


def refuse_others(path: Path, list_in: Path | None = None) -> None:
    """Raise LabError where a file stands that this program did not write."""
    if os.path.lexists(path) and not is_ours(path) and not is_ours(path, list_in):
        raise LabError(
            say(
                "{file} was not written by the grader, or has been changed since, and is left as it is: "
                "move it away, or name another place with --output.",
                file=path,
            )
        )


def write_file(path: Path, content: str | bytes, *, list_in: Path | None = None) -> None:
    """Write a file, text as UTF-8, whole or not at all; raise LabError if that fails, or if another's stands there.

    It is listed in its own folder, or in the folder `list_in` of ours where its own is the user's.
    """
    refuse_others(path, list_in)
    folder = path.parent if list_in is None else list_in
    _write(path, content.encode() if isinstance(content, str) else content, list_in=folder)


def write_new_file(path: Path, content: str | bytes) -> None:
    """Write a file that is the user's from now on; raise LabError if that fails, or if there is one already."""
    if os.path.lexists(path):
        raise LabError(say("{file} exists already: nothing was written.", file=path))
    _write(path, content.encode() if isinstance(content, str) else content, list_in=None)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file over what stands there, which the caller knows to be replaceable; raise LabError if that fails."""
    _write(path, content, list_in=None)


def _list(path: Path, content: bytes, folder: Path) -> None:
    """List a file before it takes its place: what is listed and not there does no harm."""
    line, place = _line(path, content, folder), folder / LIST
    with contextlib.suppress(FileNotFoundError):
        if line in place.read_bytes():
            return
    with place.open("ab") as file:
        file.write(line)


def _line(path: Path, content: bytes, folder: Path) -> bytes:
    return hashlib.sha256(content).hexdigest().encode() + b" " + _listed_name(path, folder) + b"\n"


def _listed_name(path: Path, folder: Path) -> bytes:
    """Return what a file is called in the list of a folder: its name, or its whole path where it lies elsewhere."""
    if path.parent == folder:
        return path.name.encode("unicode_escape")
    return os.path.normpath(path).encode("unicode_escape")


def _write(path: Path, content: bytes, *, list_in: Path | None) -> None:
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
            Path(name).chmod(0o644)
            if list_in is not None:
                _list(path, content, list_in)
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
