"""The table of the class: a row per student, columns that fit, no number for what was not graded."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from grader.reports.csv import render_class

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.records.record import Record

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff"), "Excel takes UTF-8 for another encoding without it"
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_every_student_has_a_row_sorted_by_name(class_records: Sequence[Record]) -> None:
    found = rows(render_class(class_records[::-1], "en"))
    assert [row["student"] for row in found] == ["s001", "s002", "s003", "s004"]
    assert [(row["earned"], row["points"]) for row in found] == [("5", "5"), ("2.5", "12.5"), ("0", "5"), ("", "5")]


def test_tasks_and_checks_have_columns_and_what_one_record_has_not_is_empty(class_records: Sequence[Record]) -> None:
    perfect, middling, *_ = rows(render_class(class_records, "en"))
    assert list(perfect)[5:13] == [
        *("first", "first.values", "second", "second.values"),
        *("first.batch", "second.batch", "third", "third.values"),
    ]
    assert (perfect["first"], perfect["first.values"], perfect["third"]) == ("2.5", "2.5", "")
    assert (middling["first"], middling["second.values"], middling["third"]) == ("0", "2.5", "0")


def test_what_was_not_graded_has_a_reason_in_the_readers_language_and_no_number(
    class_records: Sequence[Record],
) -> None:
    *_, english = rows(render_class(class_records, "en"))
    *_, chinese = rows(render_class(class_records, "zh-TW"))
    assert english["ungraded"] == "The Python kernel did not start. Nothing was graded."
    assert chinese["ungraded"] == "Python kernel 無法啟動，因此沒有批改。"
    assert {english["first"], english["first.values"]} == {""}
    assert chinese.keys() == english.keys()


def test_a_cell_that_would_be_a_formula_starts_with_an_apostrophe(corpus: Mapping[str, Record]) -> None:
    for about in ("formula", "formula plus", "formula minus", "formula at", "formula tab", "formula wide"):
        [row] = rows(render_class([corpus[about]], "en"))
        assert row["student"] == f"'{corpus[about].student.strip()}"


def test_quotes_commas_and_line_ends_stay_in_their_cell(records: Mapping[str, Record]) -> None:
    record = records["perfect"].model_copy(update={"student": 'a,"b"\nc'})
    [row] = rows(render_class([record], "en"))
    assert row["student"] == 'a,"b" c'
    assert row["earned"] == "5"


def test_no_cell_of_a_table_is_a_formula(corpus: Mapping[str, Record]) -> None:
    for about, record in corpus.items():
        for members in ([record], [record, record.model_copy(update={"student": "s001"})]):
            text = render_class(members, "zh-TW").removeprefix("\ufeff")
            header, *lines = list(csv.reader(io.StringIO(text, newline="")))
            for line in lines:
                assert len(line) == len(header), about
            for cell in (cell for line in (header, *lines) for cell in line):
                assert not cell.startswith(FORMULA_STARTS), about
                assert "\n" not in cell, about


def test_checks_whose_network_is_alleged_are_named(records: Mapping[str, Record]) -> None:
    perfect = records["perfect"]
    check = perfect.tasks[0].checks[0].model_copy(update={"alleged": True})
    task = perfect.tasks[0].model_copy(update={"checks": (check,)})
    alleged = perfect.model_copy(update={"student": "s002", "tasks": (task, *perfect.tasks[1:])})
    assert [row["alleged"] for row in rows(render_class([perfect, alleged], "en"))] == ["", "first.values"]
