"""A kit of any answer has the probes and files that grading needs, and of choices and variables no answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.cli import main
from grader.course.folder import KitFolder
from grader.course.lab import load_lab
from grader.course.recorded import form_of
from grader.grading.explaining.known import answer_of
from grader.grading.make_key import make_key
from grader.model import DataFile, Returned, Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

COURSES = Path(__file__).resolve().parents[2] / "courses"


@pytest.fixture
def released(tmp_path: Path) -> Callable[[str], Path]:
    """Return a way to give a course's lab out, and the folder that students get."""

    def release(name: str) -> Path:
        assert main(["release", name, "--output", str(tmp_path), "--course", str(COURSES / name)]) == 0
        return tmp_path

    return release


def kit_of(folder: Path, name: str) -> dict[str, Any]:
    kit: dict[str, Any] = json.loads((folder / f"{name}.kit.json").read_text("utf-8"))
    return kit


def test_choices_go_out_without_saying_which_is_right(released: Callable[[str], Path]) -> None:
    kit = kit_of(released("statistics"), "statistics")
    assert set(kit["rubric"]["tasks"]) == {"z_statistic", "error_kind"}, "hidden variables stay here"
    [answer] = kit["answers"]["error_kind"]["answers"]
    assert answer["answer"] == {"none": None}
    judge = kit["rubric"]["tasks"]["error_kind"]["checks"]["choice"]["judge"]
    assert judge["choices"] == {"type I": None, "type II": None}, "a hint would tell the wrong one"
    assert "type I" not in json.dumps(kit["answers"])


def test_probes_and_data_files_go_out_and_the_reference_does_not(released: Callable[[str], Path]) -> None:
    pytest.importorskip("matplotlib")
    folder = released("drawing")
    kit = kit_of(folder, "drawing")
    assert kit["probes"] == (COURSES / "drawing/probes/drawing.py").read_text("utf-8")
    assert (folder / "rain.csv").read_bytes() == (COURSES / "drawing/labs/rain.csv").read_bytes()
    assert load_lab(KitFolder(folder), "drawing").files == (DataFile("rain.csv", folder / "rain.csv"),)
    assert "csv.writer" not in json.dumps(kit)


def test_a_mistake_is_known_where_the_notebook_is_given_tensors(released: Callable[[str], Path]) -> None:
    lab = load_lab(KitFolder(released("modules")), "modules")
    [asked] = [one for one in make_key(lab, 0).asked if one.question.task == "standardised"]
    assert isinstance(asked.question.arguments[0], Tensor)
    seen = [answer_of(mistake, asked.question) for mistake in lab.mistakes["standardised"]]
    assert len(seen) == 3
    assert len({one.value.tobytes() for one in seen if isinstance(one, Returned)}) == 3


def test_a_tensor_is_recorded_as_the_array_that_the_reference_is_given() -> None:
    array = np.array([1.0, 2.0])
    assert form_of([Tensor(array, "torch"), 3]) == form_of([array, 3])
