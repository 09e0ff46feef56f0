"""The class's page, parsed as a browser would: what is in it, and that a student's words are only text.

What it does in a browser is held by tests/browser/test_class_page.py.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.model import Text
from grader.pages.class_page import render_class
from grader.records.record import words
from tests.page import elements, outline, parse, text_of, tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree import ElementTree as ET

    from grader.model import Language
    from grader.records.record import Record
    from tests.golden import Golden

FOLDER = Path(__file__).parent / "golden"


def section(root: ET.Element, heading: str) -> ET.Element:
    """Return the section of the page under an English heading."""
    return next(one for one in root.iter("section") if heading in text_of(one[0]))


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_the_page_is_html_that_no_browser_has_to_mend(class_records: Sequence[Record], language: Language) -> None:
    for records in (class_records, class_records[:1], class_records[3:]):
        root = parse(render_class(records, language))
        assert root.get("lang") == language


def test_a_text_changes_no_element_and_no_attribute(corpus: Mapping[str, Record]) -> None:
    def tree_of(about: str) -> list[str]:
        return tree(parse(render_class([corpus[about]], "en")))

    harmless = tree_of("links")
    for about in ("html", "attribute", "markdown", "nul", "nonsense", "template", "xml", "empty"):
        assert tree_of(about) == harmless, about


def test_the_policy_stands_first_allows_our_script_and_style_by_their_hashes_and_nothing_else(
    class_records: Sequence[Record],
) -> None:
    page = render_class(class_records, "en")
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in html.unescape(policy[1]).split(";"))
    for name, rule in (("script", "script-src"), ("style", "style-src")):
        [content] = re.findall(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules.pop(rule) == f"'sha256-{digest}'"
    assert rules == {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}
    assert policy.start() < page.index("<title>") < page.index("<style>")


def test_nothing_on_the_page_asks_for_anything_or_has_a_style_or_handler_of_its_own(
    records: Mapping[str, Record], class_records: Sequence[Record]
) -> None:
    root = parse(render_class([*class_records, records["hostile"]], "en"))
    for element in elements(root):
        names = set(element.attrib)
        assert not names & {"src", "srcset", "style", "action", "data", "background"}
        assert not [name for name in names if name.startswith("on")]
        assert element.tag == "a" or "href" not in names
    links = [element.get("href", "") for element in root.iter("a")]
    assert all(re.fullmatch(r"\./[A-Za-z0-9._~%-]+\.html|#students", link) for link in links)
    assert not re.search(r"url\(|@import", "".join(text_of(one) for one in root.iter("style")))


def test_the_numbers_at_the_top_are_those_of_the_class(class_records: Sequence[Record]) -> None:
    root = parse(render_class(class_records, "en"))
    numbers = [text_of(element) for element in root.iter("dd")]
    assert numbers == ["4", "3", "1", "1", "2.5 / 12.5", "2.5 / 12.5"]


def test_what_was_not_graded_stands_first_with_its_reason_in_both_languages(class_records: Sequence[Record]) -> None:
    found = text_of(section(parse(render_class(class_records, "en")), "Not graded"))
    assert "s004" in found
    assert "The Python kernel did not start. Nothing was graded." in found
    assert "Python kernel 無法啟動，因此沒有批改。" in found


def test_the_distribution_is_drawn_and_told_in_numbers(class_records: Sequence[Record]) -> None:
    found = section(parse(render_class(class_records, "en")), "How the points are spread")
    counts = [int(text_of(row[1])) for row in found.iter("tr")]
    assert counts == [1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    heights = [float(bar.get("height", "")) for bar in found.iter("rect")]
    assert [height > 0 for height in heights] == [count > 0 for count in counts]
    assert max(heights) == 140


def test_a_check_is_told_with_its_pass_rate_and_counts(class_records: Sequence[Record]) -> None:
    found = [text_of(one) for one in section(parse(render_class(class_records, "en")), "Checks").iter("li")]
    first = next(one for one in found if one.startswith("first values"))
    assert first.startswith("first values 33 %")
    assert re.search(r"1 \D*passed · 1 \D*failed · 1 \D*not attempted", first)


def test_checks_that_caught_nobody_are_listed(class_records: Sequence[Record]) -> None:
    found = section(parse(render_class(class_records, "en")), "caught nobody")
    assert [text_of(one) for one in found.iter("li")] == ["second values (2)"]


def test_alleged_networks_are_listed_to_be_looked_at_and_accuse_nobody(records: Mapping[str, Record]) -> None:
    perfect = records["perfect"]
    check = perfect.tasks[0].checks[0].model_copy(update={"alleged": True})
    task = perfect.tasks[0].model_copy(update={"checks": (check,)})
    page = parse(render_class([perfect.model_copy(update={"tasks": (task,)})], "en"))
    found = section(page, "Networks to look at")
    assert [text_of(one) for one in found.iter("li")] == ["first s001"]
    assert "which is allowed" in text_of(found)
    assert "Networks to look at" not in text_of(parse(render_class([perfect], "en")))


def test_a_named_mistake_is_told_with_its_students_and_where_to_find_them(records: Mapping[str, Record]) -> None:
    middling = records["middling"]
    task = middling.tasks[0]
    check = task.checks[0].model_copy(update={"mistake": "sum_not_mean", "because": words(Text("總和", "a sum"))})
    tasks = (task.model_copy(update={"checks": (check,)}),)
    made = [middling.model_copy(update={"student": f"s{n}", "tasks": tasks}) for n in range(3)]
    root = parse(render_class([*made, records["perfect"]], "en"))
    [item] = section(root, "Mistakes").iter("li")
    assert text_of(item).startswith("3 first values 總和a sum")
    assert "sum_not_mean" not in text_of(root), "a name for programs"
    assert "a sum" in text_of(item)
    assert [text_of(link) for link in item.iter("a")] == ["s0", "s1", "s2"]
    [button] = item.iter("button")
    rows = [row for row in root.iter("tr") if (button.get("data-find") or "-") in (row.get("data-words") or "").split()]
    assert [text_of(row[0]) for row in rows] == ["s0", "s1", "s2"]


def test_the_table_has_a_row_for_everybody_with_points_by_task(class_records: Sequence[Record]) -> None:
    root = parse(render_class(class_records, "en"))
    rows = [[text_of(cell) for cell in row] for row in root.iter("tr") if row.get("data-words") is not None]
    assert rows == [
        ["s001", "5", "100", "2.5", "2.5", "–", "0", "1.9"],
        ["s002", "2.5", "20", "0", "2.5", "0", "5", "1.9"],
        ["s003", "0", "0", "0", "0", "–", "0", "1.9"],
        ["s004", "–", "–", "–", "–", "–", "0", "–"],
    ]


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_both_languages_are_in_the_page_and_the_readers_is_chosen(
    class_records: Sequence[Record], language: Language
) -> None:
    root = parse(render_class(class_records, language))
    chosen = {element.get("id") for element in root.iter("input") if "checked" in element.attrib}
    assert chosen == {"zh" if language == "zh-TW" else "en"}
    chinese = [element for element in root.iter("span") if element.get("class") == "zh"]
    english = [element for element in root.iter("span") if element.get("class") == "en"]
    assert len(chinese) == len(english) > 50
    assert not any(re.search("[\u4e00-\u9fff]", text_of(element)) for element in english)


def test_ids_are_used_once_and_every_control_has_a_label(class_records: Sequence[Record]) -> None:
    root = parse(render_class(class_records, "en"))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    labelled = [one for label in root.iter("label") for tag in ("input", "select") for one in label.iter(tag)]
    assert len(labelled) == len([*root.iter("input"), *root.iter("select")])


def test_500_students_are_a_page_of_less_than_a_megabyte(records: Mapping[str, Record]) -> None:
    many = [records["middling"].model_copy(update={"student": f"s{number:03}"}) for number in range(500)]
    assert len(render_class(many, "zh-TW").encode()) < 2**20


def test_the_share_of_a_mistake_is_drawn_as_wide_as_it_is(class_records: Sequence[Record]) -> None:
    found = section(parse(render_class(class_records, "en")), "Mistakes")
    shares = [bar.get("width") for one in found.iter("svg") if one.get("class") == "share" for bar in one.iter("rect")]
    assert set(shares) == {"33.33%"}


def test_the_page_says_what_was_read(
    records: Mapping[str, Record], class_records: Sequence[Record], golden: Golden
) -> None:
    golden(FOLDER / "class.html.txt", outline(render_class([*class_records, records["hostile"]], "en")))
