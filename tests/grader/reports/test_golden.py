"""What every format of a platform makes of five submissions and of a class of them, held against files read by hand.

After a change that is meant, write the files anew and read what changed in them:

    GOLDEN=write python -m pytest tests/grader/reports/test_golden.py && git diff tests/grader/reports/golden
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader import reports
from grader.pages.class_page import render_class as render_class_page
from grader.registry import module_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.records.record import Record

FOLDER = Path(__file__).parent / "golden"
ABOUT = ("perfect", "middling", "untouched", "hostile", "ungraded")
OF_STUDENTS = ("github", "gradescope", "prairielearn", "coursera", "classroom50", "junit")
OF_CLASSES = ("csv", "github", "junit")


def hold(name: str, text: str) -> None:
    """Hold a text against a golden file, byte for byte; or write the file."""
    path = FOLDER / name
    if os.environ.get("GOLDEN") == "write":
        path.write_bytes(text.encode())
    assert path.read_bytes().decode() == text, f"{path} differs: see the head of this file"


@pytest.mark.parametrize("about", ABOUT)
@pytest.mark.parametrize("name", OF_STUDENTS)
def test_a_students_report_is_as_it_was_read_by_hand(records: Mapping[str, Record], name: str, about: str) -> None:
    module = module_in(reports, name)
    hold(f"{about}.{module.ENDING}", module.render(records[about], "en"))


@pytest.mark.parametrize("name", OF_CLASSES)
def test_a_classes_report_is_as_it_was_read_by_hand(
    records: Mapping[str, Record], class_records: Sequence[Record], name: str
) -> None:
    module = module_in(reports, name)
    hold(module.CLASS_FILE, module.render_class([*class_records, records["hostile"]], "en"))


def test_the_classes_page_is_as_it_was_read_by_hand(
    records: Mapping[str, Record], class_records: Sequence[Record]
) -> None:
    hold("class.html", render_class_page([*class_records, records["hostile"]], "en"))


def test_no_golden_file_is_left_over() -> None:
    students = [module_in(reports, name).ENDING for name in OF_STUDENTS]
    expected = {f"{about}.{ending}" for about in ABOUT for ending in students}
    expected |= {module_in(reports, name).CLASS_FILE for name in OF_CLASSES} | {"class.html"}
    assert {path.name for path in FOLDER.iterdir()} == expected
