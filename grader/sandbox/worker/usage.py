"""What processes use, as the system counts it: resident and swapped memory, page tables, threads, files without a name.

Linux tells all of it in /proc. Elsewhere only what psutil knows is counted.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from grader.system import HERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import psutil

KIB = 2**10
BLOCK = 512
NANO = 10**9
IN_MEMORY = frozenset({b"VmRSS:", b"VmSwap:", b"VmPTE:"})
SHARED_MEMORY = b"00:01"
"""The device of memory that is shared and has no name, which is no file."""


def memory_and_threads(process: psutil.Process) -> tuple[int, int]:
    """Return a process' bytes of memory, with its page tables, and its threads; zeros when it has ended."""
    import psutil  # noqa: PLC0415 (while the kernel starts)

    try:
        if not HERE.has_proc:
            return int(process.memory_info().rss), process.num_threads()
        return _of_status(Path(f"/proc/{process.pid}/status").read_bytes())
    except (psutil.Error, OSError):
        return 0, 0


def _of_status(status: bytes) -> tuple[int, int]:
    words = [line.split() for line in status.splitlines()]
    memory = sum(int(line[1]) for line in words if line[0] in IN_MEMORY)
    return memory * KIB, next((int(line[1]) for line in words if line[0] == b"Threads:"), 0)


def seconds_in_queue(processes: Iterable[int]) -> float:
    """Return how long processes have waited for a processor that was busy, as far as the system says it."""
    waited = 0
    for process in processes:
        with contextlib.suppress(OSError, IndexError):  # it has ended, or this system does not count it
            waited += int(Path(f"/proc/{process}/schedstat").read_bytes().split()[1])
    return waited / NANO


def stored(status: os.stat_result) -> int:
    """Return how many bytes a file takes on the disk; on Windows its length."""
    return int(getattr(status, "st_blocks", status.st_size / BLOCK) * BLOCK)


def removed_files(processes: Iterable[int]) -> dict[int, int]:
    """Return the inode and the bytes of each removed file that is still held, open or mapped; nothing but on Linux."""
    found: dict[int, int] = {}
    for process in processes:
        found.update(_mapped(process))
        found.update((one.st_ino, stored(one)) for one in _opened(process) if _is_removed(one))
    return found


def files_in_flight(processes: Iterable[int]) -> int:
    """Return how many descriptors lie in sockets, sent and not received: what they stand for cannot be seen."""
    return sum(_sent(process) for process in processes)


def _is_removed(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 0


def _descriptors(process: int) -> list[str]:
    with contextlib.suppress(OSError):
        return os.listdir(f"/proc/{process}/fd")  # noqa: PTH208 (only the names)
    return []


def _opened(process: int) -> Iterator[os.stat_result]:
    for name in _descriptors(process):
        with contextlib.suppress(OSError):  # closed meanwhile
            yield Path(f"/proc/{process}/fd/{name}").stat()


def _mapped(process: int) -> Iterator[tuple[int, int]]:
    """Yield the inode and the length of each mapping of a removed file, which needs no descriptor."""
    with contextlib.suppress(OSError):
        maps = Path(f"/proc/{process}/maps").read_bytes()
        for line in maps.splitlines() if b"(deleted)" in maps else ():
            place, _, _, device, inode, *_ = line.split(maxsplit=5)
            if line.endswith(b" (deleted)") and device != SHARED_MEMORY:
                first, last = (int(word, 16) for word in place.split(b"-"))
                yield int(inode), last - first


def _sent(process: int) -> int:
    count = 0
    for name in _descriptors(process):
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(Path(f"/proc/{process}/fd/{name}").stat().st_mode):
                count += _number_of(b"scm_fds:", Path(f"/proc/{process}/fdinfo/{name}").read_bytes())
    return count


def _number_of(word: bytes, text: bytes) -> int:
    _, _, rest = text.partition(word)
    return int(rest.split(maxsplit=1)[0]) if rest else 0
