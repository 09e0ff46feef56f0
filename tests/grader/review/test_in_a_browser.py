"""The page in a real browser: what a student wrote does nothing there, nothing is lost, and everybody can use it."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING

import pytest

from grader.gradebook.book import open_book
from grader.review.order import key_of
from grader.submission.saved_notebook import SavedCell, SavedOutput
from tests.grader.conftest import CORPUS, HOSTILE
from tests.grader.review.reading_class import LAB, notebook_of, record_of
from tests.grader.review.test_cells import MARKDOWN, png
from tests.hostile.corpus import hostile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from grader.gradebook.book import Book
    from tests.grader.review.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SERIOUS = frozenset({"serious", "critical"})
NARROWEST, PHONE, DESK = 320, 360, 1500
PLOT, LINE = (f"/read/{task}/{key_of(LAB, 's001')}" for task in ("plot", "fit_line"))


def go(page: Page, path: str) -> None:
    page.goto("/".join(page.url.split("/")[:3]) + path)


def wait_kept(page: Page) -> None:
    page.wait_for_selector("#kept:has-text('Kept.')")


def unfold(page: Page) -> None:
    """Open everything that is folded away, and wait until it is there."""
    for fold in ("items", "alike", "whole", "again"):
        if page.locator(f"#{fold}").count():
            page.evaluate(f"document.getElementById('{fold}').open = true")
            page.wait_for_selector(f"#{fold}-inside > *", state="attached")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def test_two_browsers_at_once_lose_nothing_and_the_second_chooses(
    results: Path, serve: Callable[..., Server], opened: Callable[..., Page]
) -> None:
    server = serve(results)
    one, other = opened(server), opened(server)
    for page in (one, other):
        go(page, PLOT)
    one.keyboard.press("1")
    wait_kept(one)
    other.keyboard.press("3")
    other.wait_for_selector("#conflict")
    said = other.inner_text("#conflict")
    assert "There is no line in the plot" in said
    assert "It describes, and explains nothing" in said
    before = other.url
    other.keyboard.press("ArrowRight")
    assert other.url == before, "what is not kept is not left"
    other.click("#conflict button")
    wait_kept(other)
    with open_book(results) as book:
        found = book.reading(LAB, "s001", "plot")
    assert found is not None
    assert found.items == ("shallow",)
    other.keyboard.press("ArrowRight")
    other.wait_for_url(re.compile(f"^(?!{re.escape(before)}$)"))


def test_keys_in_quick_succession_are_all_kept(
    results: Path, serve: Callable[..., Server], opened: Callable[..., Page]
) -> None:
    page = opened(serve(results))
    go(page, PLOT)
    for key in "1234":
        page.keyboard.press(key)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"^(?!.*{PLOT}$)"))
    with open_book(results) as book:
        found = book.reading(LAB, "s001", "plot")
    assert found is not None
    assert (set(found.items), found.is_read) == ({"no_line", "shallow", "doubt"}, True)


def test_what_was_confirmed_survives_a_server_that_is_killed_and_what_was_not_is_told(
    results: Path, serve: Callable[..., Server], browser_alone: Callable[..., Page]
) -> None:
    server = serve(results)
    page = browser_alone(server)
    go(page, PLOT)
    page.keyboard.press("1")
    wait_kept(page)
    server.kill()
    page.keyboard.press("2")
    page.wait_for_selector("#kept.lost")
    assert "not in the gradebook" in page.inner_text("#kept")
    before = page.url
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.url == before
    with open_book(results) as book:
        found = book.reading(LAB, "s001", "plot")
    assert found is not None
    assert found.items == ("no_line",)
    again = browser_alone(serve(results))
    go(again, PLOT)
    assert again.is_checked("input[value=no_line]")
    assert not again.is_checked("input[value=labels]")


def test_a_page_of_a_run_that_has_ended_changes_nothing_in_the_next(
    results: Path, serve: Callable[..., Server], browser_alone: Callable[..., Page]
) -> None:
    server = serve(results)
    page = browser_alone(server)
    go(page, PLOT)
    server.kill()
    serve(results, "--port", server.origin.rpartition(":")[2])
    page.keyboard.press("1")
    page.wait_for_selector("#kept.lost")
    with open_book(results) as book:
        assert book.reading(LAB, "s001", "plot") is None


def everything_hostile() -> tuple[SavedCell, ...]:
    """Return cells of every kind with all that a student could try."""
    texts = [*CORPUS.values(), *MARKDOWN.values(), HOSTILE]
    texts += [cell for one in hostile() for cell in one.cells]
    formulas = [rf"${tex}$" for tex in (r"\href{javascript:alert(1)}{x}", r"\includegraphics{//evil.example/x.png}")]
    formulas += [r"$\htmlStyle{color:red}{x}$", r"$\htmlData{hx-get=/x}{y}$", r"$\url{https://evil.example}$"]
    formulas += [r"$\def\a{\a\a}\a$", r"$\rule{1000000em}{1000000em}$", r"$" + "{" * 400 + "}" * 400 + "$"]
    outputs = (
        SavedOutput("text", HOSTILE),
        SavedOutput("error", CORPUS["ansi"]),
        SavedOutput("nothing", left_out="text/html, image/svg+xml, application/javascript"),
        SavedOutput("png", png(8, 8) + '" onerror="alert(1)'),
        SavedOutput("png", png(60_000, 60_000)),
        SavedOutput("jpeg", "/9j/PHNjcmlwdD4="),
    )
    formulas += [
        r"$\fbox{x}$",
        r"$\pmb{x}$",
        r"$\color{red}{x}$",
        r"$\unknown{x}$",
        r"$$\begin{array}{c}x\end{array}$$",
    ]
    cells = [SavedCell("markdown", text) for text in (*formulas, *texts)]
    cells += [SavedCell("code", text, outputs=outputs) for text in texts]
    return tuple(cells)


def test_nothing_that_a_student_wrote_runs_asks_or_leads_anywhere(
    results: Path, book: Book, serve: Callable[..., Server], opened: Callable[..., Page]
) -> None:
    """That nothing was said in the console, and no one but the server asked, `opened` holds at the end."""
    chance = random.Random(1)  # noqa: S311 (no secret)
    cells = everything_hostile()
    notebook = notebook_of(chance, *cells)
    record = record_of("s001", notebook, chance)
    plot = record.tasks[1]
    assert plot.manual is not None
    shown = plot.manual.model_copy(update={"cells": tuple(range(len(notebook.cells)))})
    tasks = (record.tasks[0], plot.model_copy(update={"manual": shown}))
    book.add(record.model_copy(update={"tasks": tasks}), notebook=notebook)
    page = opened(serve(results))
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    go(page, PLOT)
    page.wait_for_selector("math")
    unfold(page)
    page.wait_for_timeout(500)
    assert dialogs == []
    inside = page.locator(".cells [hx-disable]")
    assert inside.locator("a, script, style, iframe, object, embed, form, input, button, svg, link, meta").count() == 0
    assert inside.locator("img:not([src^='data:image/'])").count() == 0
    attributes = page.evaluate(
        "[...new Set([...document.querySelectorAll('.cells [hx-disable] *')].flatMap(one => one.getAttributeNames()))]"
    )
    assert not [name for name in attributes if name.startswith(("on", "hx-", "data-hx")) or name in {"href", "style"}]
    assert page.title() == f"A plot and what it shows · {LAB}"


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [(PHONE, False, "en"), (PHONE, True, "zh-TW"), (DESK, False, "zh-TW"), (DESK, True, "en")],
)
def test_axe_finds_nothing_serious_and_every_page_fits_its_window(
    results: Path,
    serve: Callable[..., Server],
    opened: Callable[..., Page],
    *,
    width: int,
    dark: bool,
    language: str,
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = opened(serve(results, "--lang", language), width=width, dark=dark)
    for path in ("/", PLOT, LINE, f"{PLOT}?only=failed"):
        go(page, path)
        unfold(page)
        page.wait_for_timeout(100)
        found = axe.Axe().run(page).response["violations"]
        serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in SERIOUS]
        assert serious == [], (path, json.dumps(serious, ensure_ascii=False))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_every_control_has_a_name(results: Path, serve: Callable[..., Server], opened: Callable[..., Page]) -> None:
    page = opened(serve(results))
    go(page, LINE)
    unfold(page)
    session = page.context.new_cdp_session(page)
    controls = {"button", "textbox", "searchbox", "checkbox", "combobox", "link"}
    nodes = [
        node
        for node in session.send("Accessibility.getFullAXTree")["nodes"]
        if not node.get("ignored") and node.get("role", {}).get("value") in controls
    ]
    assert len(nodes) > 15
    assert [node for node in nodes if not node["name"]["value"].strip()] == []


def test_the_keys_are_shown_by_their_own_key_and_do_nothing_in_a_text(
    results: Path, serve: Callable[..., Server], opened: Callable[..., Page]
) -> None:
    page = opened(serve(results))
    go(page, PLOT)
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    assert "give an item" in page.inner_text("dialog")
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog:not([open])", state="attached")
    assert page.locator("#box input[name=item]:checked").count() == 0
    before = page.url
    page.keyboard.press("c")
    page.keyboard.type("1 ? h / r g")
    assert page.url == before
    assert page.input_value("#comment") == "1 ? h / r g"
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(f"^(?!{re.escape(before)}$)"))
    with open_book(results) as book:
        found = book.reading(LAB, "s001", "plot")
    assert found is not None
    assert (found.comment, found.is_read, found.items) == ("1 ? h / r g", True, ())


def test_a_filter_is_chosen_and_holds_on_the_way(
    results: Path, serve: Callable[..., Server], opened: Callable[..., Page]
) -> None:
    page = opened(serve(results))
    go(page, PLOT)
    page.select_option("select[name=only]", "failed")
    page.wait_for_url("**/read/plot/*?only=failed")
    assert re.match(r"\d+ of \d; ", page.inner_text("p.figure"))
    start = page.url
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(f"^(?!{re.escape(start)}$).*only=failed$"))


def test_arrows_lead_to_the_next_student_and_the_other_question(
    results: Path, serve: Callable[..., Server], opened: Callable[..., Page]
) -> None:
    page = opened(serve(results))
    go(page, "/read/plot")
    page.wait_for_selector(".cells")
    start, student = page.url, page.inner_text("h1 .who")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(f"^(?!{re.escape(start)}$)"))
    assert page.inner_text("h1 .who") != student
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(start)
    page.keyboard.press("ArrowUp")
    page.wait_for_url("**/read/fit_line/*")
    assert page.inner_text("h1 .who") == student
