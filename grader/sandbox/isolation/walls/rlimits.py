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
SPARE_MIB = 1
"""A file that passes the limit is to be seen over it."""
MIB = 2**20


def put_up(policy: Policy) -> None:
    """Set what stands from the beginning."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    _lower(resource.RLIMIT_FSIZE, (policy.disk_mib + SPARE_MIB) * MIB)
    if sys.platform == "linux":
        _lower(resource.RLIMIT_MEMLOCK, 0)
        _lower(resource.RLIMIT_MSGQUEUE, 0)


def tighten(*, memory_mib: int, cpu_seconds: int) -> None:
    """Set what the lab allows, before the notebook's first cell."""
    _lower(resource.RLIMIT_DATA, memory_mib * MIB)
    _lower(resource.RLIMIT_CPU, cpu_seconds)


def _lower(which: int, most: int) -> None:
    hard = resource.getrlimit(which)[1]
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (bound, bound))
