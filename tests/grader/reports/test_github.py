"""What GitHub Actions shows: annotations of a submission, a summary of the job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.reports.github import MOST_ANNOTATIONS, render, render_class

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.records.record import Record


def test_a_failed_check_is_an_error_with_reason_and_hint(records: Mapping[str, Record]) -> None:
    line = render(records["middling"], "en").splitlines()[0]
    assert line.startswith("::error file=s001.ipynb,title=first%3A values::1 of 4 numbers differ%0ADivided by two?")


def test_a_cell_that_stopped_is_a_warning(records: Mapping[str, Record]) -> None:
    lines = [line for line in render(records["middling"], "en").splitlines() if line.startswith("::warning")]
    assert len(lines) == 5
    assert lines[0].endswith("::cell In [1], line 1: NameError: name 'np' is not defined")


def test_the_score_and_what_repeats_it_is_a_notice(records: Mapping[str, Record]) -> None:
    for about, score in {"perfect": "5 of 5 points", "untouched": "0 of 5 points"}.items():
        assert render(records[about], "en") == (
            f"::notice title=lab01%3A s001::{score}%0Aseed 7 · isolation: none · labgrader 0.1\n"
        )


def test_what_was_not_graded_is_an_error_that_says_why(records: Mapping[str, Record]) -> None:
    error, notice = render(records["ungraded"], "en").splitlines()
    assert error.startswith("::error ")
    assert error.endswith("::The Python kernel did not start. Nothing was graded.")
    assert "::not graded (of 5 points)" in notice


def test_no_more_annotations_of_a_level_are_made_than_github_shows(records: Mapping[str, Record]) -> None:
    record = records["middling"]
    task = record.tasks[0].model_copy(update={"checks": record.tasks[0].checks[:1] * 15})
    lines = render(record.model_copy(update={"tasks": (task,), "cells": record.cells * 3}), "en").splitlines()
    levels = [line.split(" ", 1)[0] for line in lines]
    assert levels.count("::error") == levels.count("::warning") == MOST_ANNOTATIONS
    assert levels.count("::notice") == 1


def test_the_summary_of_one_submission_has_its_checks(records: Mapping[str, Record]) -> None:
    text = render_class([records["middling"]], "en")
    assert "| ` s001 ` | 2.5 of 12.5 points |  |" in text
    assert "| ✗ ` first: values ` | 0 / 2.5 | ` 1 of 4 numbers differ ` |" in text
    assert "| ✓ ` second: values ` | 2.5 / 2.5 |  |" in text


def test_the_summary_of_a_class_has_its_students_and_mistakes(class_records: Sequence[Record]) -> None:
    text = render_class(class_records, "en")
    assert "| ` s001 ` | 5 of 5 points |  |" in text
    assert "| ` s004 ` | not graded (of 5 points) | ` The Python kernel did not start. Nothing was graded. ` |" in text
    assert "| 1 | ` first: values ` | ` 1 of 4 numbers differ ` |" in text


def test_a_summary_of_a_thousand_students_is_no_larger_than_github_takes(records: Mapping[str, Record]) -> None:
    many = [records["ungraded"].model_copy(update={"student": f"s{number:05}"}) for number in range(5000)]
    text = render_class(many, "zh-TW")
    assert len(text.encode()) < 2**20
    assert "3000" in text.splitlines()[-1]
