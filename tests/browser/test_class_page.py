"""The class's page in a real browser: both languages, sorting, filtering, links, nothing that leaves the page, axe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from grader.pages.class_page import render_class

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from grader.records.record import Record

SERIOUS = frozenset({"serious", "critical"})


@pytest.fixture(scope="session")
def page_file(class_of_500: Sequence[Record], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of 500 students, English first."""
    path = tmp_path_factory.mktemp("class") / "class.html"
    path.write_text(render_class(class_of_500, "en"), "utf-8")
    return path


@pytest.fixture(scope="session")
def short_page_file(class_of_500: Sequence[Record], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of 40 students, one of them not graded: axe looks at every cell, and takes its time."""
    path = tmp_path_factory.mktemp("short") / "class.html"
    path.write_text(render_class(class_of_500[100:140], "en"), "utf-8")
    return path


@pytest.fixture(scope="session")
def hostile_file(class_of_500: Sequence[Record], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of a class in which every text tries to become more than text."""
    evil = "</td><script>document.title='evil'</script><img src=http://evil.example/x onerror=alert(1)>\" onfocus=x() "
    path = tmp_path_factory.mktemp("hostile") / "class.html"
    path.write_text(render_class([_hostile(record, evil) for record in class_of_500[:20]], "en"), "utf-8")
    return path


def _hostile(record: Record, evil: str) -> Record:
    """Return the record with `evil` in every text that a student has a say in."""
    tasks = [
        task.model_copy(
            update={
                "checks": tuple(
                    check.model_copy(update={"because": check.because and type(check.because)(zh_tw=evil, en=evil)})
                    for check in task.checks
                )
            }
        )
        for task in record.tasks
    ]
    return record.model_copy(update={"student": f"{record.student}{evil}", "tasks": tuple(tasks)})


def column(page: Page, number: int) -> list[str]:
    """Return what stands in a column of the rows that are shown."""
    texts: list[str] = page.eval_on_selector_all(
        "#table tbody tr:not([hidden])", f"rows => rows.map((row) => row.cells[{number}].textContent.trim())"
    )
    return texts


def test_the_page_opens_without_a_word_in_the_console_and_asks_for_nothing(
    open_page: Callable[..., Page], page_file: Path
) -> None:
    """What else was said or asked for, `open_page` holds at the end of each test."""
    page = open_page(page_file)
    assert page.inner_text("h1") == "Lab02: the cross-entropy loss · class"
    assert page.inner_text("#shown") == "500"


def test_the_languages_are_switched_everywhere_with_what_is_chosen_kept(
    open_page: Callable[..., Page], page_file: Path
) -> None:
    page = open_page(page_file)
    page.select_option("#choice", "full")
    chinese = re.compile("[\u4e00-\u9fff]")
    assert not chinese.search(page.inner_text("main"))
    page.check("#zh")
    assert page.get_attribute("html", "lang") == "zh-TW"
    assert page.inner_text("h1").startswith("Lab02：Cross-Entropy 損失函數")
    assert page.input_value("#choice") == "full"
    for label in page.eval_on_selector_all("#choice option", "all => all.map((one) => [one.label, one.dataset.zh])"):
        assert label[0] == label[1]
    page.check("#en")
    assert page.get_attribute("html", "lang") == "en"
    assert not chinese.search(page.inner_text("main"))


@pytest.mark.parametrize(("name", "number"), [("Points", 1), ("Percent", 2), ("softmax", 5), ("seconds", 9)])
def test_a_column_of_numbers_is_sorted_by_number_up_and_down(
    open_page: Callable[..., Page], page_file: Path, name: str, number: int
) -> None:
    page = open_page(page_file)
    head = page.locator("#table thead th").nth(number)
    assert head.inner_text().startswith(name)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    shown = column(page, number)
    numbers = [float(text) for text in shown if text != "–"]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 3
    assert set(shown[len(numbers) :]) == {"–"}, "what was not graded comes last"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    shown = column(page, number)
    assert [float(text) for text in shown if text != "–"] == numbers[::-1]
    assert set(shown[len(numbers) :]) == {"–"}, "in this order too"
    assert len(page.query_selector_all("th[aria-sort]")) == 1


def test_students_are_sorted_by_name_at_first_and_again_by_the_keyboard(
    open_page: Callable[..., Page], page_file: Path
) -> None:
    page = open_page(page_file)
    assert column(page, 0) == [f"s{number:03}" for number in range(1, 501)]
    page.focus("#table thead th:first-child button")
    page.keyboard.press("Enter")
    assert column(page, 0)[0] == "s500"
    page.keyboard.press("Space")
    assert column(page, 0)[0] == "s001"


def test_the_table_is_filtered_by_name_and_by_what_became_of_a_submission(
    open_page: Callable[..., Page], page_file: Path, class_of_500: Sequence[Record]
) -> None:
    page = open_page(page_file)
    page.fill("#name", "S01")
    assert column(page, 0) == [f"s{number:03}" for number in range(10, 20)]
    page.fill("#name", "")
    for choice, students in {
        "full": [record.student for record in class_of_500 if record.is_full],
        "ungraded": [record.student for record in class_of_500 if record.ungraded],
        "less": [record.student for record in class_of_500 if not record.is_full and not record.ungraded],
    }.items():
        page.select_option("#choice", choice)
        assert column(page, 0) == students
        assert page.inner_text("#shown") == str(len(students))


def test_the_table_is_filtered_by_a_failed_check(
    open_page: Callable[..., Page], page_file: Path, class_of_500: Sequence[Record]
) -> None:
    page = open_page(page_file)
    page.select_option("#choice", label="softmax: large_inputs")
    assert column(page, 0) == [
        record.student for record in class_of_500 if record.tasks[2].checks[2].verdict == "failed"
    ]


def test_a_mistake_leads_to_the_students_who_made_it(open_page: Callable[..., Page], page_file: Path) -> None:
    page = open_page(page_file)
    first = page.locator(".mistakes > li").first
    count = int(first.locator("strong").inner_text())
    first.locator("summary").click()
    names = first.locator(".names a").all_inner_texts()
    assert len(names) == count > 10
    page.fill("#name", "nobody")
    first.locator("button.find").click()
    assert column(page, 0) == names
    assert page.evaluate("document.activeElement.id") == "students"


def test_every_student_has_a_link_to_the_page_beside_this_one(open_page: Callable[..., Page], page_file: Path) -> None:
    page = open_page(page_file)
    links = page.eval_on_selector_all("#table tbody a", "all => all.map((one) => one.href)")
    assert links == [page_file.with_name(f"s{number:03}.html").as_uri() for number in range(1, 501)]


def test_a_link_opens_the_page_of_a_student_of_any_name(
    browser: Browser, class_of_500: Sequence[Record], tmp_path: Path
) -> None:
    page = browser.new_page()
    for name in ("50% & more?#1", "王小明 <b>", "javascript:alert(1)"):
        (tmp_path / f"{name}.html").write_text("<title>there</title>", "utf-8")
        file = tmp_path / "class.html"
        file.write_text(render_class([class_of_500[0].model_copy(update={"student": name})], "en"), "utf-8")
        page.goto(file.as_uri())
        page.click("#table tbody a")
        page.wait_for_function("document.title === 'there'")
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_serious(
    open_page: Callable[..., Page], short_page_file: Path, width: int, *, dark: bool, language: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
    page = open_page(short_page_file, width=width, dark=dark)
    assert page.locator(".warn").count() == 1
    page.check(f"#{language}")
    found: dict[str, Any] = axe.Axe().run(page).response
    assert len(found["passes"]) > 20
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"] if one["impact"] in SERIOUS] == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_wider_than_the_screen(
    open_page: Callable[..., Page], page_file: Path, width: int, language: str
) -> None:
    page = open_page(page_file, width=width)
    page.check(f"#{language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_hostile_class_runs_nothing_and_asks_for_nothing(open_page: Callable[..., Page], hostile_file: Path) -> None:
    page = open_page(hostile_file)
    assert page.title() == "lab02 · class"
    assert page.evaluate("document.images.length + document.scripts.length") == 1, "our one script"
    assert "<script>document.title='evil'</script>" in page.inner_text("#table")
    page.fill("#name", "onfocus")
    assert page.inner_text("#shown") == "20"


def test_without_its_script_the_page_still_shows_everything_and_switches_languages(
    browser: Browser, page_file: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert page.locator("#table tbody tr").count() == 500
    assert not page.locator("#controls").is_visible()
    page.check("#zh")
    assert page.inner_text("h1").startswith("Lab02：")
    context.close()


def test_a_page_in_one_language_filters_and_sorts_and_has_no_switch(
    open_page: Callable[..., Page], class_of_500: Sequence[Record], tmp_path: Path
) -> None:
    file = tmp_path / "class.html"
    in_chinese = [record.model_copy(update={"languages": ("zh-TW",)}) for record in class_of_500[:30]]
    file.write_text(render_class(in_chinese, "en"), "utf-8")
    page = open_page(file)
    assert page.locator("input[type=radio]").count() == 0
    assert page.evaluate("document.documentElement.lang") == "zh-TW"
    assert page.inner_text("#choice option:first-child") == "所有人"
    page.fill("#name", "no such name")
    assert page.inner_text("#shown") == "0"
    page.fill("#name", "")
    page.click("#table thead th:nth-child(2) button")
    assert page.get_attribute("#table thead th:nth-child(2)", "aria-sort") == "ascending"
