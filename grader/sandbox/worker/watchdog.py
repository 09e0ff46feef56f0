"""Watches from outside what a kernel uses: memory, files, processes, output. A kernel over a limit is ended.

Limits that the system enforces inside the kernel raise an error in the notebook; these are for what gets past them, and
are polled ten times a second.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.model import OverLimit
from grader.sandbox.worker.channels import LARGEST_OUTPUT_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psutil

    from grader.model import Limits
    from grader.sandbox.worker.channels import Tally

MIB = 2**20
BLOCK = 512
SECONDS = 0.1
MOST_FILES = 10_000
"""How many files and folders a notebook may make: their number can fill a disk as well as their bytes."""
MOST_MALFORMED = 20
POLLS_UNTIL_ENDED = 3
"""A connection that is cut may mean that the kernel has just ended, which is noticed within this many polls."""


@dataclass(frozen=True, slots=True)
class Used:
    """What a kernel uses: its processes, its folder, and what it has sent."""

    family: tuple[psutil.Process, ...]
    """The processes of the kernel before any student code."""
    grows: bool
    """Whether there may be more of them later."""
    folder: Path
    tally: Tally


def family_of(process: int) -> tuple[psutil.Process, ...]:
    """Return a process and its descendants; empty when it has ended."""
    import psutil  # noqa: PLC0415 (while the kernel starts)

    try:
        first = psutil.Process(process)
        return (first, *first.children(recursive=True))
    except psutil.Error:
        return ()


async def watch(used: Used, limits: Limits, end: Callable[[OverLimit], None]) -> None:
    """Poll until something is over its limit; then call `end` with that limit."""
    cut = 0
    for poll in itertools.count():
        cut += used.tally.is_cut()
        if cut >= POLLS_UNTIL_ENDED:
            end(OverLimit("output", LARGEST_OUTPUT_BYTES // MIB))
            return
        over = _sent(used.tally, limits) or _processes(used, limits) or (poll % 3 == 0 and _disk(used.folder, limits))
        if over:
            end(over)
            return
        await asyncio.sleep(SECONDS)


def _sent(tally: Tally, limits: Limits) -> OverLimit | None:
    if tally.malformed > MOST_MALFORMED:
        return OverLimit("messages", MOST_MALFORMED, tally.malformed)
    if tally.bytes > limits.output_mib * MIB:
        return OverLimit("output", limits.output_mib, tally.bytes // MIB)
    return None


def _processes(used: Used, limits: Limits) -> OverLimit | None:
    family = family_of(used.family[0].pid) if used.grows and used.family else used.family
    more = len(family) - len(used.family)
    if more > limits.processes:
        return OverLimit("processes", limits.processes, more)
    memory = sum(map(_resident, family)) // MIB
    used.tally.memory_mib = max(used.tally.memory_mib, memory)
    return OverLimit("memory", limits.memory_mib, memory) if memory > limits.memory_mib else None


def _resident(process: psutil.Process) -> int:
    """Return a process' resident memory in bytes, 0 when it has ended."""
    import psutil  # noqa: PLC0415 (while the kernel starts)

    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _disk(folder: Path, limits: Limits) -> OverLimit | None:
    size = files = 0
    for entry in _entries(folder):
        files += 1
        try:
            size += _stored(entry.stat(follow_symlinks=False))
        except OSError:
            continue  # it has been removed again
        if files > MOST_FILES:
            return OverLimit("files", MOST_FILES, files)
    return OverLimit("disk", limits.disk_mib, size // MIB) if size > limits.disk_mib * MIB else None


def _stored(status: os.stat_result) -> int:
    """Return how many bytes a file takes on the disk; on Windows its length."""
    return int(getattr(status, "st_blocks", status.st_size / BLOCK) * BLOCK)


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    yield entry
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
        except OSError:
            continue  # it has been removed again
