"""The HTML page, parsed as a browser would: a student's words are only text, and both languages are there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import html5lib
import pytest

from grader.reports.html import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model import Language
    from grader.record import Record

ABOUT = ("perfect", "middling", "untouched", "ungraded", "hostile")
ELEMENTS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "fieldset", "legend", "label", "input", "span", "main", "h1"}
    | {"p", "section", "h2", "div", "strong", "pre", "h3", "code", "ul", "li", "footer"}
)
ATTRIBUTES = frozenset(
    {"lang", "charset", "http-equiv", "content", "name", "class", "style", "type", "id", "checked", "aria-hidden"}
)


def parse(page: str, *, strict: bool = True) -> ET.Element:
    """Return the page's tree; a strict parser also raises for what a browser would mend."""
    parser = html5lib.HTMLParser(strict=strict, namespaceHTMLElements=False)
    root = parser.parse(page)
    assert isinstance(root, ET.Element)
    return root


def text_of(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("about", [about for about in ABOUT if about != "hostile"])
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_the_page_is_html_that_no_browser_has_to_mend(
    records: Mapping[str, Record], about: str, language: Language
) -> None:
    parse(render(records[about], language))


@pytest.mark.parametrize("about", ABOUT)
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_the_page_has_no_element_and_no_attribute_but_its_own(
    records: Mapping[str, Record], about: str, language: Language
) -> None:
    for element in parse(render(records[about], language), strict=False).iter():
        if isinstance(element.tag, str):
            assert element.tag in ELEMENTS
            assert set(element.attrib) <= ATTRIBUTES


@pytest.mark.parametrize("about", ABOUT)
def test_the_page_has_no_script_no_request_and_no_handler(records: Mapping[str, Record], about: str) -> None:
    root = parse(render(records[about], "en"), strict=False)
    for element in root.iter():
        if isinstance(element.tag, str):
            assert element.tag not in {"script", "img", "link", "iframe", "object", "form", "a", "base", "svg"}
            assert not [name for name in element.attrib if name in {"src", "href", "action"} or name.startswith("on")]
    style = "".join(text_of(element) for element in root.iter("style"))
    assert "url(" not in style
    assert "@import" not in style


def test_hostile_text_makes_no_element(records: Mapping[str, Record]) -> None:
    """The tree of the hostile page is that of the same record with harmless texts."""
    hostile = records["hostile"]
    harmless = type(hostile).model_validate_json(_without_hostility(hostile))

    def tree(record: Record) -> list[str]:
        return [
            f"{element.tag} {sorted(element.attrib)}" for element in parse(render(record, "en"), strict=False).iter()
        ]

    assert tree(hostile) == tree(harmless)


def _without_hostility(record: Record) -> str:
    plain = record.model_dump(by_alias=True, mode="json")

    def mended(value: object) -> object:
        if isinstance(value, dict):
            return {name: mended(one) for name, one in value.items()}
        if isinstance(value, list):
            return [mended(one) for one in value]
        return "harmless" if isinstance(value, str) and "<script>" in value else value

    import json  # noqa: PLC0415 (only here)

    return json.dumps(mended(plain))


def test_hostile_text_is_shown_as_it_is(records: Mapping[str, Record]) -> None:
    text = text_of(parse(render(records["hostile"], "en"), strict=False))
    for part in ("<script>alert(1)</script>", "{{ 7*7 }}", "]]>", "&lt;", "<!-- -->", "[bold red]markup"):
        assert part in text
    assert "49" not in text


@pytest.mark.parametrize("about", ABOUT)
def test_the_pages_own_policy_allows_nothing_and_stands_before_everything(
    records: Mapping[str, Record], about: str
) -> None:
    page = render(records[about], "en")
    [policy] = [
        element.get("content", "")
        for element in parse(page, strict=False).iter("meta")
        if element.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert not {"script-src", "img-src", "connect-src", "font-src", "frame-src"} & set(rules)
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    assert page.index("Content-Security-Policy") < page.index("<title>") < page.index("<style>")


@pytest.mark.parametrize("about", ["perfect", "middling", "untouched", "ungraded"])
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_both_languages_are_in_the_page_and_the_readers_is_chosen(
    records: Mapping[str, Record], about: str, language: Language
) -> None:
    root = parse(render(records[about], language))
    assert root.get("lang") == language
    chosen = {element.get("id") for element in root.iter("input") if "checked" in element.attrib}
    assert chosen == {"zh" if language == "zh-TW" else "en"}
    chinese = [element for element in root.iter("span") if element.get("class") == "zh"]
    english = [element for element in root.iter("span") if element.get("class") == "en"]
    assert len(chinese) == len(english) > 3
    assert {element.get("lang") for element in chinese} == {"zh-TW"}
    assert {element.get("lang") for element in english} == {"en"}
    assert all(re.search("[\u4e00-\u9fff]", text_of(element)) for element in chinese if _has_words(element))
    assert not any(re.search("[\u4e00-\u9fff]", text_of(element)) for element in english)


def _has_words(element: ET.Element) -> bool:
    """Say whether a text is more than points, an error as Python prints it, or a section's number."""
    return not re.fullmatch(r"[\d./ 分]*|.*Error: .*", text_of(element))


@pytest.mark.parametrize("about", ["perfect", "middling"])
def test_each_language_is_hidden_where_the_other_is_chosen(records: Mapping[str, Record], about: str) -> None:
    page = render(records[about], "en")
    assert "body:has(#zh:checked) .en" in page
    assert "body:has(#en:checked) .zh" in page


def test_every_check_is_told_with_its_mark_points_promise_and_reason(records: Mapping[str, Record]) -> None:
    root = parse(render(records["middling"], "en"))
    told = [text_of(element) for element in root.iter("li")]
    for check in (check for task in records["middling"].tasks for check in task.checks):
        assert any(check.name in one and check.promise.en in one for one in told)
        assert check.because is None or any(check.because.en in one for one in told)
    marks = [element.get("class") for element in root.iter("li")]
    assert marks[:5] == ["failed", "not_attempted", "passed", "failed", "not_attempted"]


def test_a_mark_is_told_in_words_too(records: Mapping[str, Record]) -> None:
    """For who cannot see it, and for who cannot tell its colour."""
    text = text_of(parse(render(records["middling"], "en")))
    for word in ("passed", "failed", "not attempted"):
        assert word in text


def test_evidence_is_told_with_input_observed_and_expected(records: Mapping[str, Record]) -> None:
    text = text_of(parse(render(records["middling"], "en")))
    assert "first(y_true=[0., 1., 0.], y_pred=[0.15, 0.2 , 0.3 ])" in text
    assert re.search(r"observed 0\.25\b", text)
    assert re.search(r"expected 0\.7525\b", text)


def test_the_notebooks_own_errors_are_told_with_cell_and_line(records: Mapping[str, Record]) -> None:
    text = text_of(parse(render(records["middling"], "en")))
    assert "cell In [1], line 1: NameError: name 'np' is not defined" in text


def test_an_ungraded_page_tells_why_and_shows_no_zero(records: Mapping[str, Record]) -> None:
    text = text_of(parse(render(records["ungraded"], "en")))
    assert "not graded" in text
    assert "The Python kernel did not start. Nothing was graded." in text
    assert "0 of" not in text


@pytest.mark.parametrize("about", ABOUT)
def test_every_id_is_used_once_and_every_input_has_a_label(records: Mapping[str, Record], about: str) -> None:
    root = parse(render(records[about], "en"), strict=False)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert len(list(root.iter("input"))) == len([one for label in root.iter("label") for one in label.iter("input")])
