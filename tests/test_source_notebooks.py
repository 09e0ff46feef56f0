"""Labs of tests/courses made again of one source notebook each: the same verdicts without a reference and a stub."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from grader.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Said

HERE = Path(__file__).parent
LABS = ["statistics", "parameters"]
pytestmark = pytest.mark.kernel


@pytest.fixture(params=LABS)
def course(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a course of one lab: a source notebook, and of tests/courses the rubric and the known mistakes."""
    name: str = request.param
    folder = tmp_path / name
    shutil.copytree(HERE / "courses" / name / "rubrics", folder / "rubrics")
    (folder / "reference").mkdir()
    if (mistakes := HERE / "courses" / name / "reference/mistakes").is_dir():
        shutil.copytree(mistakes, folder / "reference/mistakes")
    shutil.copyfile(HERE / "source_notebooks" / f"{name}.ipynb", folder / "reference" / f"{name}.ipynb")
    return folder


def checks_of(path: Path) -> dict[str, tuple[str, str]]:
    """Return each check's verdict and its English sentence."""
    record = json.loads(path.read_text("utf-8"))
    checks: dict[str, Any] = {
        f"{task['name']}.{one['name']}": one for task in record["tasks"] for one in task["checks"]
    }
    return {name: (one["verdict"], (one["because"] or {}).get("en", "")) for name, one in checks.items()}


def test_notebooks_that_are_handed_in_have_the_verdicts_that_they_had(course: Path, tmp_path: Path) -> None:
    name, out = course.name, tmp_path / "out"
    words = ["--course", course, "--output", out, "--seed", "7"]
    assert main([name, str(HERE / "courses" / name / "handed_in"), *map(str, words)]) == 0
    expected = yaml.safe_load((HERE / "courses" / name / "expected.yaml").read_text("utf-8"))
    for path in sorted(out.glob("*.json")):
        checks = checks_of(path)
        failed = {check: told for check, (verdict, told) in checks.items() if verdict != "passed"}
        assert failed == expected.get(path.stem, {}), path.stem


def test_what_students_are_given_earns_nothing_and_tells_nothing(
    course: Path, grade: Callable[..., Said], tmp_path: Path
) -> None:
    name, given = course.name, tmp_path / "given"
    assert grade("release", name, "--course", course, "--output", given).status == 0
    text = (given / f"{name}.ipynb").read_text("utf-8")
    for piece in ("math.erfc", "before.mean", '= \\"C\\"', "np.zeros", "rng.normal", "learning_rate *", "HIDDEN"):
        assert piece not in text
    out = tmp_path / "out"
    assert grade(name, given / f"{name}.ipynb", "--course", course, "--output", out).status == 1
    [record] = out.glob("*.json")
    assert {verdict for verdict, _ in checks_of(record).values()} == {"not_attempted"}
