"""What a person has yet to read: no report takes it for a zero, or a score for a final one, or tells the items."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from grader.pages.card import card_of
from grader.pages.class_summary import summarise_class
from grader.pages.summary import advice_text, first_thing, score_text
from grader.records.brief import Briefs
from grader.records.record import dump_record, load_record
from grader.reports import classroom50, coursera, github, gradescope, html, junit, prairielearn, terminal
from grader.reports import csv as table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import ModuleType

    from grader.records.record import Record


@pytest.fixture
def waiting(records: Mapping[str, Record]) -> Record:
    """Return a record of 2.5 points, all earned, and two tasks of 10 each that nobody has read."""
    return records["waiting"]


@pytest.fixture
def half_read(waiting: Record) -> Record:
    """Return the same record as a page shows it when somebody has given 7 points for the first task."""
    first, plot = waiting.tasks
    assert first.manual is not None
    given = first.manual.model_copy(update={"earned": Fraction(7)})
    read = first.model_copy(update={"manual": given, "earned": Fraction(19, 2)})
    return waiting.model_copy(update={"tasks": (read, plot), "earned": Fraction(19, 2)})


@pytest.fixture
def only_read(waiting: Record) -> Record:
    """Return a record in which nothing is graded without a person."""
    return waiting.model_copy(update={"tasks": waiting.tasks[1:], "points": Fraction(10), "earned": Fraction(0)})


def test_what_waits_is_told_apart_from_what_was_graded(waiting: Record, half_read: Record, only_read: Record) -> None:
    assert [waiting.to_read, waiting.graded_points, waiting.is_full] == [20, Fraction(5, 2), True]
    assert [half_read.to_read, half_read.graded_points, half_read.is_full] == [10, Fraction(25, 2), False]
    assert [only_read.to_read, only_read.graded_points] == [10, 0]
    brief = Briefs().brief(waiting)
    assert [brief.to_read, brief.graded_points, brief.is_full] == [20, Fraction(5, 2), True]


def test_a_score_says_how_much_is_not_graded_yet(waiting: Record, half_read: Record, only_read: Record) -> None:
    said = [score_text(record).en for record in (waiting, half_read, only_read)]
    assert said == [
        "2.5 of 2.5 points, 20 more are not graded yet",
        "9.5 of 12.5 points, 10 more are not graded yet",
        "10 points are not graded yet",
    ]


def test_a_student_is_told_first_what_a_person_could_not_find(waiting: Record) -> None:
    assert advice_text(first_thing(waiting)).en == "Put back what a person reads: plot"
    card = card_of(waiting)
    assert card.because is not None
    assert card.because.en == "nothing was found to read"
    assert not card.is_done
    found = waiting.model_copy(update={"tasks": waiting.tasks[:1]})
    assert advice_text(first_thing(found)).en == "Nothing is left to do; a person reads first."


def test_a_record_keeps_it_and_one_of_a_lab_that_nobody_reads_has_no_word_of_it(
    tmp_path: Path, waiting: Record, records: Mapping[str, Record]
) -> None:
    path = tmp_path / "s001.json"
    path.write_text(dump_record(waiting), "utf-8")
    assert load_record(path) == waiting
    first, plot = json.loads(path.read_text("utf-8"))["tasks"]
    assert first["manual"] == {
        "points": 10,
        "start": 10,
        "items": [{"id": "unclear", "text": {"zh-TW": "看不懂", "en": "Unclear"}, "points": -2, "bonus": False}],
        "cells": [3, 4],
    }
    assert plot["manual"]["because"]["en"] == "nothing was found to read"
    assert "manual" not in dump_record(records["middling"])


@pytest.mark.parametrize("module", [terminal, html, gradescope, coursera, prairielearn, classroom50, junit])
def test_every_report_of_a_student_says_so_in_both_languages(module: ModuleType, waiting: Record) -> None:
    assert "not graded yet" in module.render(waiting, "en")
    assert "尚未批改" in module.render(waiting, "zh-TW")
    for language in ("en", "zh-TW"):
        page = module.render(waiting, language)
        assert "nothing was found to read" in page or "找不到可以批改的內容" in page
        assert "Unclear" not in page, "what a reader may say is nobody's business before it is said"
        assert "22.5 points" not in page


def test_an_autograder_gives_its_own_points_and_no_test_for_what_a_person_reads(waiting: Record) -> None:
    form = json.loads(gradescope.render(waiting, "en"))
    assert (form["score"], [test["max_score"] for test in form["tests"]]) == (2.5, [2.5])
    assert "first: not graded yet: a person reads this" in form["output"]
    form = json.loads(prairielearn.render(waiting, "en"))
    assert (form["score"], len(form["tests"])) == (1.0, 1), "its manual points are PrairieLearn's own"


def test_a_part_of_the_points_is_never_above_all_of_them(waiting: Record) -> None:
    bonus = waiting.model_copy(update={"earned": Fraction(30)})
    assert json.loads(coursera.render(bonus, "en"))["fractionalScore"] == 1.0
    assert json.loads(prairielearn.render(bonus, "en"))["score"] == 1.0


def test_a_lab_that_people_alone_read_has_no_automatic_score_yet(only_read: Record) -> None:
    assert json.loads(prairielearn.render(only_read, "en"))["score"] == 0.0


def test_where_a_platform_has_one_number_what_waits_is_not_earned_yet(waiting: Record, only_read: Record) -> None:
    assert json.loads(coursera.render(waiting, "en"))["fractionalScore"] == pytest.approx(2.5 / 22.5)
    assert "fractionalScore" not in json.loads(coursera.render(only_read, "en"))


def test_classroom_50_has_a_test_without_points_that_has_not_passed(waiting: Record) -> None:
    form = json.loads(classroom50.render(waiting, "en"))
    read = [test for test in form["tests"] if test["test-name"].endswith(": manual")]
    assert [(test["passed"], test["score"], test["max-score"]) for test in read] == [(False, 0, 0)] * 2
    assert (form["score"], form["max-score"]) == (25, 25)


def test_junit_skips_what_waits_and_has_an_error_for_what_could_not_be_read(
    waiting: Record, only_read: Record, records: Mapping[str, Record]
) -> None:
    suite = ET.fromstring(junit.render(waiting, "en"))[0]  # noqa: S314 (our own)
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "0", "2")
    lost = only_read.model_copy(update={"earned": None, "ungraded": records["ungraded"].ungraded})
    suite = ET.fromstring(junit.render(lost, "en"))[0]  # noqa: S314 (same)
    assert (suite.get("tests"), suite.get("errors"), suite.get("skipped")) == ("1", "1", "0")


def test_github_warns_of_what_was_not_found_and_counts_nothing_as_an_error(waiting: Record) -> None:
    lines = github.render(waiting, "en").splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["::warning", "::notice"]
    assert "plot%3A manual" in lines[0]
    summary = github.render_class([waiting], "en")
    assert "| … ` plot: manual ` | – / 10 | ` nothing was found to read ` |" in summary
    assert "| … ` first: manual ` | – / 10 | ` not graded yet: a person reads this ` |" in summary


def rows(records: list[Record]) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(table.render_class(records, "en").removeprefix("\ufeff"), newline="")))


def test_the_table_of_a_class_has_a_column_for_it_and_no_number_for_what_waits(
    waiting: Record, half_read: Record, records: Mapping[str, Record]
) -> None:
    [row] = rows([waiting])
    assert (row["earned"], row["points"], row["not_graded_yet"]) == ("2.5", "22.5", "20")
    assert (row["first"], row["first.values"], row["first.manual"]) == ("2.5", "2.5", "")
    assert (row["plot"], row["plot.manual"]) == ("", "")
    [row] = rows([half_read])
    assert (row["first"], row["first.manual"], row["not_graded_yet"]) == ("9.5", "7", "10")
    [row] = rows([records["middling"]])
    assert not [name for name in row if "manual" in name or "not_graded" in name]


def test_a_class_is_counted_by_what_was_graded(waiting: Record, only_read: Record) -> None:
    summary = summarise_class([waiting])
    assert (summary.full, summary.mean, [one.least for one in summary.bins if one.students]) == (
        1,
        Fraction(5, 2),
        [100],
    )
    assert [(one.task.name, len(one.students), len(one.without)) for one in summary.waiting] == [
        ("first", 1, 0),
        ("plot", 1, 1),
    ]
    nothing = summarise_class([only_read])
    assert (nothing.full, nothing.mean, [one for one in nothing.bins if one.students]) == (0, None, [])


def test_the_page_of_a_class_says_what_waits_and_who_has_nothing_to_read(waiting: Record, only_read: Record) -> None:
    page = html.render_class([waiting], "en")
    assert "Not graded yet: a person reads these" in page
    assert "all points so far" in page
    assert "nothing was found to read of" in page
    assert "2.5 <small>/ 2.5</small>" in page
    assert "How the points are spread" not in html.render_class([only_read], "en")


def test_a_kit_says_that_a_person_reads_and_tells_no_points_of_it(waiting: Record) -> None:
    kit = waiting.model_copy(update={"kit": True, "tasks": waiting.tasks[:1]})
    for page in (terminal.render(kit, "en"), html.render(kit, "en")):
        assert "a person reads this" in page
        assert "not graded yet" not in page
        assert "/ 10" not in page
