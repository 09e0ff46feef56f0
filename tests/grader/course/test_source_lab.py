"""A lab of one source notebook: asked, given out and audited like one with files of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Said

MSE = '''def mse(y_true, y_pred):
    """Mean of the squared differences."""
    ### BEGIN SOLUTION
    secret = y_true - y_pred
    return float(np.mean(secret**2))
    ### END SOLUTION'''
IN_A_LOOP = """def mse(y_true, y_pred):
    for _ in range(1):
        ### BEGIN SOLUTION
        secret = y_true - y_pred
        return float(np.mean(secret**2))
        ### END SOLUTION"""
HIDDEN = """assert mse(np.array([1.0]), np.array([3.0])) == 4
### BEGIN HIDDEN TESTS
def pairs(rng):
    return {"y_true": rng.normal(size=5), "y_pred": rng.normal(size=5)}
### END HIDDEN TESTS"""
RUBRIC = """\
title: {zh-TW: "熱身", en: "Warm-up"}
minutes: 5
points: 3
packages: [numpy]
tasks:
  mse:
    title: {zh-TW: "均方誤差", en: "MSE"}
    lecture: {zh-TW: "1", en: "1"}
    points: 2
    checks:
      values:
        points: 2
        promise: {zh-TW: "平均", en: "The mean"}
        hint: {zh-TW: "平方？", en: "Squared?"}
        questions:
          - {public: true, inputs: {y_true: [1.0, 2.0], y_pred: [3.0, 2.5]}}
          - {make: pairs, count: 3, about: {zh-TW: "五個數", en: "five numbers"}}
  best:
    title: {zh-TW: "最好", en: "best"}
    lecture: {zh-TW: "1", en: "1"}
    points: 1
    variable: best
    checks:
      value:
        points: 1
        promise: {zh-TW: "變數的值", en: "The value"}
        hint: {zh-TW: "是多少？", en: "How much is it?"}
        questions: [{}]
"""


def notebook_of(*cells: str) -> str:
    forms: list[dict[str, Any]] = [
        {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": [], "source": cell} for cell in cells
    ]
    return json.dumps({"cells": forms, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course of one lab that has a source notebook and a rubric, and nothing else."""
    for name in ("rubrics", "reference"):
        (tmp_path / name).mkdir()
    (tmp_path / "rubrics/warm.yaml").write_text(RUBRIC, "utf-8")
    endless = "while True:\n    losses.append(train())"
    source = notebook_of(
        "import numpy as np\nlosses = []",
        MSE,
        HIDDEN,
        "best = mse(np.zeros(2), np.full(2, 3.0))  # SOLUTION",
        f"if False:\n    {endless.replace(chr(10), chr(10) + '    ')}",
        "print('much')",
    )
    (tmp_path / "reference/warm.ipynb").write_text(source, "utf-8")
    return tmp_path


def test_its_functions_and_variables_are_the_reference(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lab = load_lab(Course(course), "warm")
    assert lab.oracle("mse")(np.array([1.0]), np.array([3.0])) == 4.0
    assert lab.parameters("mse") == ("y_true", "y_pred")
    assert lab.oracle("best")() == 9.0
    assert capsys.readouterr() == ("", "")


def test_what_the_questions_do_not_need_is_not_run(course: Path) -> None:
    path = course / "reference/warm.ipynb"
    cells = [cell["source"] for cell in json.loads(path.read_text("utf-8"))["cells"]]
    path.write_text(notebook_of(*cells, "raise SystemExit('a training of an hour')"), "utf-8")
    assert load_lab(Course(course), "warm").oracle("best")() == 9.0


def test_an_error_in_it_is_told_with_its_cell_and_line(course: Path) -> None:
    path = course / "reference/warm.ipynb"
    path.write_text(path.read_text("utf-8").replace("np.zeros(2)", "np.zeroes(2)"), "utf-8")
    with pytest.raises(LabError) as refused:
        load_lab(Course(course), "warm")
    assert "warm.ipynb, cell In [4], line 1: AttributeError" in refused.value.text.en


def test_a_file_of_python_goes_before_it(course: Path) -> None:
    (course / "reference/warm.py").write_text(
        "best = 4.0\ndef mse(y_true, y_pred): return 1.0\ndef pairs(rng): return {}\n"
    )
    assert load_lab(Course(course), "warm").oracle("best")() == 4.0


def test_data_files_and_modules_of_the_lab_are_beside_it(course: Path) -> None:
    (course / "labs").mkdir()
    (course / "labs/numbers.txt").write_text("9.5")
    (course / "labs/our_tools.py").write_text("def twice(x): return 2 * x\n")
    rubric = course / "rubrics/warm.yaml"
    rubric.write_text(RUBRIC.replace("packages:", "files: [numbers.txt, our_tools.py]\npackages:"), "utf-8")
    path = course / "reference/warm.ipynb"
    cells = [cell["source"] for cell in json.loads(path.read_text("utf-8"))["cells"]]
    cells[3] = "from our_tools import twice\nbest = twice(float(open('numbers.txt').read()))  # SOLUTION"
    path.write_text(notebook_of(*cells), "utf-8")
    assert load_lab(Course(course), "warm").oracle("best")() == 19.0


@pytest.mark.kernel
def test_it_is_graded_given_out_and_audited(
    course: Path, grade: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course)
    own = grade("warm", "--lang", "en")
    assert (own.status, "3 of 3 points" in own.out) == (0, True)

    assert grade("release", "warm", "--output", "given", "--lang", "en").status == 0
    written = "".join(path.read_text("utf-8") for path in sorted((course / "given").iterdir()))
    assert "secret" not in written
    assert "rng.normal" not in written
    stub = grade("warm", "given/warm.ipynb", "--lang", "en")
    assert (stub.status, "0 of 3 points" in stub.out) == (1, True)
    assert grade("release", "warm", "--output", "given", "--check").status == 0

    said = grade("audit", "warm", "--lang", "en").out
    assert "0 of 3 points" in said
    assert "3 of 3 points" in said
    assert "NotImplementedError" not in said
    assert "grade-audit-" not in said


@pytest.mark.kernel
@pytest.mark.parametrize(
    "solved",
    [
        MSE.replace("### BEGIN", "size = len(y_true)\n    ### BEGIN"),
        IN_A_LOOP,
        "def mse(y_true, y_pred):\n    d = y_true - y_pred  # SOLUTION\n    return float(np.mean(d**2))  # SOLUTION",
        "def mse(y_true, y_pred):\n    d = float(np.mean((y_true - y_pred)**2))  # SOLUTION\n    return d",
    ],
    ids=["given code before", "in a loop", "two lines", "a value handed back"],
)  # fmt: skip
def test_a_stub_with_given_code_is_not_written_yet_with_the_course_and_with_the_kit(
    course: Path, grade: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, solved: str
) -> None:
    path = course / "reference/warm.ipynb"
    cells = [cell["source"] for cell in json.loads(path.read_text("utf-8"))["cells"]]
    path.write_text(notebook_of(cells[0], solved, *cells[2:]), "utf-8")
    monkeypatch.chdir(course)
    assert "3 of 3 points" in grade("warm", "--lang", "en").out
    assert grade("release", "warm", "--output", "given", "--lang", "en").status == 0
    with_course = grade("warm", "given/warm.ipynb", "--lang", "en")
    assert "○ mse  MSE  not written yet" in with_course.out
    monkeypatch.chdir(course / "given")
    assert "○ mse  MSE  not written yet" in grade("warm", "--lang", "en").out
