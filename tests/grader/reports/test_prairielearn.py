"""PrairieLearn's results.json: a score from 0 to 1, and no attempt lost for what was not graded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from grader.reports.prairielearn import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model import Language
    from grader.records.record import Record


def results(record: Record, language: Language = "en") -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(render(record, language))
    return parsed


@pytest.mark.parametrize(("about", "score"), [("perfect", 1.0), ("middling", 0.2), ("untouched", 0.0)])
def test_the_score_is_the_part_of_the_points_that_was_earned(
    records: Mapping[str, Record], about: str, score: float
) -> None:
    found = results(records[about])
    assert found["gradable"] is True
    assert found["score"] == score


def test_what_was_not_graded_is_not_gradable_and_says_why(records: Mapping[str, Record]) -> None:
    found = results(records["ungraded"])
    assert found["gradable"] is False
    assert found["format_errors"] == ["The Python kernel did not start. Nothing was graded."]
    assert "tests" not in found


def test_every_test_has_points_or_the_platform_shows_none_at_all(records: Mapping[str, Record]) -> None:
    for test in results(records["middling"])["tests"]:
        assert test["max_points"] == 2.5
        assert test["points"] in {0.0, 2.5}


def test_a_failed_test_tells_its_reason_and_hint_in_the_readers_language(records: Mapping[str, Record]) -> None:
    test = results(records["middling"], "zh-TW")["tests"][0]
    assert test["message"] == "4 個數值中有 1 個不符"
    assert "除以二了嗎？" in test["output"]
