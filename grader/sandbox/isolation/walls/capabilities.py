"""No capabilities, where root runs the grader, as in many containers, and in a namespace of the kernel's own."""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.sandbox.isolation.linux import (
    PR_CAP_AMBIENT,
    PR_CAP_AMBIENT_CLEAR_ALL,
    PR_CAPBSET_DROP,
    call,
    control,
    refuse_new_privileges,
)

if sys.platform != "linux":
    raise ImportError("Linux alone")  # mypy leaves the rest out

if TYPE_CHECKING:
    from grader.sandbox.isolation.policy import Policy

CLOSES = frozenset({"privileges"})

VERSION_3 = 0x20080522
CAN_DROP = 1 << 8
"""CAP_SETPCAP: without it the bounding set cannot be emptied, and need not be, since nothing is gained from it."""


def put_up(policy: Policy) -> None:  # noqa: ARG001 (a wall's signature)
    """Give up every capability, for good."""
    refuse_new_privileges()
    if _held() & CAN_DROP:
        for number in range(int(Path("/proc/sys/kernel/cap_last_cap").read_text("ascii")) + 1):
            control(PR_CAPBSET_DROP, number)
        control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    call("capset", struct.pack("Ii", VERSION_3, 0), bytes(24))


def _held() -> int:
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapEff:"))
