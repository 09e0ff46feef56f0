"""From what a kernel's probes found closed to a level: strong, good, limited or none."""

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
"""What a level closes beside all that a lower one does."""


def measured(told: Mapping[str, object], *, processes: bool = False) -> Isolation:
    """Return the level that a kernel's reply to wall_request shows. Only before student code is it to be believed."""
    closed = {str(name) for name in _list(told.get("closed"))}
    if processes:
        closed.add("start")  # it is open because the lab asks for it
    level: Level = "none"
    for word, needed in reversed(NEEDED):
        if not needed <= closed:
            break
        level = word
    all_needed = sorted(frozenset().union(*(needed for _, needed in NEEDED)))
    missing = told.get("missing")
    reasons = sorted(missing.items()) if isinstance(missing, dict) else []
    return Isolation(
        level=level,
        open=tuple(name for name in all_needed if name not in closed),
        missing=tuple((str(name), str(reason)) for name, reason in reasons),
    )


def _list(told: object) -> list[object]:
    return told if isinstance(told, list) else []
