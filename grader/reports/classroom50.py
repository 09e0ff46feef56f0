"""`classroom50`: result.json of Classroom 50, version 1, a test per check.

Source: schemas/result-v1.schema.json of foundation50/classroom50. Points are whole numbers there, so all are multiplied
by 10 or 100 where they are not. A record does not know the repository, so these fields hold stand-ins, which an
autograder replaces by what Classroom 50 tells it (docs/workflows/classroom50-autograder.py). A submission that was not
graded has 0 of 0 points; its autograder should end with an exit status other than 0. So has what a person reads: a
test that has not passed, whose message says that it is not graded yet.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from grader.pages.plain_text import check_name, check_text, plain, plain_name, reading_name, reading_text
from grader.pages.read_by_people import manual_points, read_in
from grader.pages.waiting import MANUAL, waiting_in, waiting_text

if TYPE_CHECKING:
    from grader.model import Language
    from grader.records.record import CheckPart, Record, TaskPart

ENDING = "classroom50.json"
STAND_IN = "-"
FACTORS = (1, 10, 100)


def render(record: Record, language: Language) -> str:
    """Return the result with reasons in one language."""
    factor = _factor(record)
    graded = () if record.earned is None else record.tasks
    tests = [_test(task, check, language, factor=factor) for task in graded for check in task.checks]
    tests += [_read(task, language, factor=factor) for task in read_in(record)]
    tests += [_waiting(task, language, kit=record.kit) for task in waiting_in(record) if task in graded]
    when = _when(record)
    result = {
        "schema": "classroom50/result/v1",
        "classroom": STAND_IN,
        "assignment": plain_name(record.lab) or STAND_IN,
        "assignment_type": "individual",
        "owner": plain_name(record.student) or STAND_IN,
        "submission": f"submit/{STAND_IN}",
        "commit": STAND_IN,
        "release": STAND_IN,
        "review": STAND_IN,
        "datetime": when,
        "graded_at": when,
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    return json.dumps(result, ensure_ascii=False, indent=1) + "\n"


def _factor(record: Record) -> int:
    """Return the smallest factor that makes all points whole numbers; else the largest, which cuts off the rest."""
    points = [check.points for task in record.tasks for check in task.checks]
    points += [one for task in read_in(record) for one in manual_points(task)]
    fits = (factor for factor in FACTORS if all((one * factor).denominator == 1 for one in points))
    return next(fits, FACTORS[-1])


def _test(task: TaskPart, check: CheckPart, language: Language, *, factor: int) -> dict[str, Any]:
    return {
        "test-name": check_name(task, check),
        "passed": check.verdict == "passed",
        "score": int((check.earned or 0) * factor),
        "max-score": int(check.points * factor),
        "message": check_text(task, check, language),
    }


def _read(task: TaskPart, language: Language, *, factor: int) -> dict[str, Any]:
    earned, points = manual_points(task)
    return {
        "test-name": reading_name(task),
        "passed": earned >= points,
        "score": int(earned * factor),
        "max-score": int(points * factor),
        "message": reading_text(task, language),
    }


def _waiting(task: TaskPart, language: Language, *, kit: bool) -> dict[str, Any]:
    return {
        "test-name": f"{plain_name(task.name)}: {MANUAL}",
        "passed": False,
        "score": 0,
        "max-score": 0,
        "message": plain(waiting_text(task, kit=kit), language),
    }


def _when(record: Record) -> str:
    """Return the time of grading, which a record writes in UTC, with a Z."""
    return f"{plain_name(record.when)[:19]}Z"
