"""JUnit XML: well-formed whatever a student said, with counts that are right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from grader.reports.junit import render, render_class

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.model import Language
    from grader.records.record import Record

ABOUT = ("perfect", "middling", "untouched", "ungraded", "hostile")
OUTCOMES = {"failures": "failure", "errors": "error", "skipped": "skipped"}
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(xml: str) -> ET.Element:
    return ET.fromstring(xml.encode("utf-8"))  # noqa: S314 (our own)


@pytest.mark.parametrize("about", ABOUT)
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_the_report_is_well_formed_xml_of_one_suite(
    records: Mapping[str, Record], about: str, language: Language
) -> None:
    root = parse(render(records[about], language))
    assert root.tag == "testsuites"
    assert [child.tag for child in root] == ["testsuite"]


@pytest.mark.parametrize(
    ("about", "counts"),
    [
        ("perfect", {"tests": 2, "failures": 0, "errors": 0, "skipped": 0}),
        ("middling", {"tests": 5, "failures": 2, "errors": 0, "skipped": 2}),
        ("untouched", {"tests": 2, "failures": 0, "errors": 0, "skipped": 2}),
        ("ungraded", {"tests": 2, "failures": 0, "errors": 2, "skipped": 0}),
        ("hostile", {"tests": 3, "failures": 1, "errors": 0, "skipped": 1}),
    ],
)
def test_the_counts_are_those_of_the_cases(records: Mapping[str, Record], about: str, counts: dict[str, int]) -> None:
    root = parse(render(records[about], "en"))
    assert {name: int(root[0].get(name, "")) for name in counts} == counts
    assert {name: int(value) for name, value in root.attrib.items()} == {
        name: count for name, count in counts.items() if name != "skipped"
    }
    assert len(list(root.iter("testcase"))) == counts["tests"]
    for name, tag in OUTCOMES.items():
        assert len(list(root.iter(tag))) == counts[name]


def test_a_case_is_a_check_of_a_task(records: Mapping[str, Record]) -> None:
    root = parse(render(records["middling"], "en"))
    assert [(case.get("classname"), case.get("name")) for case in root.iter("testcase")] == [
        ("lab01.first", "values"),
        ("lab01.first", "batch"),
        ("lab01.second", "values"),
        ("lab01.second", "batch"),
        ("lab01.third", "values"),
    ]


def test_a_class_is_a_suite_for_each_student_sorted_with_the_sum_of_their_counts(
    class_records: Sequence[Record],
) -> None:
    root = parse(render_class(list(reversed(class_records)), "en"))
    names = [suite.get("name") for suite in root]
    assert names == [f"lab01.s00{number}" for number in range(1, 5)]
    assert root.attrib == {"tests": "11", "failures": "2", "errors": "2"}
    one = parse(render(class_records[1], "en"))
    assert ET.tostring(root[1]).strip() == ET.tostring(one[0]).strip()


@pytest.mark.parametrize(
    ("language", "message", "hint"),
    [("en", "1 of 4 numbers differ", "Divided by two?"), ("zh-TW", "4 個數值中有 1 個不符", "除以二了嗎？")],
)
def test_a_failure_tells_its_reason_and_hint_in_the_readers_language(
    records: Mapping[str, Record], language: Language, message: str, hint: str
) -> None:
    failure = next(parse(render(records["middling"], language)).iter("failure"))
    assert failure.get("message") == message
    assert (failure.text or "").startswith(hint)


def test_points_student_and_seed_are_properties(records: Mapping[str, Record]) -> None:
    def properties(about: str) -> dict[str | None, str | None]:
        found = parse(render(records[about], "en")).iter("property")
        return {element.get("name"): element.get("value") for element in found}

    assert properties("middling") == {
        "student": "s001",
        "earned": "2.5",
        "points": "12.5",
        "seed": "7",
        "isolation": "none",
    }
    assert properties("ungraded")["earned"] == ""


def test_times_are_in_the_form_that_readers_expect(records: Mapping[str, Record]) -> None:
    suite = parse(render(records["middling"], "en"))[0]
    assert suite.get("time") == "1.875"
    assert suite.get("timestamp") == "2026-11-22T08:00:00"


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_characters_that_xml_forbids_are_gone_and_the_rest_is_kept(
    records: Mapping[str, Record], language: Language
) -> None:
    xml = render(records["hostile"], language)
    assert not ILLEGAL.search(xml)
    message = next(parse(xml).iter("failure")).get("message", "")
    for part in ("<script>alert(1)</script>", "]]>", "<![CDATA[", "&lt;", "{{ 7*7 }}", "資訊"):
        assert part in message


def test_the_declaration_says_utf_8(records: Mapping[str, Record]) -> None:
    assert render(records["perfect"], "en").startswith('<?xml version="1.0" encoding="utf-8"?>\n')


def test_the_schema_of_jenkins_is_one(records: Mapping[str, Record], validators: Mapping[str, Any]) -> None:
    """The judge of the contract is worth something."""
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        validators["junit"](render(records["perfect"], "en").replace("<testsuites ", '<testsuites skipped="0" '))


def test_the_tree_of_the_xml_does_not_depend_on_what_a_student_says(corpus: Mapping[str, Record]) -> None:
    def tree(text: str) -> str:
        return str([(element.tag, sorted(element.attrib)) for element in parse(text).iter()])

    assert len({tree(render(record, "en")) for record in corpus.values()}) == 1
    pairs = ([record, record.model_copy(update={"student": "s001"})] for record in corpus.values())
    assert len({tree(render_class(members, "zh-TW")) for members in pairs}) == 1
