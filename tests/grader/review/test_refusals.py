"""What is refused stays as it was typed, with the sentence beside it, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.gradebook.book import open_book
from grader.review.order import key_of
from tests.grader.review.reading_class import LAB
from tests.grader.review.test_in_a_browser import go

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.grader.review.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PLOT, LINE = (f"/read/{task}/{key_of(LAB, 's001')}" for task in ("plot", "fit_line"))


def test_what_was_typed_stays_beside_the_sentence_that_refuses_it(
    results: Path, serve: Callable[..., Server], opened: Callable[..., Page]
) -> None:
    page = opened(serve(results))
    go(page, LINE)
    page.click("text=Give other points")
    override = page.locator("form[hx-post^='/override/']")
    override.locator("[name=reason]").fill("too hard")
    for points in ("11", "-1", "abc"):
        override.locator("[name=points]").fill(points)
        override.locator("button[value=keep]").click()
        override.locator(".refused p").wait_for()
        assert (override.locator("[name=points]").input_value(), override.locator("[name=reason]").input_value()) == (
            points,
            "too hard",
        )
    page.click("#items summary")
    page.click("#items-inside summary >> nth=-1")
    new = page.locator("#items-inside form").last
    new.locator("[name=en]").fill("Too short")
    new.locator("[name=points]").fill("abc")
    new.locator("button[value=keep]").click()
    new.locator(".refused:has-text('no number of points')").wait_for()
    assert new.locator("[name=en]").input_value() == "Too short"
    page.click("#again summary")
    again = page.locator("#again-inside form")
    again.locator("button").click()
    again.locator(".refused:has-text('folder of submissions')").wait_for()
    with open_book(results) as book:
        assert not book.overrides(LAB)


def test_a_refusal_keeps_its_sentence_when_the_page_is_to_be_left(
    results: Path, serve: Callable[..., Server], opened: Callable[..., Page]
) -> None:
    page = opened(serve(results))
    go(page, PLOT)
    page.fill("#points", "abc")
    page.keyboard.press("Escape")
    page.wait_for_selector("#kept [role=alert]")
    before = page.url
    page.keyboard.press("ArrowRight")
    assert "no number of points" in page.inner_text("#kept")
    page.keyboard.press("Enter")
    page.wait_for_selector("#kept [role=alert]")
    assert page.url == before


@pytest.mark.parametrize("height", [800, 900])
def test_the_box_covers_nothing(
    results: Path, serve: Callable[..., Server], opened: Callable[..., Page], height: int
) -> None:
    page = opened(serve(results))
    for width in (1280, 1500):
        page.set_viewport_size({"width": width, "height": height})
        go(page, LINE)
        for key in "ai":
            page.keyboard.press(key)
            page.wait_for_selector(f"#{'alike' if key == 'a' else 'items'}-inside > *")
        for _ in range(6):
            page.mouse.wheel(0, 300)
            page.wait_for_timeout(50)
            covered = page.evaluate(
                """() => {
                    const box = document.querySelector("#box").getBoundingClientRect();
                    const found = document.querySelector("[aria-labelledby=found-title]").getBoundingClientRect();
                    return box.left < found.right && found.left < box.right
                        && box.top < found.bottom && found.top < box.bottom;
                }"""
            )
            assert not covered
