"""A bound on a process' own memory: the last one, where whatever should have been refused earlier was not."""

from __future__ import annotations

import sys
from pathlib import Path

if sys.platform != "win32":
    import resource

MIB = 2**20
GRADER_MIB = 4096
"""How much more than at its beginning what grades may have: a class of a thousand takes a tenth of that."""


def bound_memory(more_mib: int) -> None:
    """Let this process have so much more data than now; then Python raises MemoryError. Nothing happens but on Linux.

    Only the soft limit is set: a process that is started from here may set its own.
    """
    if sys.platform == "linux":
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        most = _data() + more_mib * MIB
        resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def unbound_memory() -> None:
    """Take back the bound that this process was started with."""
    if sys.platform == "linux":
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def _data() -> int:
    """Return what RLIMIT_DATA counts, in bytes."""
    words = Path("/proc/self/status").read_bytes().split()
    return int(words[words.index(b"VmData:") + 1]) * 2**10
