"""A class is read in a real browser, by keyboard alone: what is done there stands in the gradebook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from grader.gradebook.book import open_book
from tests.grader.review.reading_class import LAB

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from grader.gradebook.readings import Reading
    from tests.grader.review.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KEPT = "#kept"


def readings(results: Path, task: str) -> dict[str, Reading]:
    with open_book(results) as book:
        return {student: one for (student, name), one in book.readings(LAB).items() if name == task}


def wait_kept(page: Page) -> None:
    page.wait_for_selector("#kept:has-text('Kept.')")


def who(page: Page) -> str:
    return page.inner_text("h1 .who")


def test_a_class_of_thirty_is_read_by_keyboard_alone(
    results: Path, serve: Callable[..., Server], opened: Callable[..., Page]
) -> None:
    page = opened(serve(results))
    page.keyboard.press("Tab")
    page.goto(page.url + "read/plot")
    seen: list[str] = []
    for number in range(30):
        seen.append(who(page))
        if number % 3 == 0:
            page.keyboard.press("1")
            wait_kept(page)
        if number == 1:
            page.keyboard.press("c")
            page.keyboard.type("Say what the slope means.")
            page.keyboard.press("Escape")
            wait_kept(page)
        if number == 2:
            page.keyboard.press("/")
            page.keyboard.type("slope")
            page.wait_for_selector("#found button")
            page.keyboard.press("Enter")
            page.keyboard.press("Escape")
            wait_kept(page)
        if number == 15:
            change_the_first_item(page, "-5")
        if number == 20:
            page.keyboard.press("h")
            page.wait_for_selector("h1 .who:has-text('Student')")
        before = page.url
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(f"^(?!{re.escape(before)}$)"))
    page.wait_for_selector("text=All is read in this question.")
    kept = readings(results, "plot")
    assert len(kept) == 30
    assert all(one.is_read for one in kept.values())
    assert sum("no_line" in one.items for one in kept.values()) == 10
    assert [kept[seen[at]].comment for at in (1, 2)] == ["Say what the slope means."] * 2


def change_the_first_item(page: Page, points: str) -> None:
    """Change what the first item is worth, by keys."""
    page.keyboard.press("i")
    page.wait_for_selector("#items-inside summary")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type(points)
    page.keyboard.press("Enter")
    page.wait_for_selector("#items-inside .told")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
