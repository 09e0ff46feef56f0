"""The exports: what Canvas, Moodle and spreadsheets read, whatever stands in the book."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.settings import Settings
from grader.errors import LabError
from grader.gradebook import exports
from grader.gradebook.cells import BYTE_ORDER_MARK, harmless, write_csv
from grader.gradebook.entries import Mark, Student
from grader.gradebook.exports import canvas, canvas_comments, moodle
from grader.gradebook.exports import csv as plain
from grader.gradebook.sheet import Sheet, make_sheet
from grader.registry import module_in, names_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.gradebook.book import Book
    from grader.model import Language
    from grader.records.record import Record

FORMULA = '=HYPERLINK("http://127.0.0.1/"&A1,"1")'
SETTINGS = Settings.model_validate(
    {
        "late": {"percent_per_day": 10},
        "labs": {"lab01": {"due": "2026-03-16 12:00", "canvas": "Lab 01 (4711)", "moodle": "Lab 01"}},
    }
)
CLASS = [
    Student(
        "s001",
        name="n001",
        canvas_id="1001",
        sis_user_id="S77",
        sis_login_id="s001@example.org",
        section="Sec 1",
        email="s001@example.org",
    ),
    Student("s002", name="學生002", canvas_id="1002", email="s002@example.org"),
    Student("s003", name=FORMULA, canvas_id="1003", email="s003@example.org"),
    Student("s004", email="s004@example.org"),
]


@pytest.fixture
def sheet(book: Book, record: Callable[..., Record]) -> Sheet:
    """Return a class with one of everything."""
    book.set_class_list(CLASS, "class.csv")
    book.add(record("s001", earned="7.5"), datetime(2026, 3, 17, 12, 0, tzinfo=UTC))
    book.add(record("s002", earned=None, ungraded="it is empty", content=None, fault="submission"))
    book.add(record("s003", earned="10"))
    book.add(record("s003", "lab02", earned="29.999", points=30))
    book.add(record("s009", earned="3"))
    book.add_mark(Mark("lab01", "s001", "add", points=Fraction(1, 3), comment=FORMULA))
    book.add_mark(Mark("lab01", "s003", "add", points=Fraction(2), bonus=True, comment="a bonus"))
    book.add_mark(Mark("lab01", "s004", "excuse", comment="ill"))
    return make_sheet(book, ["lab01", "lab02"], SETTINGS)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=""), strict=True))


# Canvas ---------------------------------------------------------------------------------------------------------------


def test_canvas_has_the_header_and_the_points_row_that_its_importer_looks_for(sheet: Sheet) -> None:
    text = canvas.render(sheet, "en")
    header, points, *_ = rows(text)
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lab 01 (4711)", "Lab lab02"]
    assert points == ["    Points Possible", "", "", "", "", "10", "30"]
    assert not text.startswith(BYTE_ORDER_MARK), "its reader stumbles over one before a quotation mark"


def test_canvas_knows_students_by_its_own_ids_and_unknown_ones_by_what_submissions_are_called(sheet: Sheet) -> None:
    _, _, *students = rows(canvas.render(sheet, "en"))
    assert [row[:5] for row in students] == [
        ["n001", "1001", "S77", "s001@example.org", "Sec 1"],
        ["學生002", "1002", "", "", ""],
        ["'" + FORMULA, "1003", "", "", ""],
        ["s004", "", "s004", "", ""],
        ["s009", "", "s009", "", ""],
    ]


def test_canvas_scores_are_effective_excused_is_ex_and_no_score_is_no_zero(sheet: Sheet) -> None:
    _, _, *students = rows(canvas.render(sheet, "en"))
    assert [row[5:] for row in students] == [
        ["5.83", ""],  # 7.5 + 1/3 - two days of 10
        ["", ""],
        ["12", "29.99"],
        ["EX", ""],
        ["3", ""],
    ]


def test_canvas_is_told_to_make_no_assignment_and_what_an_empty_cell_does(sheet: Sheet) -> None:
    new, empty = (note.en for note in canvas.notes(sheet))
    assert "a new assignment for lab02" in new
    assert empty.startswith("Empty cells: 5.")


def test_canvas_comments_are_one_form_that_its_api_takes(sheet: Sheet, book: Book) -> None:
    one = make_sheet(book, ["lab01"], SETTINGS)
    form = dict(parse_qsl(canvas_comments.render(one, "en"), strict_parsing=True))
    assert list(form) == [f"grade_data[{number}][text_comment]" for number in (1001, 1002, 1003)]
    assert form["grade_data[1001][text_comment]"].endswith(FORMULA)
    assert form["grade_data[1002][text_comment]"] == "Not graded: it is empty"
    unknown, once = (note.en for note in canvas_comments.notes(one))
    assert unknown.endswith(": s009"), "and not s004, who has handed in nothing"
    assert "send it once" in once
    with pytest.raises(LabError, match="name one lab"):
        canvas_comments.render(sheet, "en")


# Moodle ---------------------------------------------------------------------------------------------------------------


def test_moodle_has_the_columns_of_users_that_the_class_list_has_and_feedback_for_each_lab(sheet: Sheet) -> None:
    header, first, *_ = rows(moodle.render(sheet, "en"))
    assert header == ["Email address", "Lab 01", "Lab 01 feedback", "Lab lab02", "Lab lab02 feedback"]
    assert first[:2] == ["s001@example.org", "5.83"]
    assert first[2].startswith(
        "5.83 of 10 points. Automatic: 7.5. Added by the teacher: +0.33. Days late: 2, -2. " + FORMULA
    )


def test_moodle_has_a_dash_where_there_is_no_grade_and_the_reason_beside_it(sheet: Sheet) -> None:
    _, *students = rows(moodle.render(sheet, "en"))
    assert [row[1:4] for row in students][1:] == [
        ["-", "Not graded: it is empty", "-"],
        ["12", "10 of 10 points and a bonus of 2. Automatic: 10. Added by the teacher: +2. a bonus", "29.99"],
        ["-", "Excused. ill", "-"],
        ["3", "3 of 10 points.", "-"],
    ]


def test_moodle_without_a_class_list_knows_students_by_what_submissions_are_called(
    book: Book, record: Callable[..., Record]
) -> None:
    book.add(record("s001"))
    text = moodle.render(make_sheet(book, ["lab01"], SETTINGS), "zh-TW")
    header, row = rows(text)
    assert (header[0], row[0]) == ("Username", "s001")


def test_moodle_is_told_of_nobody_who_has_exactly_the_points(book: Book, record: Callable[..., Record]) -> None:
    book.add(record("s001", earned="10"))
    assert list(moodle.notes(make_sheet(book, ["lab01"], SETTINGS))) == []


def test_moodle_tells_who_is_above_the_points_and_whom_it_will_not_find(sheet: Sheet) -> None:
    above, unknown = (note.en for note in moodle.notes(sheet))
    assert "More than the 10 points of lab01" in above
    assert above.endswith(": s003")
    assert unknown.endswith(": s009")
    assert [row[0] for row in rows(moodle.render(sheet, "en"))][-1] == "s009", "whose points these are is not lost"


@pytest.mark.parametrize(
    ("comment", "read"),
    [
        ("a\\", "a＼"),
        ("a\\\\", "a＼＼"),
        ("a\\ ", "a＼"),
        ('say \\"so\\"', 'say ＼"so＼"'),
        ('\\\\"', '＼＼"'),
        ('"', '"'),
        ("C:\\temp", "C:\\temp"),
    ],
)
def test_moodles_reader_in_php_takes_no_backslash_for_an_escape(
    book: Book, record: Callable[..., Record], comment: str, read: str
) -> None:
    book.add(record("s001", earned=None, ungraded="it is empty"))
    book.add_mark(Mark("lab01", "s001", "comment", comment=comment))
    text = moodle.render(make_sheet(book, ["lab01"], SETTINGS), "en")
    assert '\\"' not in text
    assert rows(text)[1][2] == f"Not graded: it is empty {read}"


# Excused --------------------------------------------------------------------------------------------------------------


def test_an_excused_student_with_a_score_has_no_grade_in_any_system(book: Book, record: Callable[..., Record]) -> None:
    book.add(record("s001"))
    book.add_mark(Mark("lab01", "s001", "excuse"))
    sheet = make_sheet(book, ["lab01"], SETTINGS)
    assert rows(canvas.render(sheet, "en"))[2][5] == "EX"
    assert rows(moodle.render(sheet, "en"))[1][1:] == ["-", "Excused."]
    (row,) = csv.DictReader(io.StringIO(plain.render(sheet, "en").removeprefix(BYTE_ORDER_MARK), newline=""))
    assert (row["state"], row["score"]) == ("excused", "7.5"), "what it was is still to be seen"


# Plain CSV ------------------------------------------------------------------------------------------------------------


def test_plain_csv_says_everything_of_everybody_in_every_lab(sheet: Sheet) -> None:
    text = plain.render(sheet, "en")
    assert text.startswith(BYTE_ORDER_MARK), "by which Excel knows that it is UTF-8"
    found = list(csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))
    assert len(found) == 10
    first = found[0]
    assert {name: first[name] for name in list(first)[:13]} == {
        "lab": "lab01",
        "student": "s001",
        "name": "n001",
        "section": "Sec 1",
        "state": "graded",
        "score": "5.83",
        "points": "10",
        "automatic": "7.5",
        "added": "0.33",
        "days_late": "2",
        "late_penalty": "2",
        "attempt": "1",
        "submitted": "2026-03-17T12:00:00+00:00",
    }
    assert first["comments"] == "'" + FORMULA
    waits = {name: first[name] for name in ("by_hand", "read", "not_graded_yet", "so_far")}
    assert waits == {"by_hand": "0", "read": "0", "not_graded_yet": "0", "so_far": "5.83"}
    assert (first["seed"], first["version"], len(first["submission_sha256"])) == ("7", "0.1", 64)
    states = {(row["student"], row["lab"]): row["state"] for row in found}
    assert states["s002", "lab01"] == "ungraded"
    assert states["s004", "lab01"] == "excused"
    assert states["s004", "lab02"] == "missing"
    assert found[2]["ungraded"] == "it is empty"


# All of them ----------------------------------------------------------------------------------------------------------


def test_the_exports_are_those_that_are_promised() -> None:
    assert names_in(exports) == ("canvas", "canvas_comments", "csv", "moodle")


@pytest.mark.parametrize("language", ["zh-TW", "en"])
@pytest.mark.parametrize("name", sorted({*names_in(exports)} - {"canvas_comments"}))
def test_every_table_has_windows_line_ends_and_lines_of_one_length_and_no_formula(
    sheet: Sheet, name: str, language: Language
) -> None:
    text = module_in(exports, name).render(sheet, language)
    assert text.count("\n") == text.count("\r\n") == len(rows(text))
    assert len({len(row) for row in rows(text)}) == 1
    assert "學生002" in text or name == "moodle"
    for cell in (cell for row in rows(text) for cell in row):
        assert cell[:1] not in {"=", "+", "@"}
        assert not cell.startswith("-") or cell == "-"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("\r=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("\u3000=1", "'=1"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("＠A1", "'＠A1"),
        ("\u200b=1", "'=1"),
        ("-2.5", "-2.5"),
        ("+2", "+2"),
        ("7", "7"),
        ("", ""),
        ("a=b", "a=b"),
        ("'=1", "'=1"),
        ("-", "-"),
        ("--1", "'--1"),
        ("one\ntwo\r\nthree", "one two three"),
        ("a\0b\x07", "ab"),
        ("    Points Possible", "    Points Possible"),
    ],
)
def test_no_cell_is_a_formula_and_none_breaks_a_line(cell: str, written: str) -> None:
    assert harmless(cell) == written


@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), min_size=1, max_size=5))
def test_any_table_is_read_back_as_it_was_meant(table: list[list[str]]) -> None:
    assert rows(write_csv(table)) == [[harmless(cell) for cell in row] for row in table]


@given(st.text())
def test_a_harmless_cell_stays_as_it_is(cell: str) -> None:
    once = harmless(cell)
    assert harmless(once) == once
