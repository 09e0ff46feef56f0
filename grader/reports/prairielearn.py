"""`prairielearn`: results.json of a PrairieLearn external grader, a test per check.

Source: docs/externalGrading.md of PrairieLearn. A submission that was not graded is not `gradable`: it costs no attempt
and earns nothing, and its reason is shown as a format error. The score is the part of PrairieLearn's automatic points;
what a person reads is among its manual points, and the output says that it is not graded yet.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from grader.pages.plain_text import check_name, check_text, plain, reading_name, reading_text, record_text
from grader.pages.read_by_people import manual_points, read_in

if TYPE_CHECKING:
    from fractions import Fraction

    from grader.model import Language
    from grader.records.record import CheckPart, Record, TaskPart

ENDING = "prairielearn.json"


def render(record: Record, language: Language) -> str:
    """Return the results with reasons in one language."""
    results: dict[str, Any] = {"gradable": record.earned is not None, "output": record_text(record, language)}
    if record.earned is None:
        results["format_errors"] = [] if record.ungraded is None else [plain(record.ungraded.text, language)]
    else:
        results["score"] = _score(record.earned, record)
        tests = [_test(task, check, language) for task in record.tasks for check in task.checks]
        results["tests"] = [*tests, *(_read(task, language) for task in read_in(record))]
    return json.dumps(results, ensure_ascii=False, indent=1) + "\n"


def _score(earned: Fraction, record: Record) -> float:
    """Return the part of the automatic points; 0 where there are none and a person has yet to read."""
    if not record.graded_points:
        return 0.0 if record.points else 1.0
    return min(float(earned / record.graded_points), 1.0)


def _read(task: TaskPart, language: Language) -> dict[str, Any]:
    earned, points = manual_points(task)
    return {
        "name": reading_name(task),
        "description": "",
        "points": float(earned),
        "max_points": float(points),
        "message": reading_text(task, language),
        "output": "",
    }


def _test(task: TaskPart, check: CheckPart, language: Language) -> dict[str, Any]:
    return {
        "name": check_name(task, check),
        "description": "" if check.promise is None else plain(check.promise.text, language),
        "points": float(check.earned or 0),
        "max_points": float(check.points),
        "message": "" if check.because is None else plain(check.because.text, language),
        "output": check_text(task, check, language),
    }
