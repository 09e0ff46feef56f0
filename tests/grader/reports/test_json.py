"""The record itself, as a report: JSON, readable by a person and by the schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from grader.records.record import Record
from grader.reports.json import ENDING, render

if TYPE_CHECKING:
    from collections.abc import Mapping


def test_every_record_is_the_same_in_both_languages(records: Mapping[str, Record]) -> None:
    for record in records.values():
        assert render(record, "en") == render(record, "zh-TW")


def test_the_fixed_part_of_a_record_has_the_form_that_other_tools_rely_on(records: Mapping[str, Record]) -> None:
    record = json.loads(render(records["middling"], "en"))
    fixed = {name: record[name] for name in ("format", "lab", "student", "seed", "isolation", "earned", "points")}
    assert fixed == {
        "format": 1,
        "lab": "lab01",
        "student": "s001",
        "seed": 7,
        "isolation": "none",
        "earned": 2.5,
        "points": 12.5,
    }
    task = record["tasks"][0]
    assert {name: task[name] for name in ("name", "earned", "points")} == {"name": "first", "earned": 0, "points": 5}
    check = task["checks"][0]
    names = ("name", "verdict", "earned", "points", "because", "mistake")
    assert {name: check[name] for name in names} == {
        "name": "values",
        "verdict": "failed",
        "earned": 0,
        "points": 2.5,
        "because": {"zh-TW": "4 個數值中有 1 個不符", "en": "1 of 4 numbers differ"},
        "mistake": None,
    }


def test_whole_points_are_whole_numbers(records: Mapping[str, Record]) -> None:
    assert '"points": 5,' in render(records["perfect"], "en")
    assert "5.0" not in render(records["perfect"], "en")


def test_chinese_is_readable_in_the_file(records: Mapping[str, Record]) -> None:
    assert "誤差平方和" in render(records["perfect"], "en")


def test_the_record_is_kept_under_the_students_name() -> None:
    assert ENDING == "json"


def test_a_lone_surrogate_is_no_record(records: Mapping[str, Record]) -> None:
    written = json.loads(render(records["perfect"], "en"))
    written["student"] = "s\ud800"
    with pytest.raises(ValueError, match="hex escape"):
        Record.model_validate_json(json.dumps(written))
