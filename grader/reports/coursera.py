"""`coursera`: feedback.json of a Coursera autograder, with the part of the points that was earned and one text.

Source: coursera/coursera_autograder. A submission that was not graded has no `fractionalScore`: a grader that leaves
such a file should end with an exit status other than 0, so that Coursera reports a failed grader instead of a zero.
What a person has yet to read counts as not earned so far, and the text says that it is not graded yet; where there is
nothing else, there is no `fractionalScore`.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from grader.pages.plain_text import check_name, check_text, record_text
from grader.pages.summary import MARKS, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Language
    from grader.records.record import Record

ENDING = "coursera.json"


def render(record: Record, language: Language) -> str:
    """Return the feedback in one language."""
    feedback: dict[str, Any] = {}
    if record.earned is not None and (record.graded_points or not record.points):
        feedback["fractionalScore"] = min(float(record.earned / record.points), 1.0) if record.points else 1.0
    feedback["feedback"] = "\n\n".join([record_text(record, language), *_checks(record, language)])
    return json.dumps(feedback, ensure_ascii=False, indent=1) + "\n"


def _checks(record: Record, language: Language) -> Iterator[str]:
    """Yield a paragraph per check, and only the heading of one that passed."""
    for task in record.tasks if record.earned is not None else ():
        for check in task.checks:
            points = f"{number(check.earned or Fraction(0))} / {number(check.points)}"
            heading = f"{MARKS[check.verdict]} {check_name(task, check)} ({points})"
            passed = check.verdict == "passed" and not check.notes
            yield heading if passed else f"{heading}\n{check_text(task, check, language)}"
