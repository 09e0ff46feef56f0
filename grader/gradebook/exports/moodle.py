"""`moodle`: a CSV for Moodle's grade import (docs.moodle.org: Grade import), with a column of feedback for each lab.

The teacher tells Moodle which column is what. `-` is no grade. Moodle reads UTF-8 with PHP's fgetcsv, for which a
backslash escapes a quotation mark.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.gradebook.cells import write_csv
from grader.gradebook.entries import names_text
from grader.gradebook.feedback import feedback
from grader.gradebook.waiting import waiting_notes
from grader.messages.sentences import say
from grader.pages.summary import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.gradebook.sheet import Sheet, StudentRow
    from grader.gradebook.standing import Standing
    from grader.model import Language, Text

USER_COLUMNS = {"email": "Email address", "id_number": "ID number", "username": "Username"}


def render(sheet: Sheet, language: Language) -> str:
    """Return the file's text."""
    users = [name for name in USER_COLUMNS if any(getattr(row.student, name) for row in sheet.rows)]
    titles = [column.moodle or column.title.in_language(language) for column in sheet.columns]
    word = say("feedback").in_language(language)
    header = [*(USER_COLUMNS[name] for name in users or ["username"])]
    for title in titles:
        header += [title, f"{title} {word}"]
    rows = [header, *([*_user(row, users), *_grades(row.standings, language)] for row in sheet.rows)]
    return write_csv([_readable(cell) for cell in row] for row in rows)


def notes(sheet: Sheet) -> Iterator[Text]:
    """Yield who has more than a lab's points, and who has no name or number by which Moodle could find them."""
    yield from waiting_notes(sheet)
    for position, column in enumerate(sheet.columns):
        above = [
            row.student.student
            for row in sheet.rows
            if (score := row.standings[position].score) is not None and score > column.points
        ]
        if above:
            yield say(
                "More than the {points} points of {lab}, which Moodle takes only with unlimited grades: {students}",
                points=number(column.points),
                lab=column.lab,
                students=names_text(above),
            )
    if any(getattr(row.student, name) for row in sheet.rows for name in USER_COLUMNS):
        unknown = [
            row.student.student for row in sheet.rows if not any(getattr(row.student, name) for name in USER_COLUMNS)
        ]
        if unknown:
            yield say(
                "Without e-mail, ID number and user name in the class list, so that Moodle will not find them: "
                "{students}",
                students=names_text(unknown),
            )


def _user(row: StudentRow, users: Sequence[str]) -> list[str]:
    """Return the cells by which Moodle finds a student: from the class list, else the name of the submission.

    Moodle finds nobody by that name, and says it: a row without any would be lost.
    """
    cells = [getattr(row.student, name) for name in users]
    return cells if any(cells) else [row.student.student, *cells[1:]]


def _grades(standings: Iterable[Standing], language: Language) -> Iterator[str]:
    for standing in standings:
        yield "-" if standing.score is None or standing.excused else number(standing.score)
        yield feedback(standing).in_language(language)


def _readable(cell: str) -> str:
    r"""Return a cell without a backslash before a quotation mark or at its end, where PHP would not end the cell."""
    return re.sub(r'\\+(?="|\s*$)', lambda found: "＼" * len(found[0]), cell)
