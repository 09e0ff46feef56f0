"""A job object of Windows: no programs, memory by what is committed, and no kernel without its worker.

It closes no file, no folder and no network, so the level stays `none`: use WSL2 for notebooks of others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.sandbox.isolation.windows import enter_job

if TYPE_CHECKING:
    from grader.sandbox.isolation.policy import Policy

CLOSES = frozenset({"start"})

MIB = 2**20


def hold() -> None:
    """Have every process that this one starts from now on end with it."""
    enter_job(ends_with_this=True)


def put_up(policy: Policy) -> None:
    """Let this process start none, unless the lab's notebooks may."""
    enter_job(processes=None if policy.processes else 1)


def tighten(*, memory_mib: int, **_: int) -> None:
    """Set how much memory the lab allows."""
    enter_job(memory=memory_mib * MIB)
