"""The HTML page, parsed as a browser would: a student's words are only text, and both languages are there."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import html5lib
import pytest

from grader.records.record import load_record
from grader.reports.html import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model import Language
    from grader.records.record import Record

SCENARIOS = Path(__file__).parents[2] / "scenarios" / "page"
REAL = tuple(sorted(path.stem for path in SCENARIOS.glob("*.json")))
"""Records of real gradings, with every kind of picture in them."""
MADE_UP = ("perfect", "middling", "untouched", "ungraded", "hostile")
ABOUT = (*MADE_UP, *(f"real {name}" for name in REAL))
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


@pytest.fixture(scope="session")
def records(records: Mapping[str, Record]) -> Mapping[str, Record]:
    """Return the made-up records and those of real gradings."""
    return {**records, **{f"real {name}": load_record(SCENARIOS / f"{name}.json") for name in REAL}}


def parse(page: str, *, strict: bool = True) -> ET.Element:
    """Return the page's tree, no names with a namespace; a strict parser also raises for what a browser would mend."""
    parser = html5lib.HTMLParser(strict=strict, namespaceHTMLElements=False)
    root = parser.parse(page)
    assert isinstance(root, ET.Element)
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.removeprefix("{http://www.w3.org/2000/svg}")
    return root


def text_of(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("about", ABOUT)
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
            assert element.tag not in {"script", "img", "image", "use", "link", "iframe", "object", "form", "base"}
            assert not [name for name in element.attrib if name in {"src", "style"} or name.startswith("on")]
            assert element.get("href", "#first") == "#first"
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
        return "harmless, however long it is" if isinstance(value, str) and "<script>" in value else value

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
    [style] = ["".join(element.itertext()) for element in parse(page, strict=False).iter("style")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert rules == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
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
    lists = [element for element in root.iter("ul") if element.get("class") == "checks"]
    marks = [element.get("class") for one in lists for element in one.iter("li")]
    assert marks[:5] == ["failed", "not_attempted", "passed", "failed", "not_attempted"]


def test_a_mark_is_told_in_words_too(records: Mapping[str, Record]) -> None:
    """For who cannot see it, and for who cannot tell its colour."""
    text = text_of(parse(render(records["middling"], "en")))
    for word in ("passed", "failed", "not attempted"):
        assert word in text


def test_evidence_is_told_with_input_observed_and_expected(records: Mapping[str, Record]) -> None:
    text = text_of(parse(render(records["middling"], "en")))
    assert "first(y_true=[0., 1., 0.], y_pred=[0.15, 0.2 , 0.3 ])" in text
    assert re.search(r"observed ?0\.25\b", text)
    assert re.search(r"expected ?0\.7525\b", text)


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


# The card -------------------------------------------------------------------------------------------------------------


def the_card(page: str) -> ET.Element:
    [card] = [element for element in parse(page).iter("div") if "card" in element.get("class", "").split()]
    return card


def in_english(element: ET.Element) -> str:
    """Return a text as it is read where English is chosen."""
    own = element.text or ""
    parts = [("" if child.get("class") == "zh" else in_english(child)) + (child.tail or "") for child in element]
    return " ".join([own, *parts])


@pytest.mark.parametrize("name", [name for name in REAL if name != "ungraded"])
def test_the_first_thing_to_do_has_at_most_160_words(records: Mapping[str, Record], name: str) -> None:
    text = in_english(the_card(render(records[f"real {name}"], "en")))
    assert 2 < len(text.split()) <= 160


def test_the_card_stands_before_the_tasks(records: Mapping[str, Record]) -> None:
    root = parse(render(records["middling"], "en"))
    headings = [in_english(element).strip() for element in root.iter("h2")]
    assert headings == ["Do this first", "Tasks", "In your notebook"]


def test_what_the_card_shows_is_not_shown_again(records: Mapping[str, Record]) -> None:
    page = render(records["middling"], "en")
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


@pytest.mark.parametrize("name", REAL)
def test_the_machines_name_of_a_mistake_is_not_shown(records: Mapping[str, Record], name: str) -> None:
    record = records[f"real {name}"]
    page = render(record, "en")
    for mistake in {check.mistake for task in record.tasks for check in task.checks} - {None}:
        assert not re.search(rf">\s*{re.escape(str(mistake))}\s*<", page)


# Pictures -------------------------------------------------------------------------------------------------------------


def svgs(root: ET.Element) -> list[ET.Element]:
    """Return the pictures, without those that are decoration."""
    return [element for element in root.iter("svg") if element.get("aria-hidden") != "true"]


def test_the_real_records_have_every_kind_of_picture(records: Mapping[str, Record]) -> None:
    parts = [check for name in REAL for task in records[f"real {name}"].tasks for check in task.checks]
    kinds = {part.evidence.picture.kind for part in parts if part.evidence and part.evidence.picture}
    assert kinds == {"bars", "log_curve", "images"}
    assert any(part.network and part.network.layers for part in parts)
    assert any(part.network and part.network.losses for part in parts)


@pytest.mark.parametrize("name", REAL)
def test_every_picture_has_a_title_and_a_description_in_both_languages(
    records: Mapping[str, Record], name: str
) -> None:
    root = parse(render(records[f"real {name}"], "en"))
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    for picture in svgs(root):
        assert picture.get("role") == "img"
        for reference in ("aria-labelledby", "aria-describedby"):
            texts = {element.get("lang"): text_of(element) for element in by_id[picture.get(reference)].iter("span")}
            assert texts["zh-TW"]
            assert texts["en"]


def test_each_kind_of_picture_is_drawn_once_for_each_question(records: Mapping[str, Record]) -> None:
    for name in REAL:
        record = records[f"real {name}"]
        root = parse(render(record, "en"))
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
        assert len(svgs(root)) == questions + len(networks)


@pytest.mark.parametrize("about", ABOUT)
def test_headings_go_down_one_level_at_a_time(records: Mapping[str, Record], about: str) -> None:
    levels = [
        int(element.tag[1])
        for element in parse(render(records[about], "en")).iter()
        if re.fullmatch("h[1-6]", str(element.tag))
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("about", ABOUT)
def test_everything_stands_in_a_landmark(records: Mapping[str, Record], about: str) -> None:
    [body] = parse(render(records[about], "en")).iter("body")
    assert [element.tag for element in body] == ["header", "main", "footer"]


# Hostile texts --------------------------------------------------------------------------------------------------------


def test_nothing_of_a_corpus_of_hostile_texts_is_more_than_text(
    corpus: Mapping[str, Record], unreadable: re.Pattern[str]
) -> None:
    trees = set()
    for about, record in corpus.items():
        page = render(record, "zh-TW")
        assert unreadable.search(page) is None, about
        trees.add(str([(str(element.tag), sorted(element.attrib)) for element in parse(page).iter()]))
    assert len(trees) <= 2, "a page says what was observed where the reason does not say it already"


# Golden files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REAL)
def test_the_page_is_the_one_that_was_looked_at(records: Mapping[str, Record], name: str) -> None:
    """tests/scenarios/page/README.md tells how to look at a change and keep it."""
    assert render(records[f"real {name}"], "zh-TW") == (SCENARIOS / f"{name}.html").read_text("utf-8")
