"""What an export says of the students whose tasks somebody still has to read: they have no score yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.gradebook.entries import names_text
from grader.gradebook.task_standing import NOTHING
from grader.messages.sentences import say
from grader.pages.summary import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.gradebook.sheet import Sheet
    from grader.model import Text


def waiting_notes(sheet: Sheet) -> Iterator[Text]:
    """Yield for each lab whose scores are not in an export, as points wait for a person, and what to do."""
    for position, column in enumerate(sheet.columns):
        standings = [row.standings[position] for row in sheet.rows]
        waiting = [one for one in standings if one.state == "waiting"]
        if waiting:
            yield say(
                "{lab} has {count} students without a score, as a person still has to read tasks of theirs "
                "({points} points): {students}. Read them, and export again: grade review {lab} RESULTS",
                lab=column.lab,
                count=len(waiting),
                points=number(sum((one.to_read for one in waiting), NOTHING)),
                students=names_text([one.student for one in waiting]),
            )
