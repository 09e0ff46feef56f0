"""How strong the wall must be, what is missing of it, and the one command that would give more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.messages.sentences import clean, quote, say
from grader.model import LEVELS
from grader.system import HERE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model import Isolation, Level, Text

APPARMOR = "kernel/apparmor_restrict_unprivileged_userns"
MOST_NAMESPACES = "user/max_user_namespaces"


@dataclass(frozen=True, slots=True)
class Machine:
    """What the remedy depends on: the platform as Python names it, and the root of its files."""

    platform: str = HERE.name
    root: Path = Path("/")

    def setting(self, name: str) -> str | None:
        """Return a setting of the Linux kernel, if there is one of that name."""
        file = self.root / "proc/sys" / name
        return file.read_text("ascii").strip() if file.is_file() else None

    @property
    def is_container(self) -> bool:
        """Say whether this runs in a container of Docker or Podman."""
        return (self.root / ".dockerenv").exists() or (self.root / "run/.containerenv").exists()


class WeakWallError(SandboxError):
    """The wall is weaker than is required. Its text is about a machine that grades alone."""

    def __init__(self, needed: Level, isolation: Isolation, text: Text) -> None:
        super().__init__(text)
        self.needed, self.isolation = needed, isolation

    def host_text(self) -> Text:
        """Return what is said of one host among several, after its name and a colon."""
        return say(
            "its isolation is {level}; {needed} is required. Missing there: {missing}. {remedy} "
            "With --require-isolation {level} it grades too.",
            level=self.isolation.level,
            needed=self.needed,
            missing=missing_text(self.isolation),
            remedy=remedy_text(self.isolation, Machine()),
        )


def required(
    given: Level | None, environment: Mapping[str, str], *, is_class: bool, platform: str = HERE.name
) -> Level:
    """Return the level that must be reached: as given, else good where results count, else limited.

    Results count in continuous integration, and where a whole folder is graded. Other systems than Linux may not reach
    a level at all: there the sentence in the report must do.
    """
    if given is not None:
        return given
    if platform != "linux":
        return "none"
    return "good" if environment.get("CI") == "true" or is_class else "limited"


def refuse_below(needed: Level, isolation: Isolation, machine: Machine | None = None) -> None:
    """Raise SandboxError, before any student code runs, where the wall is weaker than it must be."""
    if LEVELS.index(isolation.level) >= LEVELS.index(needed):
        return
    raise WeakWallError(
        needed,
        isolation,
        say(
            "Isolation is {level} here; {needed} is required. Nothing was graded. Missing: {missing}. {remedy} "
            "With --require-isolation {level} it is graded all the same.",
            level=isolation.level,
            needed=needed,
            missing=missing_text(isolation),
            remedy=remedy_text(isolation, machine or Machine()),
        ),
    )


def note_text(isolation: Isolation, machine: Machine | None = None) -> Text | None:
    """Return what a report says of a wall that is not strong: what is missing, and how to get it."""
    if isolation.level == "strong":
        return None
    missing, remedy = missing_text(isolation), remedy_text(isolation, machine or Machine())
    if isolation.level == "good":
        return say("isolation: good; for strong there is missing: {missing}. {remedy}", missing=missing, remedy=remedy)
    return say(
        "isolation: {level}. The code ran with your own rights: this protects against accidents, not against a "
        "hostile notebook. Missing: {missing}. {remedy}",
        level=isolation.level,
        missing=missing,
        remedy=remedy,
    )


def missing_text(isolation: Isolation) -> Text:
    """Return which walls do not stand and why; where all stand, what was found open all the same."""
    if isolation.missing:
        return quote(", ".join(f"{name} ({clean(reason)})" for name, reason in isolation.missing))
    return quote(", ".join(isolation.open) or "-")


def remedy_text(isolation: Isolation, machine: Machine) -> Text:
    """Return the one thing to do that gives more on this machine."""
    if machine.platform == "win32":
        return say("To get more: wsl --install, and grade in there.")
    if machine.platform != "linux":
        return say("To get more: grade in a Linux container or on the course's server.")
    walls = {name for name, _ in isolation.missing}
    if "landlock" in walls or "seccomp" in walls:
        return say("To get more: a Linux kernel from 5.13 on with Landlock and seccomp (add landlock to lsm=).")
    if machine.setting(APPARMOR) == "1":
        return say("To get more: {command}", command=f"sudo sysctl -w {APPARMOR.replace('/', '.')}=0")
    if machine.setting(MOST_NAMESPACES) == "0":
        return say("To get more: {command}", command=f"sudo sysctl -w {MOST_NAMESPACES.replace('/', '.')}=15000")
    if machine.is_container:
        return say(
            "To get more, the container must allow namespaces: {command}",
            command="docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined",
        )
    return say("See docs/isolation.md.")
