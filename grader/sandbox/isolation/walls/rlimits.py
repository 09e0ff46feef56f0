"""Resource limits of POSIX: no core files, few open files, files of a bounded size, and memory by RLIMIT_DATA.

RLIMIT_AS would be wrong: TensorFlow reserves gigabytes of addresses that it never uses, more on more processors.
"""

from __future__ import annotations

import resource
import sys
from typing import TYPE_CHECKING

if sys.platform == "win32":
    raise ImportError("POSIX alone")  # mypy leaves the rest out

if TYPE_CHECKING:
    from grader.sandbox.isolation.policy import Policy

CLOSES = frozenset({"core_files"})

OPEN_FILES = 512
LARGEST_FILE_MIB = 256
MIB = 2**20


def put_up(policy: Policy) -> None:  # noqa: ARG001 (a wall's signature)
    """Set what is the same for every lab."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    _lower(resource.RLIMIT_FSIZE, LARGEST_FILE_MIB * MIB)
    if sys.platform == "linux":
        _lower(resource.RLIMIT_MEMLOCK, 0)
        _lower(resource.RLIMIT_MSGQUEUE, 0)


def tighten(*, memory_mib: int, disk_mib: int, cpu_seconds: int) -> None:
    """Set what the lab allows, before the notebook's first cell."""
    _lower(resource.RLIMIT_DATA, memory_mib * MIB)
    _lower(resource.RLIMIT_FSIZE, min(disk_mib, LARGEST_FILE_MIB) * MIB)
    _lower(resource.RLIMIT_CPU, cpu_seconds)


def _lower(which: int, most: int) -> None:
    hard = resource.getrlimit(which)[1]
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (bound, bound))
