"""The wall around a kernel: puts up the walls that this system has, in the kernel's process and before student code.

A wall that cannot be put up is left out, with the reason; the probes measure how strong the rest is.
"""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.sandbox.isolation.policy import Policy

OF_PLATFORM = {
    "linux": ("namespaces", "capabilities", "rlimits", "landlock", "seccomp"),
    "darwin": ("sandbox_exec", "rlimits"),
}
"""The walls of each system, in the order in which they are put up: none closes what a later one needs."""


@dataclass(frozen=True, slots=True)
class WallStatus:
    """Which walls stand, and why the others do not."""

    up: tuple[str, ...]
    missing: Mapping[str, str]


def walls_of(platform: str = sys.platform) -> tuple[str, ...]:
    """Return the names of the walls that a system can have."""
    return OF_PLATFORM.get(platform, ("none",))


def around(policy: Policy) -> list[str]:
    """Return the command that starts the kernel's command; it is mostly empty."""
    words: list[str] = []
    for name in policy.walls:
        make = getattr(_wall(name), "around", None)
        if make is not None:
            try:
                words += make(policy)
            except OSError:
                continue  # the probes will show it
    return words


def foresee() -> None:
    """Find out what is the same for all kernels, so that those forked from this process need not."""
    for name in walls_of():
        getattr(_wall(name), "foresee", _foresee_nothing)()


def enter(policy: Policy) -> WallStatus:
    """Enter the walls that stand from the kernel's start; return in the process that becomes the kernel."""
    if sys.platform == "linux":
        from grader.sandbox.isolation.linux import die_with_parent  # noqa: PLC0415 (Linux alone)

        die_with_parent()
        if os.getppid() != policy.parent:
            os._exit(1)  # the parent ended before that call
    return _each(policy.walls, "enter", policy)


def put_up(policy: Policy, entered: WallStatus) -> WallStatus:
    """Put up every wall, once all that the kernel needs is imported; return which of them stand."""
    built = _each(tuple(name for name in policy.walls if name not in entered.missing), "put_up", policy)
    return WallStatus(built.up, {**entered.missing, **built.missing})


def _each(names: tuple[str, ...], act: str, policy: Policy) -> WallStatus:
    up, missing = [], {}
    for name in names:
        try:
            getattr(_wall(name), act, _nothing)(policy)
        except OSError as error:
            missing[name] = error.strerror or str(error)
        else:
            up.append(name)
    return WallStatus(tuple(up), missing)


def _wall(name: str) -> Any:  # noqa: ANN401 (a module of walls/)
    return importlib.import_module(f"grader.sandbox.isolation.walls.{name}")


def _foresee_nothing() -> None:
    """Stand for a wall without `foresee`."""


def _nothing(_: Policy) -> None:
    """Stand for a function that a wall does not have."""
