"""Watches from outside what a kernel uses: memory, threads, files, processes, output. A kernel over a limit is ended.

Limits that the system enforces inside the kernel raise an error in the notebook; these are for what gets past them, and
are polled ten times a second.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.model import OverLimit
from grader.sandbox.isolation.policy import MOST_FILES, MOST_THREADS
from grader.sandbox.tree import DEEPEST, look_through
from grader.sandbox.worker.channels import LARGEST_OUTPUT_BYTES
from grader.sandbox.worker.usage import files_in_flight, memory_and_threads, removed_files, stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import psutil

    from grader.model import Limits
    from grader.sandbox.worker.bounded_folder import BoundedFolder
    from grader.sandbox.worker.channels import Tally

MIB = 2**20
SECONDS = 0.1
MOST_MALFORMED = 20
NO_TASK = re.compile(r"can't start new thread|\[Errno 11\]|Resource temporarily unavailable")
POLLS_UNTIL_ENDED = 3
"""A connection that is lost may mean that the kernel has just ended, which is noticed within this many polls."""


@dataclass(frozen=True, slots=True)
class Used:
    """What a kernel uses: its processes, its folder, and what it has sent."""

    family: tuple[psutil.Process, ...]
    """The processes of the kernel before any student code."""
    grows: bool
    """Whether there may be more of them later."""
    folder: Path
    """All that it can write to: its working folder, its sockets, its standard output and error."""
    home: BoundedFolder | None
    """Its working folder, where the system bounds and counts that."""
    tally: Tally
    removed: frozenset[int] = frozenset()
    """The removed files that it held before any student code: libraries that were replaced."""


def family_of(process: int) -> tuple[psutil.Process, ...]:
    """Return a process and its descendants; empty when it has ended."""
    import psutil  # noqa: PLC0415 (while the kernel starts)

    try:
        first = psutil.Process(process)
        return (first, *first.children(recursive=True))
    except psutil.Error:
        return ()


async def watch(used: Used, limits: Limits, end: Callable[[OverLimit | None], None]) -> None:
    """Poll until something is over its limit; then call `end` with it, or with None where a connection was lost."""
    lost = 0
    for poll in itertools.count():
        lost += used.tally.is_lost
        over = _sent(used.tally, limits) or processes_over(used, limits) or (poll % 3 == 0 and _disk(used, limits))
        if over or lost >= POLLS_UNTIL_ENDED:
            end(over or None)
            return
        await asyncio.sleep(SECONDS)


def _sent(tally: Tally, limits: Limits) -> OverLimit | None:
    if tally.is_cut:
        return OverLimit("output", LARGEST_OUTPUT_BYTES // MIB)
    if tally.is_garbled:
        return OverLimit("messages", MOST_MALFORMED)
    if tally.malformed > MOST_MALFORMED:
        return OverLimit("messages", MOST_MALFORMED, tally.malformed)
    if tally.bytes > limits.output_mib * MIB:
        return OverLimit("output", limits.output_mib, tally.bytes // MIB)
    return None


def refused_task(message: str, used: Used, limits: Limits) -> OverLimit | None:
    """Return the limit that an exception's message tells of, if the system refused a task and there are too many."""
    return processes_over(used, limits) if NO_TASK.search(message) else None


def processes_over(used: Used, limits: Limits) -> OverLimit | None:
    """Return the limit that the processes have passed together, if any."""
    family = _family(used)
    more = len(family) - len(used.family)
    if more > limits.processes:
        return OverLimit("processes", limits.processes, more)
    counted = [memory_and_threads(process) for process in family]
    memory, threads = sum(bytes_ for bytes_, _ in counted) // MIB, sum(number for _, number in counted)
    used.tally.memory_mib = max(used.tally.memory_mib, memory)
    if memory > limits.memory_mib:
        return OverLimit("memory", limits.memory_mib, memory)
    return OverLimit("threads", MOST_THREADS, threads) if threads > MOST_THREADS else None


def _family(used: Used) -> tuple[psutil.Process, ...]:
    return family_of(used.family[0].pid) if used.grows and used.family else used.family


def _disk(used: Used, limits: Limits) -> OverLimit | None:
    """Count what the folder has, and what was removed from it and is still held, or have the system count it."""
    deepest, size = 0, 0 if used.home else _held(used, limits)
    for files, (depth, status) in enumerate(look_through(used.folder), 1):
        size += stored(status)
        deepest = max(deepest, depth)
        if files > MOST_FILES:
            return OverLimit("files", MOST_FILES, files)
    if used.home:
        return used.home.over(limits, size)
    if deepest >= DEEPEST:
        return OverLimit("depth", DEEPEST)
    return OverLimit("disk", limits.disk_mib, size // MIB) if size > limits.disk_mib * MIB else None


def _held(used: Used, limits: Limits) -> int:
    processes = [process.pid for process in _family(used)]
    removed = sum(size for file, size in removed_files(processes).items() if file not in used.removed)
    return removed + files_in_flight(processes) * limits.disk_mib * MIB  # each may be as large as any
