"""A class is read in a real browser, by keyboard alone: what is done there stands in the gradebook."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from grader.gradebook.book import open_book
from grader.records.record import load_record
from tests.grader.review.reading_class import LAB
from tests.page import parse, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from grader.gradebook.readings import Reading
    from tests.conftest import Said
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


def test_a_class_of_thirty_is_read_by_keyboard_alone_and_book_exports_and_pages_agree(
    results: Path, serve: Callable[..., Server], opened: Callable[..., Page], grade: Callable[..., Said], root: Path
) -> None:
    page = opened(serve(results))
    seen = read_plots(page)
    page.keyboard.press("h")
    page.wait_for_selector("#hide-names[aria-pressed=false]")
    page.goto("/".join(page.url.split("/")[:3]) + "/read/fit_line")
    for number in range(30):
        if number % 4 == 0:
            page.keyboard.press("2")
            wait_kept(page)
        read_and_next(page)
    page.wait_for_selector("text=All is read in this question.")

    kept = readings(results, "plot")
    assert len(kept) == 30
    assert all(one.is_read for one in kept.values())
    assert sum("no_line" in one.items for one in kept.values()) == 10
    commented = {student for student, one in kept.items() if one.comment == "Say what the slope means."}
    assert commented == {seen[1], seen[2]}
    agreed(results, grade, root / "tests" / "courses" / "essay")


def read_plots(page: Page) -> list[str]:
    """Read a question; return the students in the order in which they were read, as far as names were shown."""
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
        read_and_next(page)
    page.wait_for_selector("text=All is read in this question.")
    return seen


def read_and_next(page: Page) -> None:
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"^(?!{re.escape(before)}$)"))


def agreed(results: Path, grade: Callable[..., Said], course: Path) -> None:
    """Hold every student's score against the rule: in the book, in an export, and on the student's page."""
    table, pages = results.parent / "scores.csv", results.parent / "pages"
    words = ("--book", results, "--course", course, "--output", table)
    assert grade("book", "export", "csv", LAB, *words).status == 0
    assert grade("report", results, "--format", "html", "--output", pages, "--course", course).status == 0
    with table.open(encoding="utf-8-sig", newline="") as lines:
        exported = {row["student"]: row for row in csv.DictReader(lines)}
    plots, lines_read = readings(results, "plot"), readings(results, "fit_line")
    for student, plot in plots.items():
        record = load_record(results / f"{student}.json")
        assert record.earned is not None
        expected = record.earned + (5 if plot.items else 10) + (1 if lines_read[student].items else 2)
        assert Fraction(exported[student]["score"]) == expected, student
        assert ("Say what the slope means." in exported[student]["comments"]) == bool(plot.comment), student
        page = text_of(parse((pages / f"{student}.html").read_text("utf-8"), strict=False))
        assert f"{expected} of 16 points" in page, student
        assert ("Say what the slope means." in page) == bool(plot.comment), student
        assert ("There is no line in the plot" in page) == bool(plot.items), student


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
