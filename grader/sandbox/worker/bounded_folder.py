"""The working folder of a kernel where it is a file system of its own: bounded by the system, and counted by it.

It exists in the kernel's namespace alone. It is opened through the kernel's root before any student code runs, and the
descriptor is kept: whatever becomes of the process, that is the same folder. The system counts what has no name as
well: removed files that are held open, mapped or sent, and not received.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.model import OverLimit
from grader.sandbox.isolation.policy import MOST_FILES
from grader.sandbox.tree import DEEPEST, look_through

if TYPE_CHECKING:
    from grader.model import Limits

MIB = 2**20
NO_ROOM = re.compile(r"\[Errno (?:28|122)\]|No space left on device|Disk quota exceeded|database or disk is full")
NO_ROOM_FOR_A_NAME = re.compile(r"\[Errno 28\] [^:]*: '((?! -> ).)*'\Z", re.DOTALL)
"""What names a file could not make it: to write into one that is open takes no name."""
TOO_LARGE = re.compile(r"\[Errno 27\]")


class OutOfReachError(Exception):
    """A kernel has a working folder of its own, and this process may not look into it."""


@dataclass(frozen=True, slots=True)
class BoundedFolder:
    """An open folder. `close` it: what lies in it takes memory until then."""

    descriptor: int

    @property
    def path(self) -> Path:
        """Return where this process finds it."""
        return Path(f"/proc/self/fd/{self.descriptor}")

    def over(self, limits: Limits, more_bytes: int = 0) -> OverLimit | None:
        """Return the limit that is passed by what it holds, with `more_bytes` that lie elsewhere."""
        if sys.platform != "linux":
            return None
        counted = os.fstatvfs(self.descriptor)
        files = counted.f_files - counted.f_ffree
        size = (counted.f_blocks - counted.f_bfree) * counted.f_frsize + more_bytes
        if files > MOST_FILES:
            return OverLimit("files", MOST_FILES, files)
        if files > DEEPEST and max((depth for depth, _ in look_through(Path(), self.descriptor)), default=0) >= DEEPEST:
            return OverLimit("depth", DEEPEST)
        return OverLimit("disk", limits.disk_mib, size // MIB) if size > limits.disk_mib * MIB else None

    def close(self) -> None:
        """Let go of it."""
        os.close(self.descriptor)


def open_bounded(process: int, home: Path) -> BoundedFolder | None:
    """Open the working folder of a process that has run no student code; None where it is the one outside.

    Raises OutOfReachError where this process may not look into that one.
    """
    if sys.platform != "linux":
        return None
    try:
        descriptor = os.open(f"/proc/{process}/root{home}", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise OutOfReachError from error
    if os.fstat(descriptor).st_dev != home.stat().st_dev:
        return BoundedFolder(descriptor)
    os.close(descriptor)
    return None


def refused(message: str, limits: Limits, *, bounded: bool) -> OverLimit | None:
    """Return the limit that an exception's message tells of: the system refused to store more.

    Where the folder is not bounded, the disk may be full for another reason than the notebook.
    """
    if TOO_LARGE.search(message):
        return OverLimit("disk", limits.disk_mib)
    if not bounded or not NO_ROOM.search(message):
        return None
    return OverLimit("files", MOST_FILES) if NO_ROOM_FOR_A_NAME.search(message) else OverLimit("disk", limits.disk_mib)
