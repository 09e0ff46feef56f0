"""`csv`: one table of the class with a row per student and a column per task and per check.

UTF-8 with a byte-order mark, so that Excel reads Chinese. A cell that a spreadsheet would take for a formula starts
with an apostrophe (owasp.org/www-community/attacks/CSV_Injection). Column names are the same in every language.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from grader.messages.sentences import say
from grader.pages.plain_text import plain, plain_name
from grader.pages.summary import number
from grader.pages.waiting import MANUAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from grader.model import Language, LeftOut
    from grader.records.brief import AnyRecord

CLASS_FILE = "class.csv"
SHOWS_LEFT_OUT = True
FORMULA_STARTS = ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")
FIRST = ("student", "lab", "earned", "points", "ungraded")
TO_READ = "not_graded_yet"
"""The points that wait for a person, of the student's `points`: `earned` is without them. A lab that nobody reads has
no such column."""
LAST = (
    "cells_stopped",
    "seconds",
    "seed",
    "isolation",
    "when",
    "file",
    "sha256",
    "alleged",
    "submitted",
    "late",
    "notes",
)


def render_class(records: Sequence[AnyRecord], language: Language, left_out: Sequence[LeftOut] = ()) -> str:
    """Return the table, sorted by student; the reasons for what was not graded are in one language.

    What was left out of the class has a row without a student.
    """
    students = sorted(records, key=lambda record: record.student)
    names = tuple(dict.fromkeys(name for record in students for name in _earned(record)))
    is_read = any(task.manual is not None for record in students for task in record.tasks)
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(map(_cell, (*FIRST, *([TO_READ] if is_read else []), *names, *LAST)))
    for record in students:
        to_read = [number(record.to_read)] if is_read else []
        writer.writerow(map(_cell, _row(record, names, language, to_read=to_read)))
    for one in left_out:
        columns = len(names) + is_read
        writer.writerow(map(_cell, _row_left_out(one, students[0].lab, columns, language=language)))
    return text.getvalue()


def _row(record: AnyRecord, names: Sequence[str], language: Language, *, to_read: Sequence[str]) -> Iterator[str]:
    earned = _earned(record)
    yield from (record.student, record.lab, _points(record.earned), number(record.points))
    yield "" if record.ungraded is None else plain(record.ungraded.text, language)
    yield from to_read
    yield from (_points(earned.get(name)) for name in names)
    yield from (str(len(record.cells)), str(record.seconds.get("total", "")), str(record.seed), record.isolation)
    yield from (record.when, record.submission.file, record.submission.sha256 or "")
    yield " ".join(f"{task.name}.{check.name}" for task in record.tasks for check in task.checks if check.alleged)
    yield from (record.submission.submitted or "", "late" if record.submission.late else "")
    yield " ".join(plain(note.text, language) for note in record.submission.notes)


def _row_left_out(one: LeftOut, lab: str, columns: int, *, language: Language) -> Iterator[str]:
    """Yield a row without a student, in which `columns` tasks and checks are empty."""
    yield from ("", lab, "", "", plain(say("left out: {because}", because=one.because), language))
    yield from ("" for _ in range(columns))
    yield from (one.name if name == "file" else "" for name in LAST)


def _earned(record: AnyRecord) -> dict[str, Fraction | None]:
    """Return the points earned for each task, each followed by those for its checks, and by what a person gave."""
    found: dict[str, Fraction | None] = {}
    for task in record.tasks:
        found[task.name] = task.earned if task.graded_points else None
        found |= {f"{task.name}.{check.name}": check.earned for check in task.checks}
        if task.manual is not None:
            found[f"{task.name}.{MANUAL}"] = task.manual.earned
    return found


def _points(earned: Fraction | None) -> str:
    return "" if earned is None else number(earned)


def _cell(text: str) -> str:
    text = plain_name(text)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
