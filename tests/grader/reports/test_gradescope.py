"""Gradescope's results.json: points that add up, and never a zero for what was not graded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from grader.reports.gradescope import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model import Language
    from grader.records.record import Record


def results(record: Record, language: Language = "en") -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(render(record, language))
    return parsed


@pytest.mark.parametrize(("about", "score"), [("perfect", 5.0), ("middling", 2.5), ("untouched", 0.0)])
def test_the_score_is_what_was_earned_and_the_sum_of_the_tests(
    records: Mapping[str, Record], about: str, score: float
) -> None:
    found = results(records[about])
    assert found["score"] == score
    assert sum(test["score"] for test in found["tests"]) == score
    assert sum(test["max_score"] for test in found["tests"]) == float(records[about].points)


def test_a_test_is_a_check_numbered_by_its_task(records: Mapping[str, Record]) -> None:
    tests = results(records["middling"])["tests"]
    assert [(test["number"], test["name"], test["status"]) for test in tests] == [
        ("1.1", "first: values", "failed"),
        ("1.2", "first: batch", "failed"),
        ("2.1", "second: values", "passed"),
        ("2.2", "second: batch", "failed"),
        ("3.1", "third: values", "failed"),
    ]


def test_what_was_not_graded_has_no_score_and_says_why(records: Mapping[str, Record]) -> None:
    found = results(records["ungraded"])
    assert "score" not in found
    assert found["tests"] == []
    assert "The Python kernel did not start. Nothing was graded." in found["output"]


def test_a_failed_test_tells_reason_example_and_hint_and_bears_its_mistake(records: Mapping[str, Record]) -> None:
    record = named(records["middling"], "sum_not_mean")
    test = results(record)["tests"][0]
    lines = test["output"].splitlines()
    assert lines[1:5] == [
        "1 of 4 numbers differ",
        "first(y_true=[0., 1., 0.], y_pred=[0.15, 0.2 , 0.3 ])",
        "observed 0.25",
        "expected 0.7525",
    ]
    assert lines[5].startswith("→ Divided by two?")
    assert test["tags"] == ["mistake:sum_not_mean"]
    assert results(records["middling"])["tests"][0]["tags"] == []


def named(record: Record, mistake: str) -> Record:
    """Return the record with a name for the mistake of its first check."""
    task = record.tasks[0]
    check = task.checks[0].model_copy(update={"mistake": mistake})
    first = task.model_copy(update={"checks": (check, *task.checks[1:])})
    return record.model_copy(update={"tasks": (first, *record.tasks[1:])})


def test_the_reasons_are_in_the_readers_language(records: Mapping[str, Record]) -> None:
    assert "4 個數值中有 1 個不符" in results(records["middling"], "zh-TW")["tests"][0]["output"]
    assert "4 個數值" not in render(records["middling"], "en")


def test_every_text_is_shown_as_it_is_and_the_log_to_nobody_but_staff(records: Mapping[str, Record]) -> None:
    found = results(records["hostile"])
    formats = [value for test in (found, *found["tests"]) for key, value in test.items() if key.endswith("_format")]
    assert set(formats) == {"text"}
    assert found["stdout_visibility"] == "hidden"


def test_what_repeats_the_grading_is_kept_with_it(records: Mapping[str, Record]) -> None:
    found = results(records["perfect"])
    assert found["extra_data"] == {
        "student": "s001",
        "seed": 7,
        "isolation": "none",
        "versions": {"labgrader": "0.1", "python": "3.11", "numpy": "2.4"},
    }
    assert found["execution_time"] == 1.875
