"""A page with what a person has read, in a real browser: phone and desk, light and dark, both languages."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from grader.model import Text
from grader.records.record import ItemPart, ReaderPart, ReadingPart, TaskPart, words
from grader.reports.html import render

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from playwright.sync_api import Page

    from grader.records.record import Record

SERIOUS = frozenset({"serious", "critical"})
COMMENT = (
    "A fine plot, but:\n    plt.xlabel('x')\nis missing. https://example.org/"
    + "a" * 300
    + "\n<script>alert(1)</script>"
)


@pytest.fixture(scope="module")
def read_page(class_of_500: Sequence[Record], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of a student, one of whose tasks somebody has read."""
    item = ItemPart(id="axes", text=words(Text("軸沒有名稱", "The axes have no names")), points=Fraction(-2))
    reading = ReadingPart(items=(item,), points=Fraction(-1, 2), comment=COMMENT)
    manual = ReaderPart(points=Fraction(10), start=Fraction(10), cells=(3,), earned=Fraction(15, 2), reading=reading)
    title = words(Text("畫圖與說明", "A plot and what it shows"))
    plot = TaskPart(name="plot", title=title, earned=Fraction(0), points=Fraction(10), checks=(), manual=manual)
    record = next(record for record in class_of_500 if record.earned is not None)
    changed = {"tasks": (*record.tasks, plot), "points": record.points + 10}
    path = tmp_path_factory.mktemp("read") / "s001.html"
    path.write_text(render(record.model_copy(update=changed), "en"), "utf-8")
    return path


@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)], ids=["phone, dark", "desk, light"])
def test_everybody_can_read_what_was_said_and_nothing_of_it_acts(
    open_page: Callable[..., Page],
    read_page: Path,
    width: int,
    dark: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
    page = open_page(read_page, width=width, dark=dark)
    for language, told in (("zh", "軸沒有名稱"), ("en", "The axes have no names")):
        page.check(f"#{language}")
        shown = page.inner_text("main")
        assert f"-2{'：' if language == 'zh' else ': '}{told}" in shown
        assert "\n    plt.xlabel('x')" in shown, "with its indentation"
        assert "<script>alert(1)</script>" in shown
        assert "7.5 / 10" in shown
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found: dict[str, Any] = axe.Axe().run(page).response
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"] if one["impact"] in SERIOUS] == []
