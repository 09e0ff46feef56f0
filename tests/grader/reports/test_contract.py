"""Every report format, as grader/reports/__init__.py promises it: what holds for each file of the folder."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import pytest

from grader import reports
from grader.registry import module_in, names_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model import Language
    from grader.record import Record

FORMATS = names_in(reports)
ABOUT = ("perfect", "middling", "untouched", "ungraded", "hostile")


def test_there_are_formats() -> None:
    assert {"html", "json", "junit", "terminal"} <= set(FORMATS)


def test_no_two_formats_write_the_same_file() -> None:
    endings = [module_in(reports, name).ENDING for name in FORMATS]
    assert len(set(endings)) == len(endings)


@pytest.mark.parametrize("name", FORMATS)
def test_an_ending_is_plain(name: str) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z]+)*", module_in(reports, name).ENDING)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_says_in_its_docstring_what_the_command_line_takes(name: str) -> None:
    assert (module_in(reports, name).__doc__ or "").startswith(f"`{name}`")


@pytest.mark.parametrize("name", FORMATS)
def test_render_takes_a_record_and_a_language(name: str) -> None:
    signature = inspect.signature(module_in(reports, name).render)
    assert {parameter.name: parameter.annotation for parameter in signature.parameters.values()} == {
        "record": "Record",
        "language": "Language",
    }
    assert signature.return_annotation == "str"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("about", ABOUT)
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_every_record_is_rendered_as_text_that_can_be_written(
    records: Mapping[str, Record], name: str, about: str, language: Language
) -> None:
    text = module_in(reports, name).render(records[about], language)
    assert text.encode("utf-8")
    assert text.endswith("\n")


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_record_gives_the_same_text(records: Mapping[str, Record], name: str) -> None:
    render = module_in(reports, name).render
    assert render(records["middling"], "en") == render(records["middling"], "en")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("about", ["perfect", "middling", "untouched"])
def test_every_format_tells_whose_it_is_and_what_was_earned(
    records: Mapping[str, Record], name: str, about: str
) -> None:
    record = records[about]
    text = module_in(reports, name).render(record, "en")
    assert record.student in text
    for task in record.tasks:
        assert task.name in text
    assert {"perfect": "5", "middling": "2.5", "untouched": "0"}[about] in text


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_the_seed(records: Mapping[str, Record], name: str) -> None:
    assert re.search(r"seed\D+7\b", module_in(reports, name).render(records["middling"], "en"))
