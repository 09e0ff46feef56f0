"""A record as plain text: every sentence on one line, nothing in it that acts, all that a student is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.model import Text
from grader.pages.plain_text import LONGEST, check_text, plain, plain_name, record_text

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from grader.records.record import Record


def test_a_text_is_one_line_of_bounded_length() -> None:
    assert plain(Text("一\n二", "a\r\n\tb"), "zh-TW") == "一 二"
    assert plain(Text("一\n二", "a\r\n\tb"), "en") == "a b"
    assert len(plain_name("x" * (LONGEST + 1))) == LONGEST
    assert plain_name("x" * LONGEST) == "x" * LONGEST


def test_nothing_that_acts_is_left(corpus: Mapping[str, Record], unreadable: re.Pattern[str]) -> None:
    for about, record in corpus.items():
        for text in (record_text(record, "en"), *(check_text(task, task.checks[0], "en") for task in record.tasks)):
            assert unreadable.search(text) is None, about


def test_a_text_cannot_add_a_line(corpus: Mapping[str, Record]) -> None:
    lines = {about: len(record_text(record, "en").splitlines()) for about, record in corpus.items()}
    assert set(lines.values()) == {lines["html"]}


def test_a_failed_check_tells_promise_reason_example_hint_and_lecture(records: Mapping[str, Record]) -> None:
    task = records["middling"].tasks[0]
    promise, because, call, observed, expected, hint, lecture = check_text(task, task.checks[0], "en").splitlines()
    assert promise == "For two vectors of one length: a sum."
    assert because == "1 of 4 numbers differ"
    assert call == "first(y_true=[0., 1., 0.], y_pred=[0.15, 0.2 , 0.3 ])"
    assert (observed, expected) == ("observed 0.25", "expected 0.7525")
    assert hint.startswith("→ Divided by two?")
    assert lecture == "In the lecture: 5-1 Loss functions"


def test_a_passed_check_tells_its_promise_and_what_is_worth_saying(records: Mapping[str, Record]) -> None:
    task = records["perfect"].tasks[0]
    assert check_text(task, task.checks[0], "en").splitlines() == [
        "For two vectors of one length: a sum.",
        "computed in float16",
    ]


def test_a_record_tells_the_reason_in_the_place_of_advice_where_it_was_not_graded(
    records: Mapping[str, Record],
) -> None:
    assert record_text(records["ungraded"], "en").splitlines() == [
        "Lab01: the MSE loss · s001",
        "not graded (of 5 points)",
        "The Python kernel did not start. Nothing was graded.",
        "seed 7 · isolation: none · labgrader 0.1",
    ]
    assert "Nothing is left to do." in record_text(records["perfect"], "en")
