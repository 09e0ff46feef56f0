"""Submissions that say of a network what is not so: they earn nothing, or stand on the teacher's list."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.cli import main
from grader.pages.class_summary import summarise_class
from grader.records.record import load_record

from .corpus import networks

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = [pytest.mark.kernel, pytest.mark.tensorflow, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
ALL = networks()
TASK = "build_model"
POINTS = 40


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade all of them as a class, and return the folder of the results."""
    handed_in, out = tmp_path_factory.mktemp("in"), tmp_path_factory.mktemp("out")
    for one in ALL:
        (handed_in / f"{one.student}.ipynb").write_bytes(one.content)
    words = ("lab03", handed_in, "--course", ROOT, "--output", out, "--seed", "7", "--lang", "en", "--jobs", "2")
    assert main([str(word) for word in words]) == 0
    return out


@pytest.fixture
def task(results: Path, request: pytest.FixtureRequest) -> Mapping[str, Any]:
    record = json.loads((results / f"{request.param.student}.json").read_text("utf-8"))
    found: Mapping[str, Any] = next(task for task in record["tasks"] if task["name"] == TASK)
    return found


@pytest.mark.parametrize(
    "task", [one for one in ALL if one.expected == "zero"], ids=lambda one: one.name, indirect=True
)
def test_a_description_of_what_is_no_network_earns_nothing(task: Mapping[str, Any]) -> None:
    assert task["earned"] == 0, task


@pytest.mark.parametrize(
    "task", [one for one in ALL if one.expected == "alleged"], ids=lambda one: one.name, indirect=True
)
def test_what_a_students_kernel_says_of_itself_is_alleged(task: Mapping[str, Any]) -> None:
    assert all(check["alleged"] for check in task["checks"] if check["verdict"] == "passed"), task


@pytest.mark.parametrize(
    "task", [one for one in ALL if one.expected == "full"], ids=lambda one: one.name, indirect=True
)
def test_an_honest_network_beside_them_keeps_all_marks_and_is_on_no_list(task: Mapping[str, Any]) -> None:
    assert task["earned"] == POINTS, task
    assert not any(check["alleged"] for check in task["checks"])


def test_the_teacher_is_given_those_that_passed_by_their_own_word(results: Path) -> None:
    records = [load_record(results / f"{one.student}.json") for one in ALL]
    listed = {student for count in summarise_class(records).alleged for student in count.students}
    assert listed <= {one.student for one in ALL if one.expected == "alleged"}
    earned = {record.student for record in records for task in record.tasks if task.name == TASK and task.earned}
    assert earned - listed == {one.student for one in ALL if one.expected == "full"}


def test_each_of_them_says_what_it_may_earn() -> None:
    assert {one.expected for one in ALL} == {"zero", "alleged", "full"}
