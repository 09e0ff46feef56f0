"""Pages with tasks that a person has yet to read, in a real browser: phone and desk, light and dark, both languages."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from grader.model import Text
from grader.records.record import ReaderPart, TaskPart, words
from grader.reports.html import render, render_class

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from playwright.sync_api import Page

    from grader.records.record import Record

SERIOUS = frozenset({"serious", "critical"})
LOST = words(Text("找不到可以批改的內容", "nothing was found to read: this notebook has no cell with the heading"))


def _waiting(record: Record, place: int) -> Record:
    """Return a record with a task that a person reads; every fourth has nothing of it."""
    is_lost = place % 4 == 0
    manual = ReaderPart(
        points=Fraction(10),
        start=Fraction(10),
        cells=() if is_lost else (3, 4),
        because=LOST if is_lost else None,
    )
    plot = TaskPart(
        name="plot",
        title=words(Text("畫圖與說明", "A plot and what it shows")),
        earned=None if record.earned is None else Fraction(0),
        points=Fraction(10),
        checks=(),
        manual=manual,
    )
    return record.model_copy(update={"tasks": (*record.tasks, plot), "points": record.points + 10})


@pytest.fixture(scope="module")
def pages(class_of_500: Sequence[Record], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the page of 40 students, and that of one who has nothing to read."""
    folder = tmp_path_factory.mktemp("waiting")
    records = [_waiting(record, place) for place, record in enumerate(class_of_500[100:140])]
    (folder / "class.html").write_text(render_class(records, "en"), "utf-8")
    (folder / "student.html").write_text(render(records[0], "en"), "utf-8")
    return folder


@pytest.mark.parametrize("name", ["class", "student"])
@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)], ids=["phone, dark", "desk, light"])
def test_everybody_can_read_them(
    open_page: Callable[..., Page],
    pages: Path,
    name: str,
    width: int,
    dark: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
    page = open_page(pages / f"{name}.html", width=width, dark=dark)
    for language, told in (("zh", "尚未批改"), ("en", "ot graded yet")):
        page.check(f"#{language}")
        assert told in page.inner_text("main")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found: dict[str, Any] = axe.Axe().run(page).response
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"] if one["impact"] in SERIOUS] == []


def test_the_table_is_filtered_by_who_has_nothing_to_read(open_page: Callable[..., Page], pages: Path) -> None:
    page = open_page(pages / "class.html")
    page.select_option("#choice", "w0")
    assert page.inner_text("#shown") == "10"
    page.select_option("#choice", "")
    assert page.inner_text("#shown") == "40"
