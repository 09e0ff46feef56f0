"""`canvas_comments`: what each student reads, as comments on a Canvas assignment. Canvas' gradebook file carries none.

It is the body of one request to Canvas' API, "Grade or comment on multiple submissions" of its Submissions API (POST
…/submissions/update_grades), as a form has it: `grade_data[ID][text_comment]`. docs/gradebook.md shows how to send it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from grader.errors import LabError
from grader.gradebook.entries import names_text
from grader.gradebook.feedback import feedback
from grader.gradebook.waiting import waiting_notes
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.gradebook.sheet import Sheet, StudentRow
    from grader.model import Language, Text


def render(sheet: Sheet, language: Language) -> str:
    """Return the form's text. Raises LabError for several labs: each is an assignment of its own."""
    if len(sheet.columns) > 1:
        raise LabError(say("Comments for Canvas are for one assignment: name one lab."))
    return urlencode(
        [
            (f"grade_data[{row.student.canvas_id}][text_comment]", feedback(row.standings[0]).in_language(language))
            for row in sheet.rows
            if row.student.canvas_id and _is_told(row)
        ]
    )


def notes(sheet: Sheet) -> Iterator[Text]:
    """Yield whom Canvas would not find, who still waits, and that Canvas keeps every comment that it is sent."""
    yield from waiting_notes(sheet)
    unknown = [row.student.student for row in sheet.rows if not row.student.canvas_id and _is_told(row)]
    if unknown:
        yield say(
            "Without Canvas' ID in the class list, so that they get no comment: {students}",
            students=names_text(unknown),
        )
    yield say("Canvas adds these comments each time that the file is sent: send it once.")


def _is_told(row: StudentRow) -> bool:
    """Say whether a student gets a comment: who has handed in, and does not wait for anybody."""
    return row.standings[0].result is not None and row.standings[0].state != "waiting"
