"""The wall: puts up, inside of the kernel's process and before any student code, what this system gives.

A wall that cannot be put up is left out, with its reason: how strong the whole is, the probes measure.
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
"""The walls of each system, in the order in which they are put up: none takes away what a later one needs."""


@dataclass(frozen=True, slots=True)
class WallsUp:
    """Which walls stand, and why the others do not."""

    up: tuple[str, ...]
    missing: Mapping[str, str]


def walls_of(platform: str = sys.platform) -> tuple[str, ...]:
    """Return the names of the walls that a system may have."""
    return OF_PLATFORM.get(platform, ("none",))


def around(policy: Policy) -> list[str]:
    """Return the command that the kernel's own command is given to; mostly there is none."""
    words: list[str] = []
    for name in policy.walls:
        make = getattr(_wall(name), "around", None)
        if make is not None:
            try:
                words += make(policy)
            except OSError:
                continue  # the probes tell
    return words


def foresee() -> None:
    """Find out what is the same for all kernels: those that are forked from this process need not ask again."""
    for name in walls_of():
        getattr(_wall(name), "foresee", _nothing_foreseen)()


def enter(policy: Policy) -> WallsUp:
    """Enter at the kernel's start what must be there from then on; return in the process that becomes the kernel."""
    if sys.platform == "linux":
        from grader.sandbox.isolation.linux import die_with_parent  # noqa: PLC0415 (Linux alone)

        die_with_parent()
        if os.getppid() != policy.parent:
            os._exit(1)  # it ended before it was noticed
    return _each(policy.walls, "enter", policy)


def put_up(policy: Policy, entered: WallsUp) -> WallsUp:
    """Put up every wall, when all that the kernel needs is imported; return which of them stand."""
    built = _each(tuple(name for name in policy.walls if name not in entered.missing), "put_up", policy)
    return WallsUp(built.up, {**entered.missing, **built.missing})


def _each(names: tuple[str, ...], act: str, policy: Policy) -> WallsUp:
    up, missing = [], {}
    for name in names:
        try:
            getattr(_wall(name), act, _nothing)(policy)
        except OSError as error:
            missing[name] = error.strerror or str(error)
        else:
            up.append(name)
    return WallsUp(tuple(up), missing)


def _wall(name: str) -> Any:  # noqa: ANN401 (a module of walls/)
    return importlib.import_module(f"grader.sandbox.isolation.walls.{name}")


def _nothing_foreseen() -> None:
    """Stand for a wall for which every kernel is different."""


def _nothing(_: Policy) -> None:
    """Stand for what a wall does not have."""
