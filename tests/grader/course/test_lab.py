"""A lab is ready to ask only when its reference has what its rubric names; else file, line, key and remedy are told."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.course.folder import Course
from grader.course.lab import Lab, load_lab
from grader.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Load = Callable[[str, str], Lab]

RUBRIC = """\
title: {zh-TW: "實驗", en: "Lab"}
minutes: 20
points: 10
tasks:
  half:
    title: {zh-TW: "一半", en: "Half"}
    lecture: {zh-TW: "第一節", en: "Section 1"}
    points: 10
    checks:
      values:
        points: 10
        promise: {zh-TW: "一半", en: "The half"}
        hint: {zh-TW: "除以二？", en: "Divided by two?"}
        questions:
          - inputs: {x: 3, y: 4}
          - make: numbers
"""
REFERENCE = '''\
"""A reference."""
import numpy as np


def half(x, y):
    return (x + y) / 2


def numbers(rng):
    return {"x": rng.uniform(size=3), "y": 1.0}
'''


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return a loader of a lab given by its rubric and its reference."""

    def write_and_load(rubric: str, reference: str) -> Lab:
        for room in ("labs", "reference", "rubrics"):
            (tmp_path / room).mkdir(exist_ok=True)
        (tmp_path / "rubrics" / "mini.yaml").write_text(rubric, encoding="utf-8")
        (tmp_path / "reference" / "mini.py").write_text(reference, encoding="utf-8")
        return load_lab(Course(tmp_path), "mini")

    return write_and_load


def refused(load: Load, *, rubric: str = RUBRIC, reference: str = REFERENCE) -> str:
    """Return the English sentences with which a lab is refused; it must be."""
    with pytest.raises(LabError) as caught:
        load(rubric, reference)
    assert caught.value.text.zh_tw
    return caught.value.text.en


def test_a_lab_that_fits_together_is_loaded(load: Load, tmp_path: Path) -> None:
    lab = load(RUBRIC, REFERENCE)
    both = [tmp_path / "rubrics/mini.yaml", tmp_path / "reference/mini.py"]
    assert lab.name == "mini"
    assert lab.oracle("half")(3, 4) == 3.5
    made_of = b"".join(path.name.encode() + b"\0" + path.read_bytes() + b"\0" for path in both)
    assert lab.sha256 == hashlib.sha256(made_of).hexdigest()


def test_another_rubric_or_reference_has_another_hash(load: Load) -> None:
    first = load(RUBRIC, REFERENCE).sha256
    assert load(RUBRIC + "# more\n", REFERENCE).sha256 != first
    assert load(RUBRIC, REFERENCE + "# more\n").sha256 != first


def test_a_function_that_is_missing_is_told_with_its_line_and_the_nearest_first(load: Load) -> None:
    told = refused(load, reference=REFERENCE.replace("def half", "def halve"))
    assert "mini.yaml, line 5, tasks.half: " in told
    assert "mini.py has no function of this name; it has halve, numbers" in told


def test_a_value_under_a_tasks_name_is_no_function(load: Load) -> None:
    told = refused(load, reference=REFERENCE.replace("def half(x, y):\n    return (x + y) / 2", "half = 1.5"))
    assert "line 5, tasks.half: " in told


def test_a_maker_that_is_missing_is_told_with_its_line_and_the_nearest_first(load: Load) -> None:
    told = refused(load, rubric=RUBRIC.replace("make: numbers", "make: number"))
    assert "mini.yaml, line 16, tasks.half.checks.values.questions.1.make: " in told
    assert "has no maker number; it has numbers, half" in told


@pytest.mark.parametrize("inputs", ["{y: 4, x: 3}", "{x: 3}", "{}", "{x: 3, y: 4, z: 5}", "{x: 3, Y: 4}"], ids=str)
def test_inputs_that_are_not_the_arguments_in_their_order_are_told_with_their_line(load: Load, inputs: str) -> None:
    told = refused(load, rubric=RUBRIC.replace("{x: 3, y: 4}", inputs))
    assert "mini.yaml, line 15, tasks.half.checks.values.questions.0.inputs: must name x, y, in this order" in told


def test_every_mismatch_is_told_at_once(load: Load) -> None:
    rubric = RUBRIC.replace("make: numbers", "make: number").replace("{x: 3, y: 4}", "{x: 3}")
    assert len(refused(load, rubric=rubric).splitlines()) == 2


def test_a_missing_reference_is_told(load: Load, tmp_path: Path) -> None:
    load(RUBRIC, REFERENCE)
    (tmp_path / "reference" / "mini.py").unlink()
    with pytest.raises(LabError, match=r"mini\.py is missing"):
        load_lab(Course(tmp_path), "mini")


@pytest.mark.parametrize(
    ("reference", "line", "error"),
    [
        pytest.param("x = 1\n\nraise ValueError('no')\n", 3, "ValueError: no", id="raises"),
        pytest.param("x = 1\nx = 1 / 0\n", 2, "ZeroDivisionError: division by zero", id="divides by 0"),
        pytest.param("import nothing_of_this_name\n", 1, "ModuleNotFoundError: ", id="imports what is not there"),
        pytest.param("x = 1\ny = (\n", 2, "SyntaxError: ", id="does not parse"),
        pytest.param("def f():\nreturn 1\n", 2, "IndentationError: ", id="is not indented"),
        pytest.param("import sys\nsys.exit(0)\n", 2, "SystemExit: 0", id="exits"),
        pytest.param("def f():\n    raise KeyError('a')\n\n\nf()\n", 2, "KeyError: 'a'", id="raises in a function"),
        pytest.param("import json\n\njson.loads('{')\n", 3, "JSONDecodeError: ", id="raises in a library"),
    ],
)
def test_a_reference_that_cannot_be_imported_is_told_with_the_line(
    load: Load, reference: str, line: int, error: str
) -> None:
    told = refused(load, reference=reference)
    assert f"mini.py, line {line}: {error}" in told


def test_a_reference_that_is_not_utf_8_is_told(load: Load, tmp_path: Path) -> None:
    load(RUBRIC, REFERENCE)
    (tmp_path / "reference" / "mini.py").write_bytes(b'"""\xff"""\n')
    with pytest.raises(LabError, match=r"mini\.py, line 1: SyntaxError"):
        load_lab(Course(tmp_path), "mini")


def test_a_mistake_in_the_rubric_is_told_before_the_reference_is_run(load: Load) -> None:
    told = refused(load, rubric=RUBRIC.replace("minutes", "minuts"), reference="raise ValueError\n")
    assert "minuts" in told
    assert "ValueError" not in told


def test_an_unknown_lab_is_told_with_the_nearest_and_all(root: Path) -> None:
    with pytest.raises(LabError, match=r'no lab "lab2" in .* Is it lab02\? The labs are: corelab, '):
        load_lab(Course(root), "lab2")


def test_two_labs_do_not_share_a_reference(load: Load, tmp_path: Path) -> None:
    first = load(RUBRIC, REFERENCE)
    (tmp_path / "rubrics" / "other.yaml").write_text(RUBRIC, encoding="utf-8")
    (tmp_path / "reference" / "other.py").write_text(REFERENCE.replace("/ 2", "/ 4"), encoding="utf-8")
    second = load_lab(Course(tmp_path), "other")
    assert (first.oracle("half")(3, 5), second.oracle("half")(3, 5)) == (4, 2)


@pytest.mark.parametrize("name", ["lab01", "lab02"])
def test_the_projects_labs_are_ready_to_ask(root: Path, name: str) -> None:
    lab = load_lab(Course(root), name)
    assert all(callable(lab.oracle(task)) for task in lab.rubric.tasks)
    assert np.isclose(float(lab.rubric.points), 100)
