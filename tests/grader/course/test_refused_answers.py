"""A rubric about any answer is refused for each mistake in it, with file, line, key and what is allowed."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.errors import LabError
from grader.grading.make_key import make_key
from grader.model import Structured

if TYPE_CHECKING:
    from collections.abc import Callable

COURSES = Path(__file__).resolve().parents[2] / "courses"
RUBRIC, PROBES, REFERENCE = "rubrics/{name}.yaml", "probes/{name}.py", "reference/{name}.py"


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., str]:
    """Return a way to spoil a file of a course, and to read how the lab is refused when its key is made."""

    def spoil(name: str, file: str, old: str, new: str) -> str:
        folder = tmp_path / "course"
        shutil.copytree(COURSES / name, folder)
        path = folder / file.format(name=name)
        text = path.read_text("utf-8")
        assert old in text, f"{path.name} has no {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")
        with pytest.raises(LabError) as refused:
            make_key(load_lab(Course(folder), name), 0)
        assert refused.value.text.zh_tw != refused.value.text.en
        return refused.value.text.en.removeprefix(f"{folder}{os.sep}").replace(os.sep, "/")

    return spoil


LINE = "rubrics/{name}.yaml, line "
LISTS = "{list: [1, 2, 3, 4, 5]}"
RUBRICS = [
    pytest.param("layers", "    probe: relu\n", "    probe: relu\n    variable: x\n", "not both", id="two ways"),
    pytest.param("layers", "probe: relu\n", "probe: rellu\n", "allowed: relu, forward", id="an unknown probe"),
    pytest.param("layers", "dout: [[5, 7]]", "dy: [[5, 7]]", "must name x, dout, in this order", id="other inputs"),
    pytest.param("helpers", LISTS, "{list: [1], tuple: [1]}", "list and tuple are two forms", id="two forms"),
    pytest.param("helpers", LISTS, "{lst: [1]}", "there is no form lst; allowed: list, tuple", id="an unknown form"),
    pytest.param("helpers", LISTS, "{list: [{lst: [1]}]}", "there is no form lst", id="an unknown form in a list"),
    pytest.param("helpers", LISTS, "{set: [[1]]}", "a set holds numbers, texts and tuples", id="a set of lists"),
    pytest.param("helpers", LISTS, '{fraction: "1/0"}', "1/0 is no fraction; write it as 1/3", id="a fraction"),
    pytest.param("helpers", "inputs: {n: 4}", "inputs: {n: 4}, seed: -1", "must not be negative", id="a negative seed"),
    pytest.param(
        "helpers", "inputs: {n: 4}", "inputs: {n: 4}, as: {m: torch}", "no input m; allowed: n", id="as without input"
    ),
    pytest.param(
        "helpers", "inputs: {n: 4}", "inputs: {n: 4}, as: {n: pytorch}", "one of 'torch' or", id="as another library"
    ),
    pytest.param("helpers", "inputs: {n: 4}", "inputs: {n: 4}, as: {n: torch}", "only an array", id="as of no array"),
    pytest.param("helpers", "inputs: {n: -1}", "inputs: {n: 1}", "raises nothing here", id="raises without exception"),
    pytest.param("helpers", "message: negative", "message: minus", 'does not say "minus"', id="another message"),
    pytest.param(
        "helpers", "inputs: {n: 4}", "inputs: {n: {function: twice}}", "no function twice in probes", id="no function"
    ),
    pytest.param("parameters", "dtype: float64", "dtype: float128", "dtype: must be one of", id="an unknown dtype"),
    pytest.param("values", '"2026-01-30"', '"30.1.2026"', "30.1.2026 is no date; write it as", id="a date"),
    pytest.param(
        "values", "{values: [1, 9, 3]", "{values: {masked: [1, 2], mask: [true]}", "the same shape", id="a mask"
    ),
    pytest.param(
        "statistics",
        "            C: null\n",
        "            D: null\n",
        "none of the choices: A, B, D",
        id="no such choice",
    ),
    pytest.param(
        "statistics",
        "variable: p_value",
        "variable: pvalue",
        "it has p_value, before, after, mean_difference",
        id="no such variable",
    ),
    pytest.param("statistics", "[{}]", "[{inputs: {x: 1}}]", "given to a variable", id="inputs of a variable"),
    pytest.param("statistics", "kind: close", "kind: closed", "allowed: close", id="an unknown kind"),
    pytest.param("drawing", "files: [rain.csv]", "files: [rein.csv]", "rein.csv is missing", id="a missing file"),
    *(
        pytest.param(
            "drawing", "files: [rain.csv]", f"files: [{name}]", "no name of a file in labs/", id=f"the file {name}"
        )
        for name in ("/etc/passwd", "data/../../a.csv", "data//a.csv", "data/.a.csv", "c:/a.csv", "./a.csv", "data/")
    ),
    pytest.param(
        "drawing", "files: [rain.csv]", "files: [../a.csv]", "no name of a file in labs/", id="a file elsewhere"
    ),
    pytest.param(
        "drawing", "  plot_losses:\n", "  plot_los:\n", "it has plot_losses", id="no function of a ready probe"
    ),
]
TABLES = [
    pytest.param("order: any", "order: both", "'given', 'rows', 'columns' or 'any'", id="another order"),
    pytest.param("kind: [cat, dog, cat]", "kind: [cat, dog]", "name: 3, kind: 2, weight: 3", id="a ragged table"),
    pytest.param("5.0]}}}", "5.0]}, index: [1]}}", "as many labels as there are values: 3, not 1", id="a short index"),
]


@pytest.mark.parametrize(("name", "old", "new", "told"), RUBRICS)
def test_a_mistake_in_a_rubric_is_told_with_its_line_and_what_is_allowed(
    refusal: Callable[..., str], name: str, old: str, new: str, told: str
) -> None:
    if name == "values":
        pytest.importorskip("scipy")
    said = refusal(name, RUBRIC, old, new)
    assert said.startswith(LINE.format(name=name))
    assert told in said


@pytest.mark.parametrize(("old", "new", "told"), TABLES)
@pytest.mark.skipif(importlib.util.find_spec("pandas") is None, reason="the reference imports pandas, which is absent")
def test_a_mistake_in_a_table_is_told_with_its_line(refusal: Callable[..., str], old: str, new: str, told: str) -> None:
    said = refusal("tables", RUBRIC, old, new)
    assert said.startswith(LINE.format(name="tables"))
    assert told in said


def test_probes_that_cannot_be_read_are_told_with_their_own_line(refusal: Callable[..., str]) -> None:
    said = refusal("layers", PROBES, "return out\n", "return out)\n")
    assert said.startswith("probes/layers.py, line 6: SyntaxError")


def test_a_probe_takes_the_notebook_first(refusal: Callable[..., str]) -> None:
    said = refusal("layers", PROBES, "def relu(lab, x, dout)", "def relu(x, dout)")
    assert "def relu(lab, …)" in said


def test_what_the_reference_lacks_of_a_probe_is_told_by_its_name(refusal: Callable[..., str]) -> None:
    said = refusal("layers", PROBES, "lab.relu_forward(x)", "lab.relu_forwrd(x)")
    assert "the reference has nothing named relu_forwrd" in said


def test_an_answer_of_the_reference_that_cannot_be_compared_is_refused(refusal: Callable[..., str]) -> None:
    said = refusal("helpers", REFERENCE, "return counts", "return iter(counts)")
    assert said.startswith(LINE.format(name="helpers"))
    assert "a probe can make a value of it" in said


def test_a_set_is_asked_of_what_has_members(refusal: Callable[..., str]) -> None:
    said = refusal("statistics", RUBRIC, "judge: {kind: close, rtol: 1.0e-2, atol: 1.0e-9}", "judge: {kind: same_set}")
    assert "a list, tuple, set, array or Series is needed, and this is a number (float)" in said


def test_none_is_an_answer_where_another_question_has_one(refusal: Callable[..., str]) -> None:
    said = refusal("helpers", REFERENCE, "(min(numbers), max(numbers)) if numbers else None", "None")
    assert "the reference answers None: is its return missing?" in said
    asked = make_key(load_lab(Course(COURSES / "helpers"), "helpers"), 0).asked
    answers = [one.expected for one in asked if one.question.task == "extremes"]
    assert [one.value is None for one in answers if isinstance(one, Structured)] == [False, True, False, False]
