"""The wall around a kernel: puts up the walls that this system has, in the kernel's process and before student code.

A wall that cannot be put up is left out, with the reason; the probes measure how strong the rest is.
"""

from __future__ import annotations

import contextlib
import importlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.system import HERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.sandbox.isolation.policy import Policy

OF_PLATFORM = {
    "linux": ("namespaces", "capabilities", "rlimits", "landlock", "seccomp"),
    "darwin": ("sandbox_exec", "rlimits"),
    "win32": ("job_object",),
}
"""The walls of each system, in the order in which they are put up: none closes what a later one needs."""


@dataclass(frozen=True, slots=True)
class WallStatus:
    """Which walls stand, and why the others do not."""

    up: tuple[str, ...]
    missing: Mapping[str, str]


def walls_of(platform: str = HERE.name) -> tuple[str, ...]:
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
        getattr(_wall(name), "foresee", _nothing_now)()


def hold(names: Iterable[str]) -> None:
    """In a worker, before it launches a kernel: have the system end all kernels with it, where a wall does that."""
    for name in names:
        with contextlib.suppress(OSError):  # a kernel also watches for the worker's end by itself
            getattr(_wall(name), "hold", _nothing_now)()


def enter(policy: Policy) -> WallStatus:
    """Enter the walls that stand from the kernel's start; return in the process that becomes the kernel."""
    if HERE.ends_children:
        from grader.sandbox.isolation.linux import die_with_parent  # noqa: PLC0415 (Linux alone)

        die_with_parent()
        if os.getppid() != policy.parent:
            os._exit(1)  # the parent ended before that call
    return _each(policy.walls, "enter", policy)


def put_up(policy: Policy, entered: WallStatus) -> WallStatus:
    """Put up every wall, once all that the kernel needs is imported; return which of them stand."""
    built = _each(tuple(name for name in policy.walls if name not in entered.missing), "put_up", policy)
    return WallStatus(built.up, {**entered.missing, **built.missing})


def tighten(names: Iterable[str], limits: Mapping[str, int]) -> None:
    """Set what a lab allows, before the notebook's first cell, in the walls that stand."""
    for name in names:
        getattr(_wall(name), "tighten", _nothing_more)(**limits)


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


def _nothing_now() -> None:
    """Stand for a wall without `foresee` or `hold`."""


def _nothing_more(**_: int) -> None:
    """Stand for a wall without `tighten`."""


def _nothing(_: Policy) -> None:
    """Stand for a function that a wall does not have."""
