"""The level that a kernel's probes measured: strong, good, limited or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.model import Isolation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model import Level

NEEDED: tuple[tuple[Level, frozenset[str]], ...] = (
    ("strong", frozenset({"stat", "processes", "privileges"})),
    ("good", frozenset({"read", "list", "write", "environment", "connect", "signal", "core_files"})),
    ("limited", frozenset({"network", "start"})),
)
"""What a level closes in addition to all that the lower levels close, by the names of the probes."""


def measured_isolation(reply: Mapping[str, object], *, processes: bool = False) -> Isolation:
    """Return what a kernel's reply to wall_request shows. It can be trusted only before any student code has run."""
    closed = {str(name) for name in _list(reply.get("closed"))}
    if processes:
        closed.add("start")  # it is open because the lab allows it
    level: Level = "none"
    for word, needed in reversed(NEEDED):
        if not needed <= closed:
            break
        level = word
    all_needed = sorted(frozenset().union(*(needed for _, needed in NEEDED)))
    missing = reply.get("missing")
    reasons = sorted(missing.items()) if isinstance(missing, dict) else []
    return Isolation(
        level=level,
        open=tuple(name for name in all_needed if name not in closed),
        missing=tuple((str(name), str(reason)) for name, reason in reasons),
    )


def _list(part: object) -> list[object]:
    return part if isinstance(part, list) else []
