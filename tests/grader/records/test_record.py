"""The record: what is kept is read back as it was, and what is no record is told."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import LabError
from grader.records.record import (
    CellPart,
    CheckPart,
    EvidencePart,
    LimitsPart,
    Record,
    SubmissionPart,
    TaskPart,
    Words,
    dump_record,
    load_record,
    schema,
)

if TYPE_CHECKING:
    from pathlib import Path

VALIDATOR = jsonschema.Draft202012Validator(schema())
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
WORDS = st.builds(Words, zh_tw=TEXT, en=TEXT)
POINTS = st.integers(0, 10**6).map(lambda thousandths: Fraction(thousandths, 1000))
SECONDS = st.floats(0, 1e4)
CHECKS = st.builds(
    CheckPart,
    name=TEXT,
    promise=WORDS,
    verdict=st.sampled_from(["passed", "failed", "not_attempted", "ungraded"]),
    earned=st.none() | POINTS,
    points=POINTS,
    questions=st.integers(0, 99),
    agreed=st.integers(0, 99),
    because=st.none() | WORDS,
    mistake=st.none() | TEXT,
    hint=st.none() | WORDS,
    evidence=st.none()
    | st.builds(EvidencePart, arguments=st.dictionaries(TEXT, TEXT, max_size=2), observed=TEXT, expected=TEXT),
    notes=st.lists(WORDS, max_size=2).map(tuple),
)
RECORDS = st.builds(
    Record,
    lab=TEXT,
    title=WORDS,
    student=TEXT,
    seed=st.integers(0, 2**53 - 1),
    isolation=st.sampled_from(["strong", "good", "limited", "none"]),
    earned=st.none() | POINTS,
    points=POINTS,
    ungraded=st.none() | WORDS,
    tasks=st.lists(
        st.builds(
            TaskPart,
            name=TEXT,
            title=WORDS,
            lecture=WORDS,
            earned=st.none() | POINTS,
            points=POINTS,
            checks=st.lists(CHECKS, max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    cells=st.lists(
        st.builds(
            CellPart,
            cell=st.integers(1, 99),
            line=st.none() | st.integers(1, 99),
            how=st.sampled_from(["raised", "timed_out", "died", "not_run"]),
            kind=TEXT,
            because=WORDS,
        ),
        max_size=2,
    ).map(tuple),
    submission=st.builds(SubmissionPart, file=TEXT, sha256=st.none() | TEXT),
    course_sha256=TEXT,
    limits=st.builds(LimitsPart, cell_seconds=SECONDS, call_seconds=SECONDS, submission_seconds=SECONDS),
    versions=st.dictionaries(TEXT, TEXT, max_size=2),
    when=TEXT,
    seconds=st.dictionaries(TEXT, SECONDS, max_size=2),
    notes=st.lists(WORDS, max_size=2).map(tuple),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the record of these tests is kept."""
    return tmp_path / "s001.json"


@pytest.fixture
def plain() -> dict[str, Any]:
    """Return a record as it is kept."""
    return {
        "format": 1,
        "lab": "lab01",
        "title": {"zh-TW": "實驗", "en": "Lab"},
        "student": "s001",
        "kit": False,
        "seed": 7,
        "isolation": "none",
        "earned": 2.5,
        "points": 10,
        "ungraded": None,
        "fault": None,
        "tasks": [],
        "cells": [],
        "submission": {"file": "s001.ipynb", "sha256": None, "helpers_sha256": None},
        "course_sha256": "0",
        "limits": {
            "cell_seconds": 1,
            "call_seconds": 2,
            "submission_seconds": 3,
            "memory_mib": 0,
            "output_mib": 0,
            "disk_mib": 0,
            "processes": 0,
        },
        "versions": {"labgrader": "0.1"},
        "when": "2026-11-22T00:00:00+00:00",
        "seconds": {"total": 1.5},
        "notes": [{"zh-TW": "一", "en": "one"}],
    }


@given(record=RECORDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
def test_a_record_is_read_back_as_it_was_and_follows_the_schema(path: Path, record: Record) -> None:
    text = dump_record(record)
    path.write_text(text, encoding="utf-8")
    assert load_record(path) == record
    assert dump_record(load_record(path)) == text
    VALIDATOR.validate(json.loads(text))


def test_a_kept_record_is_read(path: Path, plain: dict[str, Any]) -> None:
    path.write_text(json.dumps(plain), encoding="utf-8")
    record = load_record(path)
    assert (record.student, record.earned, record.points) == ("s001", Fraction(5, 2), Fraction(10))
    assert not record.is_full
    assert record.title.text.in_language("zh-TW") == "實驗"
    assert json.loads(dump_record(record)) == plain


@pytest.mark.parametrize(
    ("earned", "points", "is_full"),
    [(100, 100, True), (99.9, 100, False), (0, 0, True), (0, 1, False), (None, 100, False), (0.3, 0.3, True)],
)
def test_full_marks_are_exactly_all_points(
    path: Path, plain: dict[str, Any], earned: float | None, points: float, *, is_full: bool
) -> None:
    path.write_text(json.dumps(plain | {"earned": earned, "points": points}), encoding="utf-8")
    assert load_record(path).is_full is is_full


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["title"] == "labgrader record"


SPOILED: list[dict[str, object]] = [
    {"format": 2},
    {"format": "1"},
    {"earned": "2.5"},
    {"earned": True},
    {"points": None},
    {"points": [10]},
    {"isolation": "some"},
    {"seed": "x"},
    {"seed": None},
    {"student": 5},
    {"student": None},
    {"title": "Lab"},
    {"title": {}},
    {"tasks": {}},
    {"tasks": [{}]},
    {"cells": [1]},
    {"submission": None},
    {"limits": {}},
    {"versions": {"labgrader": 1}},
    {"more": 1},
]


@pytest.mark.parametrize("change", SPOILED, ids=repr)
def test_a_spoiled_record_is_refused_by_reader_and_schema_and_the_key_is_told(
    path: Path, plain: dict[str, Any], change: dict[str, object]
) -> None:
    spoiled = plain | change
    path.write_text(json.dumps(spoiled), encoding="utf-8")
    with pytest.raises(LabError) as caught:
        load_record(path)
    assert "s001.json is no record of a grading" in caught.value.text.en
    assert next(iter(change)) in caught.value.text.en
    assert not VALIDATOR.is_valid(spoiled)


@pytest.mark.parametrize("key", ["lab", "student", "seed", "earned", "points", "tasks", "submission", "when"])
def test_a_record_without_one_of_its_keys_is_refused(path: Path, plain: dict[str, Any], key: str) -> None:
    del plain[key]
    path.write_text(json.dumps(plain), encoding="utf-8")
    with pytest.raises(LabError, match=key):
        load_record(path)
    assert not VALIDATOR.is_valid(plain)


@pytest.mark.parametrize("number", ["-1", "NaN", "Infinity", "1e999"])
def test_points_that_are_none_are_refused(path: Path, plain: dict[str, Any], number: str) -> None:
    path.write_text(json.dumps(plain | {"earned": "?"}).replace('"?"', number), encoding="utf-8")
    with pytest.raises(LabError, match="earned"):
        load_record(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"1",
        b"{}",
        b"\xff\xfe",
        b'{"format": 1}',
        b"[" * 10**5,
        b'{"lab": "\\ud800"}',
        b"\0",
    ],
    ids=lambda content: repr(content)[:20],
)
def test_what_is_no_record_is_told(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(LabError, match="is no record"):
        load_record(path)


def test_a_missing_record_and_a_folder_are_told(path: Path, tmp_path: Path) -> None:
    for place in (path, tmp_path):
        with pytest.raises(LabError, match="cannot be read"):
            load_record(place)


@given(content=st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_a_record_or_a_lab_error(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(LabError):
        load_record(path)


def test_a_record_cannot_be_changed(path: Path, plain: dict[str, Any]) -> None:
    path.write_text(json.dumps(plain), encoding="utf-8")
    record = load_record(path)
    with pytest.raises(ValueError, match="frozen"):
        record.earned = Fraction(10)
