"""What a record says of a task that a person reads, and that nothing is lost where a notebook lacks its cells."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main

ROOT = Path(__file__).resolve().parents[3]
ESSAY = ROOT / "tests/courses/essay"


def graded(notebook: Path, folder: Path) -> tuple[int, dict[str, Any]]:
    words = ["essay", notebook, "--course", ESSAY, "--output", folder, "--seed", 7]
    status = main([str(word) for word in words])
    return status, json.loads((folder / f"{notebook.stem}.json").read_text("utf-8"))


@pytest.mark.kernel
def test_a_record_has_the_points_and_cells_that_a_person_reads(tmp_path: Path) -> None:
    status, record = graded(ESSAY / "handed_in/right.ipynb", tmp_path)
    fit, plot = record["tasks"]
    assert status == 0, "what a person has yet to read is not wrong"
    assert (record["earned"], record["points"]) == (4, 16)
    assert (fit["earned"], fit["points"], fit["manual"]["points"], fit["manual"]["cells"]) == (4, 6, 2, [3])
    assert (plot["earned"], plot["points"], plot["checks"]) == (0, 10, [])
    assert plot["manual"]["cells"] == [4, 5, 6, 7]
    assert plot["manual"]["start"] == 10
    assert [item["id"] for item in plot["manual"]["items"]] == ["no_line", "labels", "shallow", "doubt"]
    assert plot["manual"]["items"][-1]["bonus"]
    assert "because" not in plot["manual"]


@pytest.mark.kernel
def test_a_notebook_without_the_named_cells_is_told_what_was_looked_for(tmp_path: Path) -> None:
    status, record = graded(ESSAY / "handed_in/wrong_no_heading.ipynb", tmp_path)
    assert status == 1
    manual = record["tasks"][1]["manual"]
    assert manual["cells"] == []
    assert 'the heading "Question 2"' in manual["because"]["en"]
    assert "標題「Question 2」" in manual["because"]["zh-TW"]


@pytest.mark.kernel
def test_a_file_that_is_no_notebook_has_nothing_to_read_and_is_not_told_of_headings(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copyfile(ESSAY / "handed_in/right.ipynb", tmp_path / "in/right.ipynb")
    (tmp_path / "in/broken.ipynb").write_text("{", "utf-8")
    out = tmp_path / "out"
    words = ["essay", tmp_path / "in", "--course", ESSAY, "--output", out, "--seed", 7]
    main([str(word) for word in words])
    record = json.loads((out / "broken.json").read_text("utf-8"))
    assert record["earned"] is None
    assert [task["manual"]["cells"] for task in record["tasks"]] == [[], []]
    assert not [task for task in record["tasks"] if "because" in task["manual"]]
