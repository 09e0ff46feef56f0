"""An audit of labs of any answer: what can be tried is tried, what cannot is left out."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.audit.contents import contents_part
from grader.audit.context import AuditContext, make_context
from grader.audit.impostors import impostors_part
from grader.audit.mutation import Mutation
from grader.audit.wanted import wanted_mistakes
from grader.course.folder import Course
from grader.grading.explaining.known import answered

if TYPE_CHECKING:
    from collections.abc import Callable

COURSES = Path(__file__).resolve().parents[2] / "courses"
NEEDS = {"tables": "pandas", "values": "scipy", "drawing": "matplotlib"}
NAMES = [
    name
    for name in sorted(path.parent.name for path in COURSES.glob("*/rubrics"))
    if name not in NEEDS or importlib.util.find_spec(NEEDS[name]) is not None
]


@pytest.fixture
def context(tmp_path: Path) -> Callable[..., AuditContext]:
    """Return what an audit of a course is made with, with more files in it."""

    def make(name: str, *files: str) -> AuditContext:
        folder = tmp_path / name
        shutil.copytree(COURSES / name, folder)
        for file in files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text("def answer():\n    return 1\n", "utf-8")
        return make_context(Course(folder), name, 0)

    return make


@pytest.mark.parametrize("name", NAMES)
def test_every_check_refuses_impostors_of_its_kind(context: Callable[..., AuditContext], name: str) -> None:
    key = context(name).key
    part = impostors_part(key, "")
    assert part.findings == ()
    assert int(part.told.en.split()[0]) >= len({(one.question.task, one.question.check) for one in key.asked})


def test_functions_that_are_called_are_known(context: Callable[..., AuditContext]) -> None:
    assert context("statistics").mutated == ("z_statistic",)
    assert context("classes").mutated == ()


def test_slips_are_tried_in_functions_variables_and_all_that_a_probe_asks_for(
    context: Callable[..., AuditContext],
) -> None:
    roots = {root.task: root for root in context("statistics").roots}
    assert (set(roots["p_value"].names), roots["p_value"].is_variable) == ({"p_value"}, True)
    roots = {root.task: root for root in context("classes").roots}
    assert (set(roots["stack"].names), roots["stack"].asks_parts) == ({"Stack"}, True)
    assert {root.task: root.names for root in context("layers").roots} == {
        "affine_forward": {"affine_forward"},
        "affine_backward": {"affine_forward", "affine_backward"},
        "relu": {"relu_forward", "relu_backward"},
    }


def test_what_is_missing_of_numbers_is_advice_of_other_values_and_nothing_of_variables(
    context: Callable[..., AuditContext],
) -> None:
    found = {(one.place, one.weight) for one in wanted_mistakes(context("statistics"), Mutation({}, (), ()))}
    assert found == {("z_statistic", "advice")}, "three mistakes of eight"
    found = {(one.place, one.weight) for one in wanted_mistakes(context("classes"), Mutation({}, (), ()))}
    assert {weight for _, weight in found} == {"advice"}


def test_right_answers_to_a_task_without_a_function_are_said_to_be_never_read(
    context: Callable[..., AuditContext],
) -> None:
    found = contents_part(context("statistics", "tests/correct/statistics/p_value.py")).findings
    told = [(one.weight, one.told.en) for one in found if one.place == "p_value"]
    assert told == [("missing", "a variable or a probe answers this task, so the file is never read")]


def test_a_mistake_of_what_a_probe_asks_gives_the_probes_answer(context: Callable[..., AuditContext]) -> None:
    made = context("layers")
    asked = next(one for one in made.key.asked if one.question.task == "affine_forward")
    right = answered(lambda x, w, b: x @ w + b, asked.question)
    wrong = answered(lambda x, w, b: x @ w - b, asked.question)
    assert [type(asked.judge(one)).__name__ for one in (right, wrong)] == ["Agrees", "Differs"]
