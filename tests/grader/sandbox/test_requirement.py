"""How strong the wall must be, and what is told where it is not; on machines that are made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.errors import SandboxError
from grader.model import LEVELS, Isolation, Level
from grader.sandbox.isolation.level import NEEDED, measured_isolation
from grader.sandbox.requirement import Machine, WeakWallError, note_text, refuse_below, remedy_text, required

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = frozenset[str]().union(*(needed for _, needed in NEEDED))


def machine(folder: Path, **settings: str) -> Machine:
    for name, value in settings.items():
        file = folder / "proc/sys" / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(value + "\n", "ascii")
    return Machine("linux", folder)


@pytest.mark.parametrize(
    ("environment", "is_class", "platform", "level"),
    [
        ({}, False, "linux", "limited"),
        ({}, True, "linux", "good"),
        ({"CI": "true"}, False, "linux", "good"),
        ({"CI": "true"}, True, "darwin", "none"),
        ({}, False, "win32", "none"),
    ],
)
def test_results_that_count_need_a_good_wall(
    environment: dict[str, str],
    is_class: bool,  # noqa: FBT001 (a parameter of the test)
    platform: str,
    level: Level,
) -> None:
    assert required(None, environment, is_class=is_class, platform=platform) == level


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_asked_for_is_what_is_required(level: Level) -> None:
    assert required(level, {"CI": "true"}, is_class=True) == level


def test_a_weaker_wall_is_refused_with_the_reason_and_the_remedy(tmp_path: Path) -> None:
    weak = Isolation("limited", ("read",), (("landlock", "Function not implemented"),))
    refuse_below("limited", weak, Machine("linux", tmp_path))
    with pytest.raises(SandboxError) as refused:
        refuse_below("good", weak, Machine("linux", tmp_path))
    told = refused.value.text.en
    assert "Isolation is limited here; good is required" in told
    assert "landlock (Function not implemented)" in told
    assert "5.13" in told
    assert isinstance(refused.value, WeakWallError)
    assert refused.value.host_text().en.startswith("its isolation is limited; good is required. Missing there: ")


@pytest.mark.parametrize(
    ("settings", "command"),
    [
        ({"kernel__apparmor_restrict_unprivileged_userns": "1"}, "kernel.apparmor_restrict_unprivileged_userns=0"),
        ({"user__max_user_namespaces": "0"}, "user.max_user_namespaces=15000"),
        ({"user__max_user_namespaces": "100"}, "docs/isolation.md"),
    ],
)
def test_the_remedy_is_this_machines(tmp_path: Path, settings: dict[str, str], command: str) -> None:
    without = Isolation("good", ("stat",), (("namespaces", "Operation not permitted"),))
    assert command in remedy_text(without, machine(tmp_path, **settings)).en


def test_other_systems_are_told_what_they_can_have(tmp_path: Path) -> None:
    nothing = Isolation("none", ("read",), ())
    assert "wsl --install" in remedy_text(nothing, Machine("win32", tmp_path)).en
    assert "Linux container" in remedy_text(nothing, Machine("darwin", tmp_path)).en
    (tmp_path / ".dockerenv").touch()
    assert "docker run" in remedy_text(nothing, Machine("linux", tmp_path)).en


def test_a_report_says_nothing_of_the_strongest_wall_and_is_honest_about_others(tmp_path: Path) -> None:
    assert note_text(Isolation("strong")) is None
    limited = note_text(Isolation("limited", ("read",)), Machine("darwin", tmp_path))
    assert limited is not None
    assert "not against a hostile notebook" in limited.en
    good = note_text(Isolation("good", ("stat",)), Machine("linux", tmp_path))
    assert good is not None
    assert "stat" in good.en


@pytest.mark.parametrize(
    ("lacking", "level"),
    [((), "strong"), (("stat",), "good"), (("read",), "limited"), (("network",), "none"), (tuple(EVERYTHING), "none")],
)
def test_the_level_is_what_was_found_closed(lacking: tuple[str, ...], level: Level) -> None:
    isolation = measured_isolation({"closed": sorted(EVERYTHING - set(lacking)), "missing": {"landlock": "why"}})
    assert isolation.level == level
    assert isolation.open == tuple(sorted(lacking))
    assert isolation.missing == (("landlock", "why"),)


def test_a_lab_that_may_start_programs_is_not_blamed_for_it() -> None:
    assert measured_isolation({"closed": sorted(EVERYTHING - {"start"})}, processes=True).level == "strong"


@pytest.mark.parametrize("told", [{}, {"closed": None}, {"closed": "everything", "missing": 3}])
def test_what_says_nothing_is_no_wall(told: dict[str, object]) -> None:
    assert measured_isolation(told).level == "none"
