"""Reads class lists: a teacher's own CSV, or what Canvas and Moodle export; columns are recognised by their names.

Whatever spreadsheets in Taiwan write can be read: UTF-8, UTF-16 or Big5, with commas, semicolons or tabs.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.gradebook.entries import Student
from grader.messages.sentences import clean, say
from grader.submission.names import LONGEST_STUDENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.model import Text

NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "student": (
            *("student id", "student", "學號", "学号", "學生學號", "學生編號", "student number", "student no"),
            *("student no.", "id", "sid", "sis user id", "sis login id", "id number", "id編號", "id 編號", "username"),
            *(
                "user name",
                "帳號",
                "email address",
                "email",
                "e-mail",
                "電子郵件",
                "電子郵件信箱",
                "電子郵件位址",
                "信箱",
            ),
            *("identifier", "github username"),
        ),
        "name": (
            "name",
            "full name",
            "student name",
            "first name / last name",
            "名 / 姓",
            "姓名",
            "全名",
            "學生姓名",
            "中文姓名",
        ),
        "first": ("first name", "given name", "first", "名字", "名"),
        "last": ("last name", "surname", "family name", "last", "姓氏", "姓"),
        "canvas_id": ("canvas id", "canvas user id"),
        "sis_user_id": ("sis user id",),
        "sis_login_id": ("sis login id",),
        "section": ("section", "class", "班級", "班別"),
        "email": ("email address", "email", "e-mail", "電子郵件", "電子郵件信箱", "電子郵件位址", "信箱"),
        "id_number": ("id number", "idnumber", "id編號", "id 編號"),
        "username": ("username", "user name", "帳號", "使用者名稱", "github username"),
    }
)
"""What each column may be called; the first of the names that a file has is taken. Of a student, the first one that is
filled in: who has no number is still found by an e-mail address."""
PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"student": ("學號", "学号"), "name": ("姓名", "全名"), "email": ("電子郵件", "信箱"), "section": ("班級", "班別")}
)
"""What stands within a column's name where people have written more into it: 學號 Student ID."""

CANVAS_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {**NAMES, "student": ("sis user id", "sis login id", "id"), "name": ("student",), "canvas_id": ("id",)}
)
"""The same for what Canvas exports, where `Student` is a name and `ID` is Canvas' own number, which is always there."""

REPORTS = (
    ("student", "lab", "earned", "points", "ungraded"),
    ("lab", "student", "name", "section", "state", "score"),
)
"""How the tables begin that the grader writes itself: they name students, and are no class list."""

CANVAS_NO_STUDENTS = re.compile(
    r"\s*(?:Points Possible|(?:Student, ?Test|Test,? Student|學生, ?測試|測試,? ?學生|測試用?帳號)\s*$)"
)
MOST_LINES_ABOVE = 10
"""What a school's system writes above a table: the course, the term."""
WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
NUMBER_OF_EXCEL = re.compile(r'="(?P<text>[^"]*)"|(?P<whole>\d+)\.0')
LARGEST_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class ClassList:
    """The students of the files, in their order, and how many rows named nobody."""

    students: tuple[Student, ...]
    left_out: int


def read_class_lists(paths: Sequence[Path], column: str | None = None) -> ClassList:
    """Read several class lists as one; `column` is the name of the column that says what submissions are called.

    Raises LabError for a file that is no class list, for one without such a column, and for a student who is there
    twice with something else. A row that is there again word for word is one row.
    """
    rows = list({student: (student, place) for path in paths for student, place in _students(path, column)}.values())
    places: dict[str, Text] = {}
    for student, place in rows:
        if student.student in places:
            one = places[student.student]
            raise LabError(
                say("{student} is there twice: {one}; {other}.", student=student.student, one=one, other=place)
            )
        if student.student:
            places[student.student] = place
    if not places:
        raise LabError(say("There is no student in {files}.", files=", ".join(map(str, paths))))
    return ClassList(tuple(student for student, _ in rows if student.student), len(rows) - len(places))


def _students(path: Path, column: str | None) -> Iterator[tuple[Student, Text]]:
    """Yield the students of a file, and where each of them stands; `student` is "" in a row that names nobody."""
    rows = _rows(path)
    at = next((at for at, (_, row) in enumerate(rows[:MOST_LINES_ABOVE]) if _columns(row, column)["student"]), 0)
    header = [plain_heading(name) for name in rows[at][1]] if rows else []
    _refuse_report(path, header)
    columns = _columns(header, column)
    if not columns["student"]:
        raise LabError(_no_student_column(path, header, column))
    for line, row in rows[at + 1 :]:
        if any(cell.strip() for cell in row) and not CANVAS_NO_STUDENTS.match(row[0]):
            yield _student(row, columns), say("{file}, line {line}", file=path, line=line)


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return the rows of a file with their lines, counted from 1."""
    text = _text_of(path)
    separator, above = _delimiter(text), 0
    if (said := re.match(r"sep=(.)\r?\n", text)) is not None:  # Excel's own word on it
        separator, text, above = said[1], text[said.end() :], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return [(reader.line_num + above, row) for row in reader]
    except csv.Error as error:
        raise LabError(say("{file} is not a class list: {reason}.", file=path, reason=error)) from error


def read_table(path: Path) -> list[list[str]]:
    """Return the rows of any table that a spreadsheet has written; raise LabError for another file."""
    text = _text_of(path)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise LabError(say("{file} is no table: {reason}.", file=path, reason=error)) from error


def _refuse_report(path: Path, header: Sequence[str]) -> None:
    if any(tuple(header[: len(report)]) == report for report in REPORTS):
        raise LabError(
            say("{file} is a table of results that the grader wrote, and no class list: name the list.", file=path)
        )


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise LabError(say("{file} cannot be read: {reason}", file=path, reason=error.strerror)) from error
    if len(content) > LARGEST_BYTES:
        raise LabError(say("{file} is larger than any class list: name the list's file.", file=path))
    if content.startswith(WORKBOOK):
        raise LabError(
            say("{file} is a workbook of Excel: open it, save it as CSV UTF-8, and name that file.", file=path)
        )
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp950"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LabError(say("{file} is neither UTF-8 nor Big5 text: save it as CSV UTF-8.", file=path))


def _delimiter(text: str) -> str:
    """Return what separates the columns: what stands in most of the first lines, and most often in the first one."""
    lines = text.splitlines()[:MOST_LINES_ABOVE] or [""]
    return max(",;\t", key=lambda mark: (sum(mark in line for line in lines), lines[0].count(mark)))


def _columns(header: Sequence[str], column: str | None) -> dict[str, list[int]]:
    """Return the numbers of the columns in which each thing may stand, the likeliest first."""
    headings = [plain_heading(name) for name in header]
    without_more = [re.sub(r"\s*\(.*\)", "", name) for name in headings]
    canvas = {"student", "id"} <= set(headings) and not set(NAMES["name"]) & set(headings)
    found = {}
    for what, spelt in (CANVAS_NAMES if canvas else NAMES).items():
        exact = [names.index(one) for one in spelt for names in (headings, without_more) if one in names]
        within = [at for at, name in enumerate(headings) if any(part in name for part in PARTS.get(what, ()))]
        found[what] = list(dict.fromkeys([*exact, *within]))
    if column is not None:
        found["student"] = [at for at, name in enumerate(headings) if name == plain_heading(column)][:1]
    return found


def _no_student_column(path: Path, header: Sequence[str], column: str | None) -> Text:
    return say(
        "{file} has no column {column} that says what each submission is called; it has {columns}. "
        "Name the right one with --student.",
        file=path,
        column=column or NAMES["student"][0],
        columns=", ".join(name for name in header if name) or "-",
    )


def _student(row: Sequence[str], columns: Mapping[str, Sequence[int]]) -> Student:
    cells = {what: next(filter(None, (_cell(row, at) for at in places)), "") for what, places in columns.items()}
    last, first = cells.pop("last", ""), cells.pop("first", "")
    name = cells.pop("name", "") or _whole_name(last, first)
    return Student(**{**cells, "student": clean(cells["student"], longest=LONGEST_STUDENT), "name": name})


def _cell(row: Sequence[str], at: int) -> str:
    """Return what a cell says, without what Excel has made of a number."""
    text = clean(row[at]).strip() if at < len(row) else ""
    number = NUMBER_OF_EXCEL.fullmatch(text)
    return text if number is None else number["text"] or number["whole"] or ""


def _whole_name(last: str, first: str) -> str:
    """Return a name from its parts: in Chinese the family's is the first. The space keeps the parts apart."""
    is_chinese = re.fullmatch("[\u3400-\u9fff]+", last + first)
    return (f"{last} {first}" if is_chinese else f"{first} {last}").strip()


def plain_heading(name: str) -> str:
    """Return a column's name without what differs between spreadsheets and people: case, spaces, underscores."""
    return " ".join(clean(unicodedata.normalize("NFKC", name)).replace("_", " ").casefold().split())
