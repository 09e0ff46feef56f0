"""`canvas`: the CSV that Canvas' gradebook imports (its lib/gradebook_importer.rb).

Canvas finds a student by ID, else by SIS User ID or SIS Login ID, else by name, and an assignment by the number in
brackets behind its title. It reads UTF-8 and stumbles over a byte order mark. An empty cell takes a grade away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.gradebook.cells import write_csv
from grader.gradebook.waiting import waiting_notes
from grader.messages.sentences import say
from grader.pages.summary import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.gradebook.entries import Student
    from grader.gradebook.sheet import Column, Sheet
    from grader.gradebook.standing import Standing
    from grader.model import Language, Text

HEADER = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS_ROW = ("    Points Possible", "", "", "", "")


def render(sheet: Sheet, language: Language) -> str:
    """Return the file's text."""
    return write_csv(
        [
            [*HEADER, *(_title(column, language) for column in sheet.columns)],
            [*POINTS_ROW, *(number(column.points) for column in sheet.columns)],
            *([*_student(row.student), *map(_grade, row.standings)] for row in sheet.rows),
        ]
    )


def notes(sheet: Sheet) -> Iterator[Text]:
    """Yield the labs for which Canvas would make a new assignment, and a warning that empty cells remove grades."""
    for column in sheet.columns:
        if column.canvas is None:
            yield say(
                "Canvas will make a new assignment for {lab}: to use an existing one, write its title and number "
                "into course.yaml (canvas), as Canvas' own export shows them.",
                lab=column.lab,
            )
    yield from waiting_notes(sheet)
    empty = sum(not _grade(standing) for row in sheet.rows for standing in row.standings)
    if empty:
        yield say("Empty cells: {count}. For these, Canvas takes a grade away if it has one.", count=empty)


def _title(column: Column, language: Language) -> str:
    return column.canvas or column.title.in_language(language)


def _student(student: Student) -> tuple[str, ...]:
    """Return the columns of a student. One without any number in the list has the submission's name as SIS User ID."""
    known = student.canvas_id or student.sis_user_id or student.sis_login_id
    return (
        student.name or student.student,
        student.canvas_id,
        student.sis_user_id if known else student.student,
        student.sis_login_id,
        student.section,
    )


def _grade(standing: Standing) -> str:
    if standing.excused:
        return "EX"
    return "" if standing.score is None else number(standing.score)
