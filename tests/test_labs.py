"""The labs as students get them: every stub earns 0 with nothing failed, every solution earns 100, samples between."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema
import nbformat
import pytest

from grader.data.digits import draw
from grader.records.record import load_record
from grader.reports import terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Said

LABS = ("lab01", "lab02", "lab03", "corelab")
WITH_TENSORFLOW = (pytest.mark.tensorflow, pytest.mark.slow)
GRADED = ("lab01", "lab02", *(pytest.param(lab, marks=WITH_TENSORFLOW) for lab in ("lab03", "corelab")))


@pytest.fixture
def record_of(grade: Callable[..., Said], root: Path, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Return a grading: `record_of("lab02", path)` returns the record, valid by its schema."""
    schema = json.loads((root / "docs/record.schema.json").read_text("utf-8"))

    def run(lab: str, path: Path, *words: object) -> dict[str, Any]:
        said = grade(lab, path, "--output", tmp_path, *words)
        assert said.status in {0, 1}, said.err
        record: dict[str, Any] = json.loads((tmp_path / f"{path.stem}.json").read_text("utf-8"))
        jsonschema.validate(record, schema)
        return record | {"status": said.status, "page": said.out}

    return run


def verdicts(record: dict[str, Any]) -> set[str]:
    return {check["verdict"] for task in record["tasks"] for check in task["checks"]}


@pytest.mark.parametrize("lab", GRADED)
def test_a_stub_earns_0_with_nothing_failed(
    record_of: Callable[..., dict[str, Any]], root: Path, lab: str, tmp_path: Path
) -> None:
    record = record_of(lab, root / "labs" / f"{lab}.ipynb")
    assert (record["earned"], record["points"], verdicts(record), record["cells"]) == (0, 100, {"not_attempted"}, [])
    pages = in_both_languages(tmp_path / f"{lab}.json")
    assert ("0 / 100 分" in pages["zh-TW"], "0 of 100 points" in pages["en"]) == (True, True)


@pytest.mark.parametrize("lab", GRADED)
def test_a_solution_earns_100(record_of: Callable[..., dict[str, Any]], root: Path, lab: str, tmp_path: Path) -> None:
    record = record_of(lab, root / "reference/solutions" / f"{lab}.ipynb", "--lang", "zh-TW")
    assert (record["earned"], record["status"], verdicts(record), record["cells"]) == (100, 0, {"passed"}, [])
    pages = in_both_languages(tmp_path / f"{lab}.json")
    assert f"{lab}.ipynb" in record["page"].partition(pages["zh-TW"])[0]
    assert record["page"].endswith(pages["zh-TW"]), "what is shown is what is kept"
    assert ("100 / 100 分" in pages["zh-TW"], "100 of 100 points" in pages["en"]) == (True, True)


def in_both_languages(path: Path) -> dict[str, str]:
    record = load_record(path)
    return {"zh-TW": terminal.render(record, "zh-TW"), "en": terminal.render(record, "en")}


@pytest.mark.parametrize(
    ("lab", "student", "earned"),
    [
        ("lab01", "s001", 50),
        ("lab02", "s001", 34),
        ("lab02", "s002", 100),
        pytest.param("lab03", "s001", 52, marks=WITH_TENSORFLOW),
    ],
)
def test_a_sample_earns_what_it_did_right(
    record_of: Callable[..., dict[str, Any]], root: Path, lab: str, student: str, earned: float
) -> None:
    record = record_of(lab, root / "tests/samples" / lab / f"{student}.ipynb")
    assert record["earned"] == earned
    assert record["status"] == (0 if earned == 100 else 1)


def test_a_sample_with_a_broken_cell_and_an_endless_loop_keeps_what_is_right(
    record_of: Callable[..., dict[str, Any]], root: Path, course: Path
) -> None:
    rubric = course / "rubrics/lab02.yaml"
    rubric.write_text(rubric.read_text("utf-8").replace("call_seconds: 10", "call_seconds: 1"), "utf-8")
    record = record_of("lab02", root / "tests/samples/lab02/s003.ipynb", "--course", course, "--lang", "en")
    earned = {task["name"]: task["earned"] for task in record["tasks"]}
    assert earned == {
        "information_content": 12, "entropy": 0, "softmax": 24, "cross_entropy": 0, "softmax_cross_entropy": 18
    }  # fmt: skip
    assert re.search(r"Look at (this cell|the cell of \w+) first: cell In \[", record["page"])


@pytest.mark.parametrize("lab", LABS)
def test_a_solution_differs_from_its_lab_only_in_the_functions(root: Path, lab: str) -> None:
    stub = nbformat.read(root / "labs" / f"{lab}.ipynb", as_version=4)
    solution = nbformat.read(root / "reference/solutions" / f"{lab}.ipynb", as_version=4)
    assert [cell.id for cell in stub.cells] == [cell.id for cell in solution.cells]
    for one, other in zip(stub.cells, solution.cells, strict=True):
        if one != other:
            assert one.cell_type == "code"
            assert "raise NotImplementedError" in one.source
            assert "NotImplementedError" not in other.source


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_is_a_valid_notebook_without_outputs(root: Path, lab: str) -> None:
    notebook = nbformat.read(root / "labs" / f"{lab}.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert all(
        cell.outputs == [] and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code"
    )


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_needs_nothing_of_the_grader(root: Path, lab: str) -> None:
    notebook = nbformat.read(root / "labs" / f"{lab}.ipynb", as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    imported = {
        line.split()[1].split(".")[0]
        for text in sources
        for line in text.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= ({"numpy"} if lab in {"lab01", "lab02"} else {"numpy", "tensorflow", "matplotlib"})


@pytest.mark.parametrize("lab", LABS)
def test_every_seed_of_many_makes_questions_that_the_reference_can_answer(
    root: Path, lab: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = cache(lambda count: draw(count, 0))
    monkeypatch.setattr(
        "grader.grading.make_key.draw", lambda count, _: drawn(count)
    )  # what networks see, asked of none
    from grader.course.folder import Course  # noqa: PLC0415 (only this test looks inside)
    from grader.course.lab import load_lab  # noqa: PLC0415
    from grader.grading.make_key import make_key  # noqa: PLC0415

    loaded = load_lab(Course(root), lab)
    for seed in range(50 if lab in {"lab01", "lab02"} else 10):
        assert make_key(loaded, seed).asked


@pytest.mark.tensorflow
@pytest.mark.slow
def test_a_sample_of_the_corelab_earns_what_it_did_right_and_names_readings_data_and_the_shortened_training(
    record_of: Callable[..., dict[str, Any]], root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "empty"))
    record = record_of("corelab", root / "tests/samples/corelab/s001.ipynb", "--lang", "en")
    assert (record["earned"], record["status"]) == (59, 1)
    [note] = record["tasks"][1]["checks"][0]["notes"]
    assert note["en"] == "read as: pixels / 255 put into the formula, at least 1e-7"
    assert [note["en"] for note in record["notes"]] == [
        "MNIST: not found on this computer; digits drawn by the grader were used",
        "training in the notebook's own cells was shortened while grading",
    ]


def test_a_number_that_never_changes_is_told_without_a_reproach(
    record_of: Callable[..., dict[str, Any]], notebook: Callable[..., Path]
) -> None:
    path = notebook("def mnist_mse(images):\n    return 7268.242346938776", name="s009")
    record = record_of("corelab", path, "--lang", "en")
    assert record["tasks"][0]["checks"][0]["because"]["en"] == ("every input gives the same number, 7268.24")


def test_another_course_is_graded_as_well(grade: Callable[..., Said], root: Path) -> None:
    assert "warmup" in grade("--list", "--course", root / "tests/another_course").out
