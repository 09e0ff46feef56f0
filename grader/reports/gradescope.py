"""`gradescope`: results.json of a Gradescope autograder, a test per check.

Source: gradescope-autograders.readthedocs.io/en/latest/specs. All texts have the format `text`, which is shown as
is. A submission that was not graded has no score and no tests: Gradescope then reports a failed run instead of a zero.
What a person has yet to read has no test, which would have points of its own: the output says that it is not graded
yet, and the score is what was given so far.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from grader.pages.plain_text import check_name, check_text, plain_name, reading_name, reading_text, record_text
from grader.pages.read_by_people import manual_points, read_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Language
    from grader.records.record import CheckPart, Record, TaskPart

ENDING = "gradescope.json"


def render(record: Record, language: Language) -> str:
    """Return the results with reasons in one language."""
    results: dict[str, Any] = {
        "output": record_text(record, language),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "execution_time": record.seconds.get("total", 0.0),
        "extra_data": {
            "student": plain_name(record.student),
            "seed": record.seed,
            "isolation": record.isolation,
            "versions": {plain_name(name): plain_name(version) for name, version in record.versions.items()},
        },
        "tests": [],
    }
    if record.earned is not None:
        results |= {"score": float(record.earned), "tests": list(_tests(record, language))}
    return json.dumps(results, ensure_ascii=False, indent=1) + "\n"


def _tests(record: Record, language: Language) -> Iterator[dict[str, Any]]:
    for first, task in enumerate(record.tasks, start=1):
        for second, check in enumerate(task.checks, start=1):
            yield {"number": f"{first}.{second}", **_test(task, check, language)}
        if task in read_in(record):
            yield {"number": f"{first}.{len(task.checks) + 1}", **_read(task, language)}


def _read(task: TaskPart, language: Language) -> dict[str, Any]:
    """Return what a person gave for a task, where the gradebook says so."""
    earned, points = manual_points(task)
    return {
        "name": reading_name(task),
        "score": float(earned),
        "max_score": float(points),
        "status": "passed" if earned >= points else "failed",
        "output": reading_text(task, language),
    }


def _test(task: TaskPart, check: CheckPart, language: Language) -> dict[str, Any]:
    return {
        "name": check_name(task, check),
        "score": float(check.earned or 0),
        "max_score": float(check.points),
        "status": "passed" if check.verdict == "passed" else "failed",
        "output": check_text(task, check, language),
        "tags": [f"mistake:{plain_name(check.mistake)}"] if check.mistake is not None else [],
    }
