"""`csv`: everything about every standing, one row for each student and lab, for spreadsheets and programs.

It begins with a byte order mark, so that Excel shows Chinese as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.gradebook.cells import BYTE_ORDER_MARK, write_csv
from grader.gradebook.feedback import said_texts
from grader.gradebook.waiting import waiting_notes
from grader.pages.summary import number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from grader.gradebook.entries import Student
    from grader.gradebook.sheet import Sheet
    from grader.gradebook.standing import Standing
    from grader.model import Language, Text


def render(sheet: Sheet, language: Language) -> str:
    """Return the file's text; the names of the columns are the same in every language."""
    rows = [_cells(row.student, standing, language) for row in sheet.rows for standing in row.standings]
    return BYTE_ORDER_MARK + write_csv([list(rows[0]), *(list(row.values()) for row in rows)])


def notes(sheet: Sheet) -> Iterator[Text]:
    """Yield which scores are not final."""
    yield from waiting_notes(sheet)


def _cells(student: Student, standing: Standing, language: Language) -> dict[str, str]:
    result = standing.result
    ungraded = None if result is None else result.record().ungraded
    submitted = None if result is None else result.submitted
    return {
        "lab": standing.lab,
        "student": student.student,
        "name": student.name,
        "section": student.section,
        "state": standing.state,
        "score": _number(standing.score),
        "points": number(standing.points),
        "automatic": _number(standing.automatic),
        "added": number(standing.added),
        "days_late": str(standing.days_late),
        "late_penalty": number(standing.penalty),
        "attempt": "" if result is None else str(result.attempt),
        "submitted": "" if submitted is None else submitted.isoformat(timespec="seconds"),
        "graded": "" if result is None else result.graded_at,
        "ungraded": "" if ungraded is None else ungraded.text.in_language(language),
        "comments": " / ".join(text.in_language(language) for text in said_texts(standing)),
        "by_hand": number(standing.overridden),
        "read": number(standing.read),
        "not_graded_yet": number(standing.to_read),
        "so_far": _number(standing.so_far),
        "seed": "" if result is None else str(result.seed),
        "version": "" if result is None else result.version,
        "submission_sha256": "" if result is None else result.submission_sha256 or "",
        "course_sha256": "" if result is None else result.course_sha256,
    }


def _number(points: Fraction | None) -> str:
    return "" if points is None else number(points)
