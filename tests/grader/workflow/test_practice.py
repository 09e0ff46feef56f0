"""A live session is asked for its cells where a check is about what a function calls; what it says is not trusted."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.errors import LabError
from grader.workflow.practice import Line, practise

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.lab import Lab

CALLS = "        calls: {require: [sum], forbid: [loop]}\n"
SOURCES = ["", "%load_ext grader", "def double(x):\n    return x", "def total(x):\n    return sum(x)"]


@pytest.fixture
def lab(root: Path) -> Lab:
    """Return a lab without a question that can be asked of a session."""
    return load_lab(Course(root / "tests/another_course"), "warmup")


@pytest.fixture
def lab_by_code(course: Path, root: Path) -> Lab:
    """Return a lab of which only the code of one function is looked at."""
    text = (root / "tests/another_course/rubrics/warmup.yaml").read_text("utf-8")
    head, total = text[: text.index("  double:")], text[text.index("  total:") :]
    rubric = head.replace("points: 10", "points: 2.5") + total[: total.index("        questions:")] + CALLS
    (course / "rubrics/warmup.yaml").write_text(rubric, "utf-8")
    (course / "reference/warmup.py").write_text("def total(x):\n    return sum(x)\n", "utf-8")
    return load_lab(Course(course), "warmup")


def verdict(lab: Lab, reply: str) -> tuple[str, str | None]:
    out = io.StringIO()
    record = practise(lab, None, Line(out, io.StringIO(reply)))
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [{"type": "cells", "content": None}]
    [check] = record.tasks[0].checks
    return check.verdict, check.because.en if check.because else None


def test_a_function_is_judged_by_the_cells_that_the_session_has_run(lab_by_code: Lab) -> None:
    assert verdict(lab_by_code, json.dumps(SOURCES) + "\n") == ("passed", None)
    again = [*SOURCES, "def total(x):\n    for one in x: pass"]
    assert verdict(lab_by_code, json.dumps(again) + "\n") == (
        "failed",
        "a loop (for) is used in total: cell In [4], line 2",
    )


@pytest.mark.parametrize("reply", ["", "\n", "null\n", "7\n", "[1, null, {}]\n", "[" * 100_000 + "\n", '"total"\n'])
def test_a_session_that_does_not_say_its_cells_has_no_function(lab_by_code: Lab, reply: str) -> None:
    assert verdict(lab_by_code, reply) == ("failed", "the notebook defines no function named total")


def test_where_no_check_is_about_calls_no_cells_are_asked_for(lab: Lab) -> None:
    out = io.StringIO()
    practise(lab, "total", Line(out, io.StringIO("")))
    assert '"cells"' not in out.getvalue()
    with pytest.raises(LabError):
        practise(lab, "nothing", Line(out, io.StringIO("")))
