"""The page in the terminal: 80 columns, no escape sequence where nobody sees it, and both languages."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from grader.errors import LabError
from grader.model import Text
from grader.reports.terminal import line, render, show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model import Language
    from grader.record import Record

ABOUT = ("perfect", "middling", "untouched", "ungraded", "hostile")


@pytest.mark.parametrize("about", ABOUT)
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_no_line_is_wider_than_80_cells(records: Mapping[str, Record], about: str, language: Language) -> None:
    for one in render(records[about], language).splitlines():
        assert cell_len(one) <= 80, one


@pytest.mark.parametrize("about", ABOUT)
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_a_page_in_a_file_holds_no_escape_sequence_and_no_control_character(
    records: Mapping[str, Record], about: str, language: Language
) -> None:
    text = render(records[about], language)
    assert [c for c in text if c != "\n" and unicodedata.category(c) == "Cc"] == []


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_no_character_of_the_students_turns_or_hides_what_is_written(
    records: Mapping[str, Record], language: Language
) -> None:
    text = render(records["hostile"], language)
    assert [c for c in text if c != "\n" and unicodedata.category(c)[0] == "C"] == []


def test_markup_and_emoji_codes_in_a_text_are_only_characters(records: Mapping[str, Record]) -> None:
    text = " ".join(render(records["hostile"], "en").split())
    assert "[bold red]markup[/bold red]" in text
    assert ":smile:" in text


@pytest.mark.parametrize(
    ("about", "zh_tw", "en"),
    [
        ("perfect", "5 / 5 分", "5 of 5 points"),
        ("middling", "2.5 / 12.5 分", "2.5 of 12.5 points"),
        ("untouched", "0 / 5 分", "0 of 5 points"),
        ("ungraded", "未批改（滿分 5 分）", "not graded (of 5 points)"),
    ],
)
def test_the_score_stands_in_the_first_line_in_both_languages(
    records: Mapping[str, Record], about: str, zh_tw: str, en: str
) -> None:
    assert render(records[about], "zh-TW").splitlines()[0].endswith(zh_tw)
    assert render(records[about], "en").splitlines()[0].endswith(en)


def test_an_english_page_has_no_chinese_and_a_chinese_page_has_its_own(records: Mapping[str, Record]) -> None:
    for about in ("perfect", "middling", "untouched", "ungraded"):
        assert not re.search("[\u4e00-\u9fff]", render(records[about], "en"))
        assert re.search("[\u4e00-\u9fff]", render(records[about], "zh-TW"))


@pytest.mark.parametrize("about", ["perfect", "middling", "untouched"])
def test_every_task_is_told_with_mark_and_points(records: Mapping[str, Record], about: str) -> None:
    lines = render(records[about], "en").splitlines()
    for task in records[about].tasks:
        verdicts = {check.verdict for check in task.checks}
        mark = {"passed": "✓", "not_attempted": "○"}[verdicts.pop()] if len(verdicts) == 1 else "✗"
        assert any(re.match(rf"{mark} {task.name}\b.* / ", one) for one in lines)


def test_a_check_that_failed_is_told_with_mark_points_promise_and_reason(records: Mapping[str, Record]) -> None:
    text = render(records["middling"], "en")
    assert re.search(r"✗ values +0 / 2\.5", text)
    assert re.search(r"✓ values +2\.5 / 2\.5", text)
    assert re.search(r"○ batch +0 / 2\.5", text)
    assert "1 of 4 numbers differ" in text


def test_the_first_thing_to_do_has_evidence_hint_and_where_to_read(records: Mapping[str, Record]) -> None:
    text = render(records["middling"], "en").partition("Do this first")[2]
    assert "Look at first (values)" in text
    assert "first(y_true=[0., 1., 0.], y_pred=[0.15, 0.2 , 0.3 ])" in text
    assert re.search(r"observed 0\.25 *\n", text)
    assert re.search(r"expected 0\.7525 *\n", text)
    assert "→ Divided by two?" in text
    assert "In the lecture: 5-1 Loss functions" in text


def test_what_is_not_written_yet_is_the_first_thing_where_nothing_failed(records: Mapping[str, Record]) -> None:
    assert "Write first: The sum of squared errors" in render(records["untouched"], "en")


def test_full_marks_leave_nothing_to_do(records: Mapping[str, Record]) -> None:
    text = render(records["perfect"], "en")
    assert "Nothing is left to do." in text
    assert "Do this first" not in text


def test_the_notebooks_first_errors_are_told_and_the_others_counted(records: Mapping[str, Record]) -> None:
    text = render(records["middling"], "en")
    for cell in (1, 2, 3):
        assert f"cell In [{cell}], line {cell}: NameError: name 'np' is not defined" in text
    assert "cell In [4]" not in text
    assert "and 2 more" in text


def test_an_ungraded_page_tells_why_and_shows_no_zero(records: Mapping[str, Record]) -> None:
    text = render(records["ungraded"], "en")
    assert "The Python kernel did not start. Nothing was graded." in text
    assert not re.search(r"\b0 (of|/)", text)


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ("perfect", "✓ s001  5 of 5 points"),
        ("middling", "✗ s001  2.5 of 12.5 points"),
        ("ungraded", "? s001  The Python kernel did not start. Nothing was graded."),
    ],
)
def test_one_of_a_class_is_one_line(records: Mapping[str, Record], about: str, told: str) -> None:
    assert line(records[about], "en").plain == told


def test_what_is_shown_is_plain_where_nobody_sees_colour(
    records: Mapping[str, Record], capsys: pytest.CaptureFixture[str]
) -> None:
    show(line(records["middling"], "en"))
    assert capsys.readouterr().out == "✗ s001  2.5 of 12.5 points\n"


def test_a_lab_with_a_mistake_is_listed_with_it() -> None:
    from rich.console import Console  # noqa: PLC0415 (only here)

    from grader.reports.terminal import labs_table  # noqa: PLC0415 (same)

    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(labs_table([("lab09", LabError(Text("壞了", "it is broken")))], "en"))
    assert re.search(r"lab09 +it is broken", capture.get())
