"""Classroom 50's result.json: whole points that add up, stand-ins for whose repository it is."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from grader.reports.classroom50 import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model import Language
    from grader.records.record import Record


def result(record: Record, language: Language = "en") -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(render(record, language))
    return parsed


@pytest.mark.parametrize(("about", "score", "most"), [("perfect", 50, 50), ("middling", 25, 125), ("untouched", 0, 50)])
def test_points_that_are_not_whole_are_counted_in_tenths_and_add_up(
    records: Mapping[str, Record], about: str, score: int, most: int
) -> None:
    found = result(records[about])
    assert (found["score"], found["max-score"]) == (score, most)
    assert sum(test["score"] for test in found["tests"]) == score
    assert all(test["score"] <= test["max-score"] for test in found["tests"])


@pytest.mark.parametrize(
    ("points", "whole"),
    [(Fraction(3), 3), (Fraction(1, 4), 25), (Fraction(1, 3), 33), (Fraction(7, 2), 35)],
)
def test_the_smallest_factor_is_taken_that_makes_all_points_whole(
    records: Mapping[str, Record], points: Fraction, whole: int
) -> None:
    task = records["perfect"].tasks[0]
    check = task.checks[0].model_copy(update={"earned": points, "points": points})
    record = records["perfect"].model_copy(update={"tasks": (task.model_copy(update={"checks": (check,)}),)})
    assert result(record)["tests"][0]["max-score"] == result(record)["score"] == whole


def test_what_was_not_graded_has_0_of_0_points_and_no_tests(records: Mapping[str, Record]) -> None:
    found = result(records["ungraded"])
    assert (found["score"], found["max-score"], found["tests"]) == (0, 0, [])


def test_the_time_is_that_of_the_grading(records: Mapping[str, Record]) -> None:
    assert result(records["perfect"])["datetime"] == "2026-11-22T08:00:00Z"


def test_a_failed_test_tells_its_reason(records: Mapping[str, Record]) -> None:
    assert "1 of 4 numbers differ" in result(records["middling"])["tests"][0]["message"]
