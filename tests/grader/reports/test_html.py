"""The HTML page, parsed as a browser would: a student's words are only text, and both languages are there.

What it does in a browser is held by tests/browser/test_student_page.py.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.reports import html
from grader.reports.html import render
from tests.page import elements, outline, parse, text_of, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import ModuleType
    from xml.etree import ElementTree as ET

    from grader.model import Language
    from grader.records.record import Record
    from tests.golden import Golden

SCENARIOS = Path(__file__).parents[2] / "scenarios" / "page"
ELEMENTS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "header", "fieldset", "legend", "label", "input", "span"}
    | {"main", "section", "h1", "h2", "h3", "p", "div", "code", "ul", "li", "dl", "dt", "dd", "a", "footer"}
    | {"details", "summary", "figure", "figcaption"}
    | {"svg", "g", "rect", "line", "polyline", "path", "circle", "text"}
)
ATTRIBUTES = frozenset(
    {"lang", "charset", "http-equiv", "content", "name", "class", "type", "id", "checked", "href", "role"}
    | {"aria-hidden", "aria-labelledby", "aria-describedby"}
    | {"viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "d", "points"}
    | {"transform", "fill-opacity", "shape-rendering"}
)
LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
CALM = ("perfect", "middling", "untouched", "ungraded")
"""The made-up records in which nothing is hostile."""


@dataclass(frozen=True)
class Made:
    """A page that was made: of which record, in which language first, its text and its tree."""

    about: str
    record: Record
    language: Language
    text: str
    root: ET.Element


@pytest.fixture(scope="session")
def pages(
    records: Mapping[str, Record],
    real_records: Mapping[str, Record],
    files: Callable[[ModuleType], Mapping[str, str]],
) -> tuple[Made, ...]:
    """Return the pages of the made-up records and of real gradings, read by a parser that mends nothing."""
    everything = {**records, **{f"real {name}": record for name, record in real_records.items()}}
    return tuple(
        Made(about, record, language, text, parse(text))
        for about, record in everything.items()
        for language in LANGUAGES
        for text in (files(html)[f"{about}, {language}"],)
    )


def english(pages: tuple[Made, ...]) -> Iterator[Made]:
    return (page for page in pages if page.language == "en")


def real(pages: tuple[Made, ...]) -> Iterator[Made]:
    return (page for page in english(pages) if page.about.startswith("real "))


def of(pages: tuple[Made, ...], about: str) -> Made:
    return next(page for page in english(pages) if page.about == about)


def test_the_page_has_no_element_and_no_attribute_but_its_own(pages: tuple[Made, ...]) -> None:
    for page in pages:
        for element in elements(page.root):
            assert element.tag in ELEMENTS, page.about
            assert set(element.attrib) <= ATTRIBUTES, page.about


def test_the_page_has_no_script_no_request_and_no_handler(pages: tuple[Made, ...]) -> None:
    for page in pages:
        for element in elements(page.root):
            assert element.tag not in {"script", "img", "image", "use", "link", "iframe", "object", "form", "base"}
            assert not [name for name in element.attrib if name in {"src", "style"} or name.startswith("on")]
            assert element.get("href", "#first") == "#first"
        style = "".join(text_of(element) for element in page.root.iter("style"))
        assert "url(" not in style
        assert "@import" not in style


def test_hostile_text_makes_no_element(records: Mapping[str, Record]) -> None:
    """The tree of the hostile page is that of the same record with harmless texts."""
    hostile = records["hostile"]
    harmless = type(hostile).model_validate_json(_without_hostility(hostile))
    assert tree(parse(render(hostile, "en"))) == tree(parse(render(harmless, "en")))


def _without_hostility(record: Record) -> str:
    plain = record.model_dump(by_alias=True, mode="json")

    def mended(value: object) -> object:
        if isinstance(value, dict):
            return {name: mended(one) for name, one in value.items()}
        if isinstance(value, list):
            return [mended(one) for one in value]
        return "harmless, however long it is" if isinstance(value, str) and "<script>" in value else value

    return json.dumps(mended(plain))


def test_hostile_text_is_shown_as_it_is(pages: tuple[Made, ...]) -> None:
    text = text_of(of(pages, "hostile").root)
    for part in ("<script>alert(1)</script>", "{{ 7*7 }}", "]]>", "&lt;", "<!-- -->", "[bold red]markup"):
        assert part in text
    assert "49" not in text


def test_the_pages_own_policy_allows_nothing_and_stands_before_everything(pages: tuple[Made, ...]) -> None:
    for page in pages:
        [policy] = [
            element.get("content", "")
            for element in page.root.iter("meta")
            if element.get("http-equiv") == "Content-Security-Policy"
        ]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        [style] = ["".join(element.itertext()) for element in page.root.iter("style")]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert rules == {
            "default-src": "'none'",
            "style-src": f"'sha256-{digest}'",
            "base-uri": "'none'",
            "form-action": "'none'",
        }
        assert page.text.index("Content-Security-Policy") < page.text.index("<title>") < page.text.index("<style>")


@pytest.mark.parametrize("about", CALM)
def test_both_languages_are_in_the_page_and_the_readers_is_chosen(pages: tuple[Made, ...], about: str) -> None:
    for page in (page for page in pages if page.about == about):
        assert page.root.get("lang") == page.language
        chosen = {element.get("id") for element in page.root.iter("input") if "checked" in element.attrib}
        assert chosen == {"zh" if page.language == "zh-TW" else "en"}
        chinese = [element for element in page.root.iter("span") if element.get("class") == "zh"]
        english = [element for element in page.root.iter("span") if element.get("class") == "en"]
        assert len(chinese) == len(english) > 3
        assert {element.get("lang") for element in chinese} == {"zh-TW"}
        assert {element.get("lang") for element in english} == {"en"}
        assert all(re.search("[\u4e00-\u9fff]", text_of(element)) for element in chinese if _has_words(element))
        assert not any(re.search("[\u4e00-\u9fff]", text_of(element)) for element in english)


def _has_words(element: ET.Element) -> bool:
    """Say whether a text is more than points, an error as Python prints it, or a section's number."""
    return not re.fullmatch(r"[\d./ 分]*|.*Error: .*", text_of(element))


def test_each_language_is_hidden_where_the_other_is_chosen(pages: tuple[Made, ...]) -> None:
    for page in pages:
        assert "body:has(#zh:checked) .en" in page.text
        assert "body:has(#en:checked) .zh" in page.text


def test_every_check_is_told_with_its_mark_points_promise_and_reason(
    records: Mapping[str, Record], pages: tuple[Made, ...]
) -> None:
    root = of(pages, "middling").root
    told = [text_of(element) for element in root.iter("li")]
    for check in (check for task in records["middling"].tasks for check in task.checks):
        assert check.promise is not None
        assert any(check.name in one and check.promise.en in one for one in told)
        assert check.because is None or any(check.because.en in one for one in told)
    lists = [element for element in root.iter("ul") if element.get("class") == "checks"]
    marks = [element.get("class") for one in lists for element in one.iter("li")]
    assert marks[:5] == ["failed", "not_attempted", "passed", "failed", "not_attempted"]


def test_a_mark_is_told_in_words_too(pages: tuple[Made, ...]) -> None:
    """For who cannot see it, and for who cannot tell its colour."""
    text = text_of(of(pages, "middling").root)
    for word in ("passed", "failed", "not attempted"):
        assert word in text


def test_evidence_is_told_with_input_observed_and_expected(pages: tuple[Made, ...]) -> None:
    text = text_of(of(pages, "middling").root)
    assert "first(y_true=[0., 1., 0.], y_pred=[0.15, 0.2 , 0.3 ])" in text
    assert re.search(r"observed ?0\.25\b", text)
    assert re.search(r"expected ?0\.7525\b", text)


def test_the_notebooks_own_errors_are_told_with_cell_and_line(pages: tuple[Made, ...]) -> None:
    text = text_of(of(pages, "middling").root)
    assert "cell In [1], line 1: NameError: name 'np' is not defined" in text


def test_an_ungraded_page_tells_why_and_shows_no_zero(pages: tuple[Made, ...]) -> None:
    text = text_of(of(pages, "ungraded").root)
    assert "not graded" in text
    assert "The Python kernel did not start. Nothing was graded." in text
    assert "0 of" not in text


def test_every_id_is_used_once_and_every_input_has_a_label(pages: tuple[Made, ...]) -> None:
    for page in pages:
        ids = [element.get("id") for element in page.root.iter() if element.get("id")]
        assert len(ids) == len(set(ids)), page.about
        labelled = [one for label in page.root.iter("label") for one in label.iter("input")]
        assert len(list(page.root.iter("input"))) == len(labelled)


def test_the_meter_is_as_wide_as_the_part_that_was_earned(pages: tuple[Made, ...]) -> None:
    def widths(about: str) -> list[str | None]:
        meters = (one for one in of(pages, about).root.iter("svg") if one.get("class") == "meter")
        return [bar.get("width") for meter in meters for bar in meter.iter("rect")]

    assert widths("middling") == ["100%", "20.0%"]
    assert widths("perfect") == ["100%", "100.0%"]
    assert widths("ungraded") == []


def test_the_meter_of_a_kit_counts_questions_as_the_line_above_it_does(records: Mapping[str, Record]) -> None:
    kit = records["middling"].model_copy(update={"kit": True})
    right, asked = kit.agreed
    assert f'class="earned" width="{round(100 * right / asked, 2)}%"' in render(kit, "en")


# The card -------------------------------------------------------------------------------------------------------------


def the_card(root: ET.Element) -> ET.Element:
    [card] = [element for element in root.iter("div") if "card" in element.get("class", "").split()]
    return card


def in_english(element: ET.Element) -> str:
    """Return a text as it is read where English is chosen."""
    own = element.text or ""
    parts = [("" if child.get("class") == "zh" else in_english(child)) + (child.tail or "") for child in element]
    return " ".join([own, *parts])


def test_the_first_thing_to_do_has_at_most_160_words(pages: tuple[Made, ...]) -> None:
    for page in real(pages):
        if page.about != "real ungraded":
            assert 2 < len(in_english(the_card(page.root)).split()) <= 160, page.about


def test_the_card_stands_before_the_tasks(pages: tuple[Made, ...]) -> None:
    headings = [in_english(element).strip() for element in of(pages, "middling").root.iter("h2")]
    assert headings == ["Do this first", "Tasks", "In your notebook"]


def test_what_the_card_shows_is_not_shown_again(pages: tuple[Made, ...]) -> None:
    page = of(pages, "middling").text
    assert page.count("first(y_true=") == 1
    assert page.count('href="#first"') == 1


def test_of_a_hidden_question_only_the_kind_of_its_input_is_told(records: Mapping[str, Record]) -> None:
    first, *others = records["middling"].tasks
    about = type(first.title)(zh_tw="8 到 14 個數", en="8 to 14 numbers")
    failed = first.checks[0].model_copy(update={"evidence": None, "about": about})
    record = records["middling"].model_copy(
        update={"tasks": (first.model_copy(update={"checks": (failed, failed.model_copy())}), *others)}
    )
    text = in_english(parse(render(record, "en")))
    assert " ".join(text.split()).count("A hidden question: 8 to 14 numbers") == 2


def test_the_machines_name_of_a_mistake_is_not_shown(pages: tuple[Made, ...]) -> None:
    for page in real(pages):
        for mistake in {check.mistake for task in page.record.tasks for check in task.checks} - {None}:
            assert not re.search(rf">\s*{re.escape(str(mistake))}\s*<", page.text)


# Pictures -------------------------------------------------------------------------------------------------------------


def svgs(root: ET.Element) -> list[ET.Element]:
    """Return the pictures, without those that are decoration."""
    return [element for element in root.iter("svg") if element.get("aria-hidden") != "true"]


def test_the_real_records_have_every_kind_of_picture(real_records: Mapping[str, Record]) -> None:
    parts = [check for record in real_records.values() for task in record.tasks for check in task.checks]
    kinds = {part.evidence.picture.kind for part in parts if part.evidence and part.evidence.picture}
    assert kinds == {"bars", "log_curve", "images"}
    assert any(part.network and part.network.layers for part in parts)
    assert any(part.network and part.network.losses for part in parts)


def test_every_picture_has_a_title_and_a_description_in_both_languages(pages: tuple[Made, ...]) -> None:
    for page in real(pages):
        by_id = {element.get("id"): element for element in page.root.iter() if element.get("id")}
        for picture in svgs(page.root):
            assert picture.get("role") == "img"
            for reference in ("aria-labelledby", "aria-describedby"):
                told = by_id[picture.get(reference)]
                texts = {element.get("lang"): text_of(element) for element in told.iter("span")}
                assert texts["zh-TW"]
                assert texts["en"]


def test_each_kind_of_picture_is_drawn_once_for_each_question(pages: tuple[Made, ...]) -> None:
    for page in real(pages):
        record = page.record
        questions = sum(
            part.evidence is not None and part.evidence.picture is not None
            for task in record.tasks
            for part in task.checks
        )
        networks = {
            (task.name, "losses" if part.network.losses else "layers")
            for task in record.tasks
            for part in task.checks
            if part.network is not None
        }
        assert len(svgs(page.root)) == questions + len(networks)


def test_headings_go_down_one_level_at_a_time(pages: tuple[Made, ...]) -> None:
    for page in english(pages):
        levels = [int(one.tag[1]) for one in elements(page.root) if re.fullmatch("h[1-6]", one.tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), page.about


def test_everything_stands_in_a_landmark(pages: tuple[Made, ...]) -> None:
    for page in english(pages):
        [body] = page.root.iter("body")
        assert [element.tag for element in body] == ["header", "main", "footer"], page.about


# Hostile texts --------------------------------------------------------------------------------------------------------


def test_nothing_of_a_corpus_of_hostile_texts_is_more_than_text(
    corpus: Mapping[str, Record], files: Callable[[ModuleType], Mapping[str, str]]
) -> None:
    trees = {str(tree(parse(files(html)[f"{about}, zh-TW"]))) for about in corpus}
    assert len(trees) <= 2, "a page says what was observed where the reason does not say it already"


# Golden files ---------------------------------------------------------------------------------------------------------


def test_the_page_says_what_was_read(real_records: Mapping[str, Record], golden: Golden) -> None:
    """tests/scenarios/page/README.md tells how to look at a change."""
    for name, record in real_records.items():
        golden(SCENARIOS / f"{name}.html.txt", outline(render(record, "zh-TW")))
