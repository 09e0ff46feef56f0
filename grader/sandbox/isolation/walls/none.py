"""No wall, where the system has none: the kernel has the rights of whoever started the grader."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.sandbox.isolation.policy import Policy

CLOSES: frozenset[str] = frozenset()


def put_up(policy: Policy) -> None:
    """Do nothing."""
