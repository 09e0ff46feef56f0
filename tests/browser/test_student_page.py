"""A student's page in a real browser: on a phone and a desk, light and dark, both languages, keyboard, reader, axe."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.records.record import load_record
from grader.reports.html import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

SCENARIOS = Path(__file__).parents[1] / "scenarios" / "page"
NAMES = tuple(sorted(path.stem for path in SCENARIOS.glob("*.json")))
PHONE, DESK = 390, 1280
NARROWEST = 320
"""WCAG 2.1, 1.4.10: no scrolling to the side at 320 pixels."""
SERIOUS = frozenset({"serious", "critical"})
CHINESE = re.compile("[\u4e00-\u9fff]")
MOST_WORDS = 160


@pytest.fixture(scope="session")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return `page_of(name)`: the page of a record, Chinese first, in a folder with nothing beside it."""

    def write(name: str) -> Path:
        path = tmp_path_factory.mktemp(name) / "page.html"
        path.write_text(render(load_record(SCENARIOS / f"{name}.json"), "zh-TW"), "utf-8")
        return path

    return write


def open_examples(page: Page) -> None:
    """Open every example that is folded away."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def pictures(page: Page) -> list[dict[str, Any]]:
    """Return what a screen reader is told of the pictures, by Chromium's own accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [
        {"name": node["name"]["value"], "description": node.get("description", {}).get("value", "")}
        for node in nodes
        if not node.get("ignored") and node.get("role", {}).get("value") in {"image", "img"}
    ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [NARROWEST, PHONE, DESK])
def test_a_page_fits_its_window_and_says_nothing_in_the_console(
    open_page: Callable[..., Page], page_of: Callable[[str], Path], name: str, width: int
) -> None:
    """That nothing was said, raised or asked for, `open_page` holds at the end of each test."""
    page = open_page(page_of(name), width=width)
    open_examples(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", NAMES)
def test_the_languages_are_switched_everywhere_without_a_script(
    open_page: Callable[..., Page], page_of: Callable[[str], Path], name: str
) -> None:
    page = open_page(page_of(name))
    open_examples(page)
    assert CHINESE.search(page.inner_text("main"))
    page.check("#en")
    assert not CHINESE.search(page.inner_text("main"))
    assert page.locator("main .zh:visible").count() == 0
    page.check("#zh")
    assert page.locator("main .en:visible").count() == 0
    assert page.locator("script").count() == 0


@pytest.mark.parametrize("name", ["middling", "network"])
def test_a_screen_reader_is_told_every_picture_in_the_language_that_is_chosen(
    open_page: Callable[..., Page], page_of: Callable[[str], Path], name: str
) -> None:
    page = open_page(page_of(name))
    open_examples(page)
    drawn = page.locator("svg[role=img]").count()
    chinese = pictures(page)
    page.check("#en")
    english = pictures(page)
    assert len(chinese) == len(english) == drawn > 2
    assert all(CHINESE.search(one["name"]) and one["description"] for one in chinese)
    assert not any(CHINESE.search(one["name"] + one["description"]) for one in english)
    assert all(one["name"] and one["description"] for one in english)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "dark"), [(PHONE, True), (DESK, False)], ids=["phone, dark", "desk, light"])
def test_axe_finds_nothing_serious(
    open_page: Callable[..., Page],
    page_of: Callable[[str], Path],
    name: str,
    width: int,
    dark: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = open_page(page_of(name), width=width, dark=dark)
    open_examples(page)
    for language in ("#zh", "#en"):
        page.check(language)
        found = axe.Axe().run(page).response["violations"]
        serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in SERIOUS]
        assert serious == []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    open_page: Callable[..., Page], page_of: Callable[[str], Path]
) -> None:
    page = open_page(page_of("middling"))
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            """() => {
                const one = document.activeElement, style = getComputedStyle(one)
                return [one.tagName, style.outlineStyle, parseFloat(style.outlineWidth)]
            }"""
        )
        if focus[0] == "BODY":
            break
        reached.append(focus)
    folded = page.locator("summary").count()
    assert [tag for tag, _, _ in reached] == ["INPUT", "A", *["SUMMARY"] * folded]
    assert all(style == "solid" and width >= 2 for _, style, width in reached)


def test_the_keyboard_switches_the_language_and_opens_an_example(
    open_page: Callable[..., Page], page_of: Callable[[str], Path]
) -> None:
    page = open_page(page_of("perfect"))
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.is_checked("#en")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("details[open] svg[role=img]").count() == 1


@pytest.mark.parametrize("name", [name for name in NAMES if name != "ungraded"])
def test_what_to_do_first_is_seen_on_a_phone_without_scrolling_far(
    open_page: Callable[..., Page], page_of: Callable[[str], Path], name: str
) -> None:
    page = open_page(page_of(name), width=PHONE)
    page.check("#en")
    box = page.locator(".card").bounding_box()
    assert box is not None
    assert box["y"] < 450
    assert len(page.inner_text(".card").split()) <= MOST_WORDS


def test_a_picture_is_light_on_dark_where_the_reader_wants_it(
    open_page: Callable[..., Page], page_of: Callable[[str], Path]
) -> None:
    path = page_of("middling")
    script = "getComputedStyle(document.querySelector('svg[role=img] text')).fill"
    light, dark = (open_page(path, dark=is_dark).evaluate(script) for is_dark in (False, True))
    assert sum(map(int, re.findall(r"\d+", light))) < 350
    assert sum(map(int, re.findall(r"\d+", dark))) > 450


def test_a_hostile_record_does_nothing_and_is_shown_as_it_is(
    open_page: Callable[..., Page], page_of: Callable[[str], Path]
) -> None:
    """An alert or a request would be a word in the console, an error, or a request; the title would be changed."""
    page = open_page(page_of("hostile"))
    page.check("#en")
    assert page.title() == "corelab · s004"
    assert page.locator("script, img, iframe, object, link").count() == 0
    text = page.inner_text("main")
    for said in ("<script>document.title='evil'</script>", "<b>Evil</b>Error", "</style><script>", "{{ 7*7 }}"):
        assert said in text


def test_every_picture_is_drawn_and_has_a_place(open_page: Callable[..., Page], page_of: Callable[[str], Path]) -> None:
    """Where each bar, point and path lies on the screen: inside of its picture, none of no size but a 0."""
    page = open_page(page_of("network"), width=PHONE)
    open_examples(page)
    outside: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('svg[role=img]')].flatMap(svg => {
            const frame = svg.getBoundingClientRect()
            return [...svg.querySelectorAll('rect, circle, path, text, polyline')].filter(one => {
                const box = one.getBoundingClientRect()
                return box.left < frame.left - 2 || box.right > frame.right + 2 ||
                    box.top < frame.top - 2 || box.bottom > frame.bottom + 2
            }).map(one => one.outerHTML.slice(0, 120))
        })"""
    )
    assert outside == [], json.dumps(outside)
