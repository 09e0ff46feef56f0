"""The sheet: everybody is on it once, in the class list's order, and what is odd is told."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from grader.course.settings import Settings
from grader.errors import LabError
from grader.gradebook.entries import Mark, Student, names_text
from grader.gradebook.sheet import make_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.gradebook.book import Book
    from grader.records.record import Record

NONE = Settings()


def test_without_a_class_list_everybody_who_has_a_result_or_a_mark_is_there(
    book: Book, record: Callable[..., Record]
) -> None:
    book.add(record("s003"))
    book.add(record("s001"))
    book.add(record("s002", "lab02"))
    book.add_mark(Mark("lab01", "s002", "excuse"))
    sheet = make_sheet(book, ["lab01"], NONE)
    assert [row.student.student for row in sheet.rows] == ["s001", "s002", "s003"]
    assert [row.standings[0].state for row in sheet.rows] == ["graded", "excused", "graded"]
    assert sheet.notes == ()


def test_the_class_list_comes_first_and_who_is_not_in_it_is_told_and_not_dropped(
    book: Book, record: Callable[..., Record]
) -> None:
    book.add(record("s009"))
    book.add(record("s001"))
    book.set_class_list([Student("s002", section="A"), Student("s001")], "class.csv")
    sheet = make_sheet(book, ["lab01"], NONE)
    assert [(row.student.student, row.listed) for row in sheet.rows] == [
        ("s002", True),
        ("s001", True),
        ("s009", False),
    ]
    assert [row.standings[0].state for row in sheet.rows] == ["missing", "graded", "graded"]
    assert [note.en for note in sheet.notes] == ["Not in the class list: s009"]


def test_each_lab_is_a_column_with_standings_of_its_own(book: Book, record: Callable[..., Record]) -> None:
    book.add(record("s001", "lab01", earned="7"))
    book.add(record("s001", "lab02", earned="8", points=20))
    book.add(record("s002", "lab02", earned="9", points=20))
    book.add_mark(Mark("lab02", "s001", "add", points=Fraction(1), comment="one more"))
    settings = Settings.model_validate({"labs": {"lab02": {"canvas": "Lab 02 (4711)", "moodle": "L2"}}})
    sheet = make_sheet(book, ["lab02", "lab01"], settings)
    first, second = sheet.columns
    assert (first.lab, first.points, first.canvas, first.moodle) == ("lab02", Fraction(20), "Lab 02 (4711)", "L2")
    assert (second.title.en, second.title.zh_tw, second.canvas) == ("Lab lab01", "實驗 lab01", None)
    scores = {row.student.student: [standing.score for standing in row.standings] for row in sheet.rows}
    assert scores == {"s001": [9, 7], "s002": [9, None]}


def test_a_lab_without_a_result_is_refused(book: Book, record: Callable[..., Record]) -> None:
    book.add(record(lab="lab01"))
    with pytest.raises(LabError, match=r"no result of lab1; it has lab01\."):
        make_sheet(book, ["lab1"], NONE)


def test_points_that_changed_between_gradings_are_names_text(book: Book, record: Callable[..., Record]) -> None:
    book.add(record("s001", points=10))
    book.add(record("s002", points=12))
    book.add(record("s003", points=12))
    sheet = make_sheet(book, ["lab01"], NONE)
    assert sheet.columns[0].points == 12
    (note,) = sheet.notes
    assert "10 (1), 12 (2)" in note.en


def test_a_penalty_is_of_the_labs_points_also_where_nothing_was_handed_in(
    book: Book, record: Callable[..., Record]
) -> None:
    book.add(record("s001", points=20))
    book.set_class_list([Student("s001"), Student("s002")], "class.csv")
    book.add_mark(Mark("lab01", "s002", "add", points=Fraction(15), comment="on paper"))
    book.add_mark(Mark("lab01", "s002", "late", days=1))
    settings = Settings.model_validate({"late": {"percent_per_day": 10}})
    assert make_sheet(book, ["lab01"], settings).rows[1].standings[0].score == 13


def test_many_students_are_told_by_the_first_of_them_and_their_number() -> None:
    students = [f"s{number:03}" for number in range(1, 12)]
    assert names_text(students[:8]) == "s001, s002, s003, s004, s005, s006, s007, s008"
    assert names_text(students) == "s001, s002, s003, s004, s005, s006, s007, s008, … (+3)"
