"""What is not there of a variable, a class or a text is told as what it is, in the words of the task."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COURSES = Path(__file__).resolve().parents[2] / "courses"
STACK = """\
class Stack:
    def __init__(self):
        self.items = []
    def push(self, item):
        self.items.append(item)
    def pop(self):
        return self.items.pop()
    def __len__(self):
        return len(self.items)
"""
VARIABLES = {
    "gone": ("x = 1", "there is no variable p_value in the notebook"),
    "capital": ("P_value = 0.01", "there is no variable p_value; P_value is there"),
    "typing": ("p_valeu = 0.01", "there is no variable p_value; p_valeu is there"),
    "stopped": ("y = 1 / 0\np_value = 0.01", "p_value is given a value in cell In [1], line 2, which was not reached"),
    "dots": ("p_value = ...", "not written yet"),
    "none": ("p_value = None", "not written yet"),
    "text": ("p_value = '0.01'", "the answer is text, not numbers"),
    "other": ("p_value = 0.4", "the answer is not the expected one"),
}
CLASSES = {
    "gone": ("x = 1", "the notebook defines nothing named Stack"),
    "typing": (STACK.replace("Stack", "Stak"), "it has Stak (cell In [1])"),
    "stopped": (f"y = 1 / 0\n{STACK}", "Stack was not defined, because its cell stopped before"),
    "method": (STACK.replace("def pop", "def pull"), "'Stack' object has no attribute 'pop'"),
    "value": ("Stack = [1]", "what comes of Stack cannot be used as it is to be: TypeError"),
    "object": (STACK.replace("return len", "return str"), "Stack cannot be used as it is to be: TypeError"),
    "none": (STACK.replace("return self.items.pop()", "self.items.pop()"), "expected a whole number, observed None"),
}
PRINTED = {
    "returned": ("def report(values):\n    return 'mean 2'", "nothing is printed"),
    "blank": ("def report(values):\n    print()", "nothing is printed"),
    "hidden": (
        "def report(v):\n    print(len(v), 'values, mean', 2.0)",
        "a number in the text is not the expected one",
    ),
    "other": ("def report(v):\n    print(f'{len(v)} values, mean 2.10')", '"2.10"; "2.00" is expected'),
    "short": ("def report(v):\n    print(len(v), 'values')", "ends too early"),
    "long": ("def report(v):\n    print(len(v), 'values, mean 2.00 mm')", 'the text goes on: "mm" is too much'),
}

pytestmark = pytest.mark.kernel


@pytest.fixture
def told(tmp_path: Path, notebook: Callable[..., Path]) -> Callable[..., dict[str, str]]:
    """Return a grader of cells by their names, against a course: what is told of each about one task."""

    def grade(course: str, task: str, cells: Mapping[str, str]) -> dict[str, str]:
        for name, source in cells.items():
            notebook(source, name=name, folder=tmp_path / "in")
        words = ["--course", str(COURSES / course), "--output", str(tmp_path / "out"), "--seed", "7"]
        assert main([course, str(tmp_path / "in"), *words]) == 0
        records = {path.stem: json.loads(path.read_text("utf-8")) for path in (tmp_path / "out").glob("*.json")}
        return {name: told_of(record, task) for name, record in records.items()}

    return grade


def told_of(record: dict[str, Any], task: str) -> str:
    [check] = [check for one in record["tasks"] if one["name"] == task for check in one["checks"]]
    if check["because"] is None:
        return ""
    assert check["because"]["zh-TW"] != check["because"]["en"] or "observed" not in check["because"]["en"]
    return str(check["because"]["en"])


def test_a_variable_that_is_not_there_is_told_as_a_variable(told: Callable[..., dict[str, str]]) -> None:
    said = told("statistics", "p_value", {name: source for name, (source, _) in VARIABLES.items()})
    assert said == {name: text for name, (_, text) in VARIABLES.items()}


def test_what_is_wrong_with_a_class_is_told_as_the_students_own(told: Callable[..., dict[str, str]]) -> None:
    said = told("classes", "stack", {name: source for name, (source, _) in CLASSES.items()})
    for name, (_, text) in CLASSES.items():
        assert text in said[name], name


def test_a_text_is_compared_by_words_and_numbers(told: Callable[..., dict[str, str]]) -> None:
    pytest.importorskip("matplotlib")
    said = told("drawing", "report", {name: source for name, (source, _) in PRINTED.items()})
    for name, (_, text) in PRINTED.items():
        assert text in said[name], name
