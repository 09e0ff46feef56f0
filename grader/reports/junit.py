"""`junit`: JUnit XML, a test suite per lab and a test case per check, as CI services read it.

There is no official definition; this is the subset that pytest's xunit2, Jenkins and the testmoapp/junitxml
description agree on. There is no field for a score in it, so the points are properties of the suite.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from grader.reading import number

if TYPE_CHECKING:
    from grader.model import Language
    from grader.record import CheckPart, Record

ENDING = "junit.xml"

# XML 1.0 allows no other control characters, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(record: Record, language: Language) -> str:
    """Return the record as JUnit XML, reasons in one language."""
    checks = [check for task in record.tasks for check in task.checks]
    counts = {
        "tests": len(checks),
        "failures": sum(check.verdict == "failed" for check in checks),
        "errors": sum(check.verdict == "ungraded" for check in checks),
        "skipped": sum(check.verdict == "not_attempted" for check in checks),
    }
    attributes = {name: str(count) for name, count in counts.items()}
    suites = ET.Element("testsuites", attributes)
    times = {"time": f"{record.seconds.get('total', 0.0):.3f}", "timestamp": record.when[:19]}
    suite = ET.SubElement(
        suites, "testsuite", {"name": _legal(f"{record.lab}.{record.student}"), **attributes, **times}
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in _facts(record).items():
        ET.SubElement(properties, "property", {"name": name, "value": _legal(value)})
    for task in record.tasks:
        for check in task.checks:
            names = {"classname": f"{record.lab}.{task.name}", "name": check.name, "time": "0"}
            _outcome(ET.SubElement(suite, "testcase", names), check, language)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _facts(record: Record) -> dict[str, str]:
    return {
        "student": record.student,
        "earned": "" if record.earned is None else number(record.earned),
        "points": number(record.points),
        "seed": str(record.seed),
        "isolation": record.isolation,
    }


def _outcome(case: ET.Element, check: CheckPart, language: Language) -> None:
    because = "" if check.because is None else _legal(check.because.text.in_language(language))
    match check.verdict:
        case "failed":
            element = ET.SubElement(case, "failure", {"message": because, "type": check.mistake or "failed"})
            element.text = _legal(check.hint.text.in_language(language)) if check.hint else None
        case "ungraded":
            ET.SubElement(case, "error", {"message": because, "type": "ungraded"})
        case "not_attempted":
            ET.SubElement(case, "skipped", {"message": because})
        case "passed":
            pass


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
