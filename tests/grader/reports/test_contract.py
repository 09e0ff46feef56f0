"""Every report format, as grader/reports/__init__.py promises it: what holds for each file of the folder."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import pytest

from grader import reports
from grader.registry import module_in, names_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.model import Language
    from grader.records.record import Record

FORMATS = names_in(reports)
OF_STUDENTS = tuple(name for name in FORMATS if hasattr(module_in(reports, name), "render"))
OF_CLASSES = tuple(name for name in FORMATS if hasattr(module_in(reports, name), "render_class"))
ABOUT = ("perfect", "middling", "untouched", "ungraded", "hostile")


def test_there_are_formats() -> None:
    platforms = {"github", "gradescope", "prairielearn", "coursera", "classroom50", "junit"}
    assert {"html", "json", "terminal", *platforms} <= set(OF_STUDENTS)
    assert {"csv", "github", "junit"} <= set(OF_CLASSES)
    assert {*OF_STUDENTS, *OF_CLASSES} == set(FORMATS)


def test_no_two_formats_write_the_same_file() -> None:
    files = [f"s001.{module_in(reports, name).ENDING}" for name in OF_STUDENTS]
    files += [module_in(reports, name).CLASS_FILE for name in OF_CLASSES]
    assert len(set(files)) == len(files)


@pytest.mark.parametrize("name", OF_STUDENTS)
def test_an_ending_is_plain(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(\.[a-z0-9]+)*", module_in(reports, name).ENDING)


@pytest.mark.parametrize("name", OF_CLASSES)
def test_the_name_of_a_classes_file_is_plain(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(\.[a-z0-9]+)+", module_in(reports, name).CLASS_FILE)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_says_in_its_docstring_what_the_command_line_takes(name: str) -> None:
    assert (module_in(reports, name).__doc__ or "").startswith(f"`{name}`")


@pytest.mark.parametrize(
    ("function", "first", "kind"),
    [("render", "record", "Record"), ("render_class", "records", "Sequence[Record]")],
)
@pytest.mark.parametrize("name", FORMATS)
def test_a_rendering_takes_records_and_a_language(name: str, function: str, first: str, kind: str) -> None:
    if not (render := getattr(module_in(reports, name), function, None)):
        return
    signature = inspect.signature(render)
    assert {parameter.name: parameter.annotation for parameter in signature.parameters.values()} == {
        first: kind,
        "language": "Language",
    }
    assert signature.return_annotation == "str"


@pytest.mark.parametrize("name", OF_STUDENTS)
@pytest.mark.parametrize("about", ABOUT)
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_every_record_is_rendered_as_text_that_can_be_written(
    records: Mapping[str, Record], name: str, about: str, language: Language
) -> None:
    text = module_in(reports, name).render(records[about], language)
    assert text.encode("utf-8")
    assert text.endswith("\n")


@pytest.mark.parametrize("name", OF_CLASSES)
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_every_class_is_rendered_as_text_that_can_be_written(
    records: Mapping[str, Record], class_records: Sequence[Record], name: str, language: Language
) -> None:
    for members in (class_records, [*class_records, records["hostile"]], class_records[3:]):
        text = module_in(reports, name).render_class(members, language)
        assert text.encode("utf-8")
        assert text.endswith("\n")


@pytest.mark.parametrize("name", OF_STUDENTS)
def test_the_same_record_gives_the_same_text(records: Mapping[str, Record], name: str) -> None:
    render = module_in(reports, name).render
    assert render(records["middling"], "en") == render(records["middling"], "en")


@pytest.mark.parametrize("name", OF_CLASSES)
def test_the_same_class_gives_the_same_text_in_whatever_order_it_comes(
    class_records: Sequence[Record], name: str
) -> None:
    render = module_in(reports, name).render_class
    records = [record.model_copy(update={"seed": seed}) for seed, record in enumerate(class_records)]
    assert render(records, "en") == render(records[::-1], "en")


@pytest.mark.parametrize("name", OF_STUDENTS)
@pytest.mark.parametrize("about", ["perfect", "middling", "untouched"])
def test_every_format_tells_whose_it_is_and_what_was_earned(
    records: Mapping[str, Record], name: str, about: str
) -> None:
    record = records[about]
    text = module_in(reports, name).render(record, "en")
    assert record.student in text
    earned = {"perfect": "5", "middling": "2.5", "untouched": "0"}[about]
    assert earned in text or earned.replace(".", "") in text, "Classroom 50 counts in tenths"


@pytest.mark.parametrize("name", OF_STUDENTS)
def test_every_format_tells_what_failed(records: Mapping[str, Record], name: str) -> None:
    text = module_in(reports, name).render(records["middling"], "en")
    for task in records["middling"].tasks:
        if any(check.verdict == "failed" for check in task.checks):
            assert task.name in text
            assert "1 of 4 numbers differ" in text


@pytest.mark.parametrize("name", [name for name in OF_STUDENTS if name != "classroom50"])
def test_every_format_that_has_a_place_for_it_tells_the_seed(records: Mapping[str, Record], name: str) -> None:
    assert re.search(r"seed\D+7\b", module_in(reports, name).render(records["middling"], "en"))


@pytest.mark.parametrize("name", OF_CLASSES)
def test_every_class_tells_all_its_students(class_records: Sequence[Record], name: str) -> None:
    text = module_in(reports, name).render_class(class_records, "en")
    for record in class_records:
        assert record.student in text
