"""The page in the terminal: 80 columns, no escape sequence where nobody sees it, and both languages."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from grader.errors import LabError
from grader.model import Text
from grader.records.record import words
from grader.reports import terminal
from grader.reports.terminal import line, render, show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from grader.model import Language
    from grader.records.record import Record
    from tests.golden import Golden

SCENARIOS = Path(__file__).parents[2] / "scenarios" / "page"
LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")
LINES = 30
"""What a student's terminal shows at once."""


@pytest.fixture(scope="session")
def pages(files: Callable[[ModuleType], Mapping[str, str]]) -> Mapping[str, str]:
    """Return the pages of the made-up records, of real gradings and of hostile texts, by what they are about."""
    return files(terminal)


def test_no_line_is_wider_than_80_cells(pages: Mapping[str, str]) -> None:
    wide = [(about, one) for about, text in pages.items() for one in text.splitlines() if cell_len(one) > 80]
    assert wide == []


def test_a_page_in_a_file_holds_no_escape_sequence_and_no_character_that_turns_or_hides_text(
    pages: Mapping[str, str],
) -> None:
    for about, text in pages.items():
        assert [c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cn", "Co", "Cs"}] == [], about


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


def test_every_check_is_told_with_mark_reason_and_points_in_one_line(records: Mapping[str, Record]) -> None:
    text = render(records["middling"], "en")
    assert re.search(r"✗ values +1 of 4 numbers differ +0 / 2\.5", text)
    assert re.search(r"✓ values +computed in float16 +2\.5 / 2\.5", text)
    assert re.search(r"○ batch +not written yet +0 / 2\.5", text)


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


# What to do next in ten seconds ---------------------------------------------------------------------------------------


def test_a_real_page_is_seen_at_once(pages: Mapping[str, str]) -> None:
    lengths = {about: len(text.splitlines()) for about, text in pages.items() if about.startswith("real ")}
    assert [about for about, lines in lengths.items() if lines > LINES and "hostile" not in about] == []
    assert len(lengths) >= 12


def test_what_to_do_first_stands_last_above_the_prompt(records: Mapping[str, Record]) -> None:
    """A long page scrolls: its end is what is seen."""
    text = render(records["middling"], "en")
    card = text.partition("Do this first")[2]
    assert card.splitlines()[-1] == "In the lecture: 5-1 Loss functions"
    assert "In your notebook" not in card
    assert "seed 7" not in card


def test_a_question_that_points_the_way_stands_in_the_card_alone(records: Mapping[str, Record]) -> None:
    text = render(records["middling"], "en")
    assert text.count("→") == 1
    assert "→" in text.partition("Do this first")[2]


def test_of_a_hidden_question_only_the_kind_of_its_input_is_told(records: Mapping[str, Record]) -> None:
    first, *others = records["middling"].tasks
    about = type(first.title)(zh_tw="8 到 14 個數", en="8 to 14 numbers")
    failed = first.checks[0].model_copy(update={"evidence": None, "about": about})
    checks = (failed, failed.model_copy())
    record = records["middling"].model_copy(update={"tasks": (first.model_copy(update={"checks": checks}), *others)})
    listed, _, card = render(record, "en").partition("Do this first")
    assert listed.count("A hidden question: 8 to 14 numbers") == 1
    assert card.count("A hidden question: 8 to 14 numbers") == 1
    assert "observed" not in card


def test_the_machines_name_of_a_mistake_is_not_shown(real_records: Mapping[str, Record]) -> None:
    for record in real_records.values():
        shown = render(record, "en").split()
        for mistake in {check.mistake for task in record.tasks for check in task.checks} - {None, "raised"}:
            assert mistake not in shown


# Golden files ---------------------------------------------------------------------------------------------------------


def test_the_page_is_the_one_that_was_looked_at(
    real_records: Mapping[str, Record], pages: Mapping[str, str], golden: Golden
) -> None:
    """tests/scenarios/page/README.md tells how to look at a change."""
    for name in real_records:
        for language in LANGUAGES:
            golden(SCENARIOS / f"{name}.{language}.txt", pages[f"real {name}, {language}"])


def test_a_reason_that_several_checks_share_is_told_once(real_records: Mapping[str, Record]) -> None:
    listed = " ".join(render(real_records["middling"], "en").partition("Do this first")[0].split())
    assert listed.count("in bits, not 0 / 14 in nats") == 1
    assert "✗ batch the same 0 / 8 ✗ zeros the same 0 / 8" in listed


@pytest.mark.parametrize("name", ["ungraded", "perfect"])
def test_no_line_of_a_note_or_a_reason_ends_with_an_opening_bracket(records: Mapping[str, Record], name: str) -> None:
    for length in range(8):
        text = words(Text("批改時不能使用的套件" * 3 + "甲" * length + "（儲存格 In [7] 第 1 行）。", "one"))
        told = {"notes": (text,), **({"ungraded": text} if name == "ungraded" else {})}
        page = render(records[name].model_copy(update=told), "zh-TW")
        assert not any(one.rstrip().endswith("（") for one in page.splitlines()), page
