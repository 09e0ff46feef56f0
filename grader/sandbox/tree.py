"""Trees of files that a notebook has made: they are seen and removed whatever their depth, modes and names.

A path holds 4095 bytes and a stack a thousand calls, while a notebook nests folders as it likes. So nothing here is
recursive and no long path is put together: a folder is entered from the one that it lies in, and is never a link.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 100
"""How many folders may lie in one another: one stays open for each while they are looked through."""


def remove_tree(folder: Path) -> None:
    """Remove a folder and all that lies in it, as far as this user can; nothing is raised."""
    if sys.platform == "win32":  # a folder cannot be opened there
        shutil.rmtree(folder, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            top = _enter(os.fspath(folder), None)
            try:
                _remove_all(top)
            finally:
                os.close(top)
            folder.rmdir()


def look_through(folder: Path, within: int | None = None) -> Iterator[tuple[int, os.stat_result]]:
    """Yield the depth and the status of all that lies in a folder; what lies deeper than DEEPEST is left out.

    A relative path begins in the open folder `within`, where there is one.

    A folder that may not be read is made readable: nothing hides by its mode. What is removed meanwhile is left out.
    """
    if sys.platform == "win32":
        with contextlib.suppress(OSError):
            yield from ((1, path.lstat()) for path in folder.rglob("*"))
    else:
        yield from _look_through(folder, within)


if sys.platform != "win32":
    FOLDER = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

    def _enter(name: str, parent: int | None) -> int:
        """Open a folder, made readable where it is not; raise OSError where it is none, or a link to one."""
        with contextlib.suppress(PermissionError):
            return os.open(name, os.O_RDONLY | FOLDER, dir_fd=parent)
        _give_rights(name, parent)
        return os.open(name, os.O_RDONLY | FOLDER, dir_fd=parent)

    def _give_rights(name: str, parent: int | None) -> None:
        """Let the owner read, write and enter a folder, and never what a link leads to: that may be anybody's."""
        if sys.platform != "linux":
            os.chmod(name, 0o700, dir_fd=parent, follow_symlinks=False)
            return
        place = os.open(name, os.O_PATH | FOLDER, dir_fd=parent)
        try:
            Path(f"/proc/self/fd/{place}").chmod(0o700)
        finally:
            os.close(place)

    def _look_through(folder: Path, within: int | None) -> Iterator[tuple[int, os.stat_result]]:
        opened: list[int] = []
        waiting: list[list[str]] = [[os.fspath(folder)]]  # the folders still to be entered, of each that is open
        try:
            while waiting:
                if not waiting[-1]:
                    waiting.pop()
                    if opened:
                        os.close(opened.pop())
                    continue
                with contextlib.suppress(OSError):
                    opened.append(_enter(waiting[-1].pop(), opened[-1] if opened else within))
                    waiting.append([])
                    yield from _scan(opened[-1], len(opened), waiting[-1])
        finally:
            for one in opened:
                os.close(one)

    def _scan(folder: int, depth: int, inside: list[str]) -> Iterator[tuple[int, os.stat_result]]:
        """Yield what lies in one folder, and note the folders among it, unless they lie too deep."""
        with os.scandir(folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    yield depth, entry.stat(follow_symlinks=False)
                    if depth < DEEPEST and entry.is_dir(follow_symlinks=False):
                        inside.append(entry.name)

    def _remove_all(top: int) -> None:
        """Empty a folder: each folder inside is moved up into it, and emptied when its turn comes."""
        own = secrets.token_hex(8)  # no name that a notebook has used
        names = (f"{own}-{number}" for number in itertools.count())
        _empty(top, top, names)
        tried: set[str] = set()
        while waiting := set(os.listdir(top)) - tried:
            tried |= waiting
            for name in waiting:
                with contextlib.suppress(OSError):  # one that resists is left
                    _remove(name, top, names)

    def _remove(name: str, top: int, names: Iterator[str]) -> None:
        inner = _enter(name, top)
        try:
            _empty(inner, top, names)
        finally:
            os.close(inner)
        os.rmdir(name, dir_fd=top)

    def _empty(inner: int, top: int, names: Iterator[str]) -> None:
        """Remove the files of a folder, and move its folders to `top`."""
        os.fchmod(inner, 0o700)
        with os.scandir(inner) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        for name, is_folder in found:
            with contextlib.suppress(OSError):
                if not is_folder:
                    os.unlink(name, dir_fd=inner)
                elif inner != top:
                    _give_rights(name, inner)  # a folder that is moved is written to: it knows where it lies
                    os.rename(name, next(names), src_dir_fd=inner, dst_dir_fd=top)
