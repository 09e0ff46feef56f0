"""A class goes on where it stopped: what is kept is used again as long as nothing that it was made of has changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Said

pytestmark = pytest.mark.kernel

COURSE = Path(__file__).resolve().parents[2] / "another_course"
DOUBLE, TOTAL = "def double(x):\n    return 2 * x", "def total(x):\n    return sum(x)"


@pytest.fixture
def folder(tmp_path: Path, notebook: Callable[..., Path]) -> Path:
    """Return a class of three, one of them with a helper file."""
    for student in ("s001", "s002"):
        notebook(DOUBLE, TOTAL, name=student, folder=tmp_path / "in")
    notebook("import tables\n" + DOUBLE, TOTAL, name="warmup", folder=tmp_path / "in/s003")
    (tmp_path / "in/s003/tables.py").write_text("TWO = 2", "utf-8")
    return tmp_path / "in"


def records(output: Path) -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(output.glob("s*.json"))}


def changed(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> set[str]:
    """Return whose record was written anew: its times differ."""
    return {student for student in after if before.get(student, {}).get("seconds") != after[student]["seconds"]}


def test_what_has_not_changed_is_not_graded_again_and_what_has_is(
    grade: Callable[..., Said], folder: Path, notebook: Callable[..., Path], tmp_path: Path
) -> None:
    def again(*words: object) -> dict[str, dict[str, Any]]:
        assert grade("warmup", folder, "--course", COURSE, "--output", tmp_path / "out", *words).status == 0
        return records(tmp_path / "out")

    first = again()
    assert [record["earned"] for record in first.values()] == [10, 10, 10]
    second = again()
    assert second == first, "the seed is kept with the results"

    notebook(DOUBLE, TOTAL, "# another cell", name="s002", folder=folder)
    third = again()
    assert changed(second, third) == {"s002"}

    (folder / "s003/tables.py").write_text("TWO = 3", "utf-8")
    fourth = again()
    assert changed(third, fourth) == {"s003"}

    (tmp_path / "out/s001.json").write_text("no record", "utf-8")
    assert changed(fourth, fifth := again()) == {"s001"}
    assert changed(fifth, again("--again")) == {"s001", "s002", "s003"}


def test_a_class_leaves_no_process(grade: Callable[..., Said], folder: Path, tmp_path: Path) -> None:
    assert grade("warmup", folder, "--course", COURSE, "--output", tmp_path / "out").status == 0
    left = [one.cmdline() for one in psutil.Process().children(recursive=True) if one.status() != psutil.STATUS_ZOMBIE]
    assert not [command for command in left if any("grader.sandbox" in word for word in command)]
