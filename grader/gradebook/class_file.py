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
            *(
                "student id",
                "student",
                "學號",
                "學生學號",
                "學生編號",
                "student number",
                "student no",
                "student no.",
                "id",
            ),
            *("sid", "sis user id", "sis login id", "id number", "username", "帳號"),
        ),
        "name": ("name", "full name", "student name", "姓名", "全名", "學生姓名", "中文姓名"),
        "first": ("first name", "given name", "first", "名字", "名"),
        "last": ("last name", "surname", "family name", "last", "姓氏", "姓"),
        "canvas_id": ("canvas id", "canvas user id"),
        "sis_user_id": ("sis user id",),
        "sis_login_id": ("sis login id",),
        "section": ("section", "class", "班級", "班別"),
        "email": ("email address", "email", "e-mail", "電子郵件", "電子郵件信箱", "電子郵件位址"),
        "id_number": ("id number", "idnumber"),
        "username": ("username", "user name", "帳號", "使用者名稱"),
    }
)
"""What each column may be called; the first of the names that a file has is taken."""

CANVAS_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {**NAMES, "student": ("sis user id", "sis login id", "id"), "name": ("student",), "canvas_id": ("id",)}
)
"""The same for what Canvas exports, where `Student` is a name and `ID` is Canvas' own number, which is always there."""

REPORTS = (
    ("student", "lab", "earned", "points", "ungraded"),
    ("lab", "student", "name", "section", "state", "score"),
)
"""How the tables begin that the grader writes itself: they name students, and are no class list."""

CANVAS_NO_STUDENTS = re.compile(r"\s*(Points Possible|Student, Test|Test Student)\b")
LARGEST_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class ClassList:
    """The students of the files, in their order, and how many rows named nobody."""

    students: tuple[Student, ...]
    left_out: int


def read_class_lists(paths: Sequence[Path], column: str | None = None) -> ClassList:
    """Read several class lists as one; `column` is the name of the column that says what submissions are called.

    Raises LabError for a file that is no class list, for one without such a column, and for a student who is there
    twice.
    """
    rows = [row for path in paths for row in _students(path, column)]
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
    text = _text_of(path)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        header = [plain_heading(name) for name in next(reader, [])]
        _refuse_report(path, header)
        positions = _positions(path, header, column)
        for row in reader:
            if any(cell.strip() for cell in row) and not CANVAS_NO_STUDENTS.match(row[0]):
                yield _student(row, positions), say("{file}, line {line}", file=path, line=reader.line_num)
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
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp950"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LabError(say("{file} is neither UTF-8 nor Big5 text: save it as CSV UTF-8.", file=path))


def _delimiter(text: str) -> str:
    """Return what separates the columns of the first line."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _positions(path: Path, header: list[str], column: str | None) -> dict[str, int]:
    """Return the number of the column in which each thing stands."""
    canvas = {"student", "id"} <= set(header) and not set(NAMES["name"]) & set(header)
    names = CANVAS_NAMES if canvas else NAMES
    found = {
        what: header.index(known[0])
        for what, spelt in names.items()
        if (known := [one for one in spelt if one in header])
    }
    if column is not None and plain_heading(column) in header:
        found["student"] = header.index(plain_heading(column))
    elif column is not None or "student" not in found:
        raise LabError(
            say(
                "{file} has no column {column} that says what each submission is called; it has {columns}. "
                "Name the right one with --student.",
                file=path,
                column=column or names["student"][0],
                columns=", ".join(name for name in header if name) or "-",
            )
        )
    return found


def _student(row: Sequence[str], positions: Mapping[str, int]) -> Student:
    cells = {what: clean(row[at]) if at < len(row) else "" for what, at in positions.items()}
    last, first = cells.pop("last", ""), cells.pop("first", "")
    name = cells.pop("name", "") or _whole_name(last, first)
    return Student(**{**cells, "student": clean(cells["student"], longest=LONGEST_STUDENT), "name": name})


def _whole_name(last: str, first: str) -> str:
    """Return a name from its parts: in Chinese the family's is the first. The space keeps the parts apart."""
    is_chinese = re.fullmatch("[\u3400-\u9fff]+", last + first)
    return (f"{last} {first}" if is_chinese else f"{first} {last}").strip()


def plain_heading(name: str) -> str:
    """Return a column's name without what differs between spreadsheets and people: case, spaces, underscores."""
    return " ".join(clean(unicodedata.normalize("NFKC", name)).replace("_", " ").casefold().split())
