"""The pictures in docs/review.md show the page as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.gradebook.book import open_book
from grader.gradebook.entries import Mark
from grader.gradebook.readings import Reading
from grader.review.order import key_of
from tests.grader.review.reading_class import LAB

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.grader.review.conftest import Server
    from tests.pictures import Pictures

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COMMENTS = ("Say what the slope means, and how sure you are of it.", "Name the axes.", "A fine plot!")


@pytest.fixture
def begun(results: Path) -> Path:
    """Return a class of which some are read already."""
    with open_book(results) as book:
        for number, comment in enumerate(COMMENTS, start=10):
            said = Reading(LAB, f"s{number:03}", "plot", items=("labels",), comment=comment, made_by="t001")
            book.keep_reading(said, after=0)
        book.add_mark(Mark(LAB, "s001", "request", comment="My axes have names: is the first picture meant?"))
    return results


def shot(page: Page, *, height: int) -> bytes:
    """Return the top of a page as a picture."""
    size = page.viewport_size
    assert size is not None
    return page.screenshot(clip={"x": 0, "y": 0, "width": size["width"], "height": height})


def at(page: Page, path: str) -> Page:
    page.goto("/".join(page.url.split("/")[:3]) + path)
    page.wait_for_load_state("networkidle")
    return page


def test_a_question_of_one_student(
    begun: Path, serve: Callable[..., Server], opened: Callable[..., Page], pictures: Pictures, root: Path
) -> None:
    page = at(opened(serve(begun, "--by", "t001"), width=1500), f"/read/plot/{key_of(LAB, 's007')}")
    page.keyboard.press("2")
    page.wait_for_selector("#kept:has-text('Kept.')")
    page.keyboard.press("/")
    page.wait_for_selector("#found button")
    pictures(
        root / "docs" / "review" / "question.png", page.screenshot(clip={"x": 0, "y": 0, "width": 1500, "height": 860})
    )


def test_a_question_on_a_phone_in_the_dark(
    begun: Path, serve: Callable[..., Server], opened: Callable[..., Page], pictures: Pictures, root: Path
) -> None:
    server = serve(begun, "--lang", "zh-TW")
    page = at(opened(server, width=390, dark=True), f"/read/fit_line/{key_of(LAB, 's011')}")
    pictures(
        root / "docs" / "review" / "phone.png", page.screenshot(clip={"x": 0, "y": 0, "width": 390, "height": 900})
    )


def test_all_questions(
    begun: Path, serve: Callable[..., Server], opened: Callable[..., Page], pictures: Pictures, root: Path
) -> None:
    page = at(opened(serve(begun), width=1100), "/")
    pictures(
        root / "docs" / "review" / "overview.png", page.screenshot(clip={"x": 0, "y": 0, "width": 1100, "height": 560})
    )
