"""`grade export sources`: one file of Python for each student, as the class folder names them, and what was given."""

from __future__ import annotations

import ast
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Said

ROOT = Path(__file__).resolve().parents[3]
ESSAY = ROOT / "tests/courses/essay"


@pytest.fixture
def export(grade: Callable[..., Said], tmp_path: Path) -> Callable[..., Said]:
    """Return `grade export sources essay FOLDER`, which writes to out/."""

    def call(folder: Path) -> Said:
        return grade(
            "export", "sources", "essay", folder, "--course", ESSAY, "--output", tmp_path / "out", "--lang", "en"
        )

    return call


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {".labgrader"}


def test_every_student_has_a_folder_with_one_file_of_the_code(export: Callable[..., Said], tmp_path: Path) -> None:
    said = export(ESSAY / "handed_in")
    assert (said.status, said.err) == (0, "")
    assert "the code of 4 students" in said.out
    students = ("right", "right_otherwise", "wrong_intercept", "wrong_no_heading")
    assert files(tmp_path / "out") == {"given/essay.py", *(f"submissions/{name}/essay.py" for name in students)}
    code = (tmp_path / "out/submissions/right/essay.py").read_text("utf-8")
    places = [code.index(piece) for piece in ("import numpy", "def fit_line", "x = np.array", "plt.show()")]
    assert places == sorted(places)
    assert "Six points say nothing" not in code, "words are no code"
    assert "image/png" not in code
    assert "raise NotImplementedError" in (tmp_path / "out/given/essay.py").read_text("utf-8")


def test_a_students_own_modules_lie_beside_and_data_does_not(
    export: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    notebook("%matplotlib inline\nimport tools", "!ls", "broken(", name="essay", folder=folder / "s001")
    (folder / "s001/tools.py").write_text("def half(x):\n    return x / 2\n", "utf-8")
    (folder / "s001/points.csv").write_text("1,2\n", "utf-8")
    notebook("x = 1", name="essay", folder=folder / "s002")
    assert export(folder).status == 0
    assert files(tmp_path / "out/submissions") == {"s001/essay.py", "s001/tools.py", "s002/essay.py"}
    made = (tmp_path / "out/submissions/s001/essay.py").read_text("utf-8")
    ast.parse(made)
    assert made.splitlines()[1:3] == ["# %matplotlib inline", "import tools"]


def test_a_platforms_zip_is_read_as_it_is_graded_and_what_is_no_notebook_is_told(
    export: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path
) -> None:
    content = notebook("x = 1").read_text("utf-8")
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("王小明_1234567_assignsubmission_file_/essay.ipynb", content)
        archive.writestr("Lin Da_1234568_assignsubmission_file_/essay.ipynb", content[:50])
        archive.writestr("Lin Da_1234568_assignsubmission_file_/readme.txt", "hello")
    said = export(tmp_path / "class.zip")
    assert said.status == 2, "not everybody is compared"
    assert [path.parent.name for path in (tmp_path / "out/submissions").rglob("essay.py")] == ["王小明"]
    assert "breaks off" in said.out


def test_written_again_it_replaces_its_own_files_and_nobody_elses(export: Callable[..., Said], tmp_path: Path) -> None:
    assert export(ESSAY / "handed_in").status == 0
    assert export(ESSAY / "handed_in").status == 0
    own = tmp_path / "out/submissions/right/essay.py"
    own.write_text("mine", "utf-8")
    said = export(ESSAY / "handed_in")
    assert said.status == 2
    assert "essay.py was not written by the grader" in said.err
    assert own.read_text("utf-8") == "mine"


def test_without_a_notebook_that_is_given_out_that_is_told(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path
) -> None:
    course = tmp_path / "course"
    (course / "reference").mkdir(parents=True)
    (course / "rubrics").mkdir()
    form = {"points": 1, "tasks": {"essay": {"manual": {"points": 1}, "cells": {"tag": "essay"}}}}
    (course / "rubrics/essay.yaml").write_text(json.dumps(form), "utf-8")
    folder = notebook("x = 1", folder=tmp_path / "in").parent
    said = grade("export", "sources", "essay", folder, "--course", course, "--output", tmp_path / "out", "--lang", "en")
    assert said.status == 0
    assert "What students were given cannot be told from what they wrote" in said.out


def test_each_export_says_which_words_it_needs(grade: Callable[..., Said], tmp_path: Path) -> None:
    words = ("--course", ESSAY, "--output", tmp_path / "out.zip", "--lang", "en")
    said = grade("export", "sources", "essay", *words)
    assert said.status == 2
    assert "grade export sources essay FOLDER --output DIR" in said.err
    said = grade("export", "gradescope", "essay", ESSAY / "handed_in", *words)
    assert said.status == 2
    assert "gradescope takes a lab alone" in said.err
