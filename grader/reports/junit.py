"""`junit`: JUnit XML, a test suite per submission and a test case per check, as CI services read it.

There is no official definition; this is the subset that pytest's xunit2, Jenkins (junit-10.xsd) and the
testmoapp/junitxml description agree on. It has no field for a score, so the points are properties of the suite.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from grader.pages.plain_text import plain_name
from grader.pages.summary import number
from grader.pages.waiting import MANUAL, waiting_in, waiting_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.model import Language
    from grader.records.brief import AnyRecord
    from grader.records.record import CheckPart, TaskPart

ENDING = "junit.xml"
CLASS_FILE = "class.junit.xml"

# XML 1.0 does not allow these characters, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(record: AnyRecord, language: Language) -> str:
    """Return the record as JUnit XML, reasons in one language."""
    return _document([record], language)


def render_class(records: Sequence[AnyRecord], language: Language) -> str:
    """Return the class as JUnit XML, with a suite for each student."""
    return _document(sorted(records, key=lambda record: record.student), language)


def _document(records: Sequence[AnyRecord], language: Language) -> str:
    counts = _counts(records)
    del counts["skipped"]  # Jenkins knows it only in a suite
    suites = ET.Element("testsuites", counts)
    for record in records:
        _suite(suites, record, language)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _suite(suites: ET.Element, record: AnyRecord, language: Language) -> None:
    times = {"time": f"{record.seconds.get('total', 0.0):.3f}", "timestamp": _legal(record.when[:19])}
    names = {"name": _legal(f"{record.lab}.{record.student}")}
    suite = ET.SubElement(suites, "testsuite", {**names, **_counts([record]), **times})
    properties = ET.SubElement(suite, "properties")
    for name, value in _facts(record).items():
        ET.SubElement(properties, "property", {"name": name, "value": _legal(value)})
    for task in record.tasks:
        for check in task.checks:
            names = {"classname": _legal(f"{record.lab}.{task.name}"), "name": _legal(check.name), "time": "0"}
            _outcome(ET.SubElement(suite, "testcase", names), check, language)
    for task in waiting_in(record):
        names = {"classname": _legal(f"{record.lab}.{task.name}"), "name": MANUAL, "time": "0"}
        _waiting(ET.SubElement(suite, "testcase", names), record, task, language=language)


def _counts(records: Iterable[AnyRecord]) -> dict[str, str]:
    """Count the checks, and what a person has yet to read: that is skipped so far."""
    verdicts: list[str] = []
    for record in records:
        verdicts += [check.verdict for task in record.tasks for check in task.checks]
        verdicts += ["waiting" if record.ungraded is None else "ungraded" for _ in waiting_in(record)]
    counts = {
        "tests": len(verdicts),
        "failures": verdicts.count("failed"),
        "errors": verdicts.count("ungraded"),
        "skipped": verdicts.count("not_attempted") + verdicts.count("waiting"),
    }
    return {name: str(count) for name, count in counts.items()}


def _facts(record: AnyRecord) -> dict[str, str]:
    return {
        "student": record.student,
        "earned": "" if record.earned is None else number(record.earned),
        "points": number(record.points),
        **({"not graded yet": number(record.to_read)} if record.to_read else {}),
        "seed": str(record.seed),
        "isolation": record.isolation,
    }


def _outcome(case: ET.Element, check: CheckPart, language: Language) -> None:
    because = "" if check.because is None else _legal(check.because.text.in_language(language))
    match check.verdict:
        case "failed":
            element = ET.SubElement(case, "failure", {"message": because, "type": _legal(check.mistake or "failed")})
            element.text = _legal(check.hint.text.in_language(language)) if check.hint else None
        case "ungraded":
            ET.SubElement(case, "error", {"message": because, "type": "ungraded"})
        case "not_attempted":
            ET.SubElement(case, "skipped", {"message": because})
        case "passed":
            pass


def _waiting(case: ET.Element, record: AnyRecord, task: TaskPart, *, language: Language) -> None:
    """Say of a task that a person has yet to read it, or that nothing of the submission was graded."""
    if record.ungraded is None:
        told = waiting_text(task, kit=record.kit).in_language(language)
        ET.SubElement(case, "skipped", {"message": _legal(told)})
    else:
        told = record.ungraded.text.in_language(language)
        ET.SubElement(case, "error", {"message": _legal(told), "type": "ungraded"})


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", plain_name(text))
