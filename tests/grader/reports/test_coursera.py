"""Coursera's feedback.json: a fraction and one text, and no fraction for what was not graded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from grader.reports.coursera import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model import Language
    from grader.records.record import Record


def feedback(record: Record, language: Language = "en") -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(render(record, language))
    return parsed


@pytest.mark.parametrize(("about", "score"), [("perfect", 1.0), ("middling", 0.2), ("untouched", 0.0)])
def test_the_fraction_is_the_part_of_the_points_that_was_earned(
    records: Mapping[str, Record], about: str, score: float
) -> None:
    assert feedback(records[about])["fractionalScore"] == score


def test_what_was_not_graded_has_no_fraction_and_says_why(records: Mapping[str, Record]) -> None:
    found = feedback(records["ungraded"])
    assert set(found) == {"feedback"}
    assert "The Python kernel did not start. Nothing was graded." in found["feedback"]


def test_the_text_has_a_paragraph_per_check_and_the_reason_of_what_failed(records: Mapping[str, Record]) -> None:
    first, *checks = feedback(records["middling"])["feedback"].split("\n\n")
    assert "2.5 of 12.5 points" in first
    headings = [check.splitlines()[0] for check in checks]
    assert headings == [
        "✗ first: values (0 / 2.5)",
        "○ first: batch (0 / 2.5)",
        "✓ second: values (2.5 / 2.5)",
        "✗ second: batch (0 / 2.5)",
        "○ third: values (0 / 2.5)",
    ]
    assert "1 of 4 numbers differ" in checks[0]
