"""What a page says of a record: points rounded down, and the one thing to do first."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import Text
from grader.pages.summary import (
    MARKS,
    Advice,
    FixCell,
    FixCheck,
    NothingToDo,
    WriteFunction,
    advice_text,
    first_thing,
    number,
    percent,
    score_text,
)
from grader.records.record import (
    CellPart,
    CheckPart,
    LimitsPart,
    Record,
    SubmissionPart,
    TaskPart,
    VerdictWord,
    words,
)

SAID = words(Text("一", "one"))


def check(name: str, verdict: VerdictWord) -> CheckPart:
    return CheckPart(
        name=name,
        promise=SAID,
        verdict=verdict,
        earned=None,
        points=Fraction(1),
        questions=1,
        agreed=0,
        because=SAID,
        mistake=None,
        hint=None,
        evidence=None,
        notes=(),
    )


def task(name: str, *verdicts: VerdictWord) -> TaskPart:
    checks = tuple(check(f"{name}{number}", verdict) for number, verdict in enumerate(verdicts))
    return TaskPart(name=name, title=SAID, lecture=SAID, earned=None, points=Fraction(1), checks=checks)


def cell(cell_number: int, how: str = "raised", kind: str = "NameError") -> CellPart:
    return CellPart.model_validate({"cell": cell_number, "line": 2, "how": how, "kind": kind, "because": SAID})


def record(*tasks: TaskPart, cells: tuple[CellPart, ...] = (), earned: Fraction | None = None) -> Record:
    return Record(
        lab="lab",
        title=SAID,
        student="s001",
        seed=1,
        isolation="none",
        earned=earned,
        points=Fraction(100),
        ungraded=None,
        tasks=tasks,
        cells=cells,
        submission=SubmissionPart(file="s001.ipynb", sha256=None),
        course_sha256="0",
        limits=LimitsPart(cell_seconds=1, call_seconds=1, submission_seconds=1),
        versions={},
        when="",
        seconds={},
        notes=(),
    )


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        (Fraction(0), "0"),
        (Fraction(100), "100"),
        (Fraction(10), "10"),
        (Fraction(5, 2), "2.5"),
        (Fraction(1, 4), "0.25"),
        (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.66"),
        (Fraction(1, 10), "0.1"),
        (Fraction(1, 1000), "0"),
        (Fraction("99.9"), "99.9"),
        (Fraction("99.99"), "99.99"),
        (Fraction("99.999"), "99.99"),
        (Fraction(100) - Fraction(1, 10**30), "99.99"),
        (Fraction("0.29"), "0.29"),
        (Fraction("1.15"), "1.15"),
        (Fraction(10**15), "1000000000000000"),
    ],
)
def test_points_are_shown_with_two_decimals_at_most_and_rounded_down(points: Fraction, shown: str) -> None:
    assert number(points) == shown


@given(st.fractions(min_value=0, max_value=1000))
def test_what_is_shown_is_never_more_than_what_was_earned_nor_a_hundredth_less(points: Fraction) -> None:
    shown = Fraction(number(points))
    assert shown <= points < shown + Fraction(1, 100)


@given(st.fractions(min_value=0, max_value=99, max_denominator=10**9).map(lambda part: part + Fraction(99, 100)))
def test_less_than_all_is_never_shown_as_all(points: Fraction) -> None:
    assert points >= 100 or number(points) != "100"


@pytest.mark.parametrize(
    ("earned", "told"),
    [
        (None, Text("未批改（滿分 100 分）", "not graded (of 100 points)")),
        (Fraction(0), Text("0 / 100 分", "0 of 100 points")),
        (Fraction("99.999"), Text("99.99 / 100 分", "99.99 of 100 points")),
        (Fraction(100), Text("100 / 100 分", "100 of 100 points")),
    ],
)
def test_the_score_is_a_sentence_and_no_score_is_no_zero(earned: Fraction | None, told: Text) -> None:
    assert score_text(record(earned=earned)) == told


FIRST: list[tuple[Record, str, str]] = [
    (record(task("a", "passed")), "NothingToDo", "Nothing is left to do."),
    (record(), "NothingToDo", "Nothing is left to do."),
    (record(task("a", "not_attempted"), task("b", "failed")), "FixCheck", "Look at b (b0)"),
    (record(task("a", "passed", "failed", "failed")), "FixCheck", "Look at a (a1)"),
    (record(task("a", "passed"), task("b", "not_attempted")), "WriteFunction", "Write b: one"),
    (record(task("a", "failed"), cells=(cell(1),)), "FixCheck", "Look at a (a0)"),
    (
        record(task("a", "failed"), cells=(cell(1), cell(3, kind="SyntaxError"))),
        "FixCell",
        "Look at this cell first: cell In [3], line 2: one",
    ),
    (
        record(task("a", "failed"), cells=(cell(4, kind="IndentationError"),)),
        "FixCell",
        "Look at this cell first: cell In [4], line 2: one",
    ),
    (
        record(task("a", "failed"), cells=(cell(5, how="died", kind=""),)),
        "FixCell",
        "Look at this cell first: cell In [5], line 2: one",
    ),
    (
        record(task("a", "failed"), cells=(cell(6, how="timed_out", kind=""),)),
        "FixCell",
        "Look at this cell first: cell In [6], line 2: one",
    ),
    (record(task("a", "failed"), cells=(cell(7, how="not_run", kind=""),)), "FixCheck", "Look at a (a0)"),
]


@pytest.mark.parametrize(("whole", "kind", "told"), FIRST, ids=[told for *_, told in FIRST])
def test_a_broken_cell_comes_before_a_failed_check_before_what_is_not_written(
    whole: Record, kind: str, told: str
) -> None:
    advice: Advice = first_thing(whole)
    assert isinstance(advice, FixCell | FixCheck | NothingToDo | WriteFunction)
    assert type(advice).__name__ == kind
    assert advice_text(advice).en == told


def because(name: str, mistake: str, text: str = "one") -> CheckPart:
    return check(name, "failed").model_copy(update={"mistake": mistake, "because": words(Text("一", text))})


def of(*checks: CheckPart) -> TaskPart:
    return task("a").model_copy(update={"checks": checks})


CAUSED: list[tuple[Record, str]] = [
    (record(of(because("formula", "log2"), because("name", "near_name"))), "Look at a (name)"),
    (record(of(because("name", "raise_left"), because("import", "package_missing"))), "Look at a (import)"),
    (record(of(because("formula", "log2"), because("refused", "no_package"))), "Look at a (refused)"),
    (record(of(because("name", "near_name"), because("refused", "no_file"))), "Look at a (refused)"),
    (record(of(because("formula", "caret"), because("argument", "unknown_argument"))), "Look at a (argument)"),
    (record(of(because("one", "log2"), because("two", "near_name"), because("three", "in_class"))), "Look at a (two)"),
    (
        record(
            of(
                because("formula", "log2"),
                because("stopped", "cell_stopped", "its cell stopped: cell In [7], line 2: x"),
            ),
            cells=(cell(3), cell(7)),
        ),
        "Look at this cell first: cell In [7], line 2: one",
    ),
    (
        record(of(because("name", "unknown_name")), cells=(cell(3), cell(5, kind="ModuleNotFoundError"))),
        "Look at this cell first: cell In [5], line 2: one",
    ),
    (record(of(because("formula", "log2")), cells=(cell(5, kind="ModuleNotFoundError"),)), "Look at a (formula)"),
]


@pytest.mark.parametrize(("whole", "told"), CAUSED, ids=[told for _, told in CAUSED])
def test_a_cell_comes_before_an_import_before_a_name_before_a_formula(whole: Record, told: str) -> None:
    assert advice_text(first_thing(whole)).en == told


def test_the_function_that_an_unreadable_cell_would_have_defined_is_named() -> None:
    lost = because("values", "cell_unreadable", "cannot read its cell: cell In [7], line 2: a bracket")
    whole = record(of(lost, lost), cells=(cell(7, kind="SyntaxError"),))
    assert advice_text(first_thing(whole)).en == "Look at the cell of a first: cell In [7], line 2: one"


@pytest.mark.parametrize(("how", "mistake"), [("timed_out", "endless"), ("died", "process_ended")])
def test_where_a_function_ends_as_the_cell_did_the_function_comes_before_the_cell(how: str, mistake: str) -> None:
    whole = record(of(because("formula", "log2"), because("ends", mistake)), cells=(cell(11, how=how, kind=""),))
    assert advice_text(first_thing(whole)).en == "Look at a (ends)"
    other = record(of(because("formula", "log2")), cells=(cell(11, how=how, kind=""),))
    assert advice_text(first_thing(other)).en == "Look at this cell first: cell In [11], line 2: one"


def test_a_function_that_does_nothing_is_no_cause_of_what_stands_above_it() -> None:
    whole = record(of(because("formula", "log2"), because("empty", "empty_function")))
    assert advice_text(first_thing(whole)).en == "Look at a (formula)"


def test_a_function_that_another_one_calls_is_written_first() -> None:
    calls = because("values", "calls_stub", "it calls b, which is not written yet")
    whole = record(of(calls), task("c", "not_attempted"), task("b", "not_attempted"))
    assert advice_text(first_thing(whole)).en.startswith("Write b: ")
    wrong = record(of(because("formula", "log2"), calls), task("b", "not_attempted"))
    assert advice_text(first_thing(wrong)).en == "Look at a (formula)"


KIT = "All public questions are answered; the grading asks more."


@pytest.mark.parametrize(
    ("kit", "cells", "told"),
    [
        (True, (), KIT),
        (True, (cell(4),), f"{KIT} Errors are left in these cells: In [4]"),
        (False, (cell(4), cell(6)), "Every check has passed. Errors are left in these cells: In [4], In [6]"),
    ],
)
def test_what_is_left_is_not_told_as_nothing(kit: bool, cells: tuple[CellPart, ...], told: str) -> None:  # noqa: FBT001
    whole = record(task("a", "passed"), cells=cells).model_copy(update={"kit": kit})
    assert advice_text(first_thing(whole)).en == told
    assert "全部完成" not in advice_text(first_thing(whole)).zh_tw


def test_full_marks_with_a_broken_cell_are_full_marks() -> None:
    """A cell of the student's own that failed is told in its place; there is nothing to earn with it."""
    whole = record(task("a", "passed"), cells=(cell(1, kind="SyntaxError"),), earned=Fraction(100))
    assert whole.is_full


def test_every_verdict_has_a_mark_of_its_own() -> None:
    assert set(MARKS) == {"passed", "failed", "not_attempted", "ungraded"}
    assert len(set(MARKS.values())) == 4


@pytest.mark.parametrize(
    ("part", "whole", "shown", "exact"),
    [
        (4, 6, "67", "66.67"),
        (1, 3, "33", "33.33"),
        (1, 2, "50", "50"),
        (0, 3, "0", "0"),
        (3, 3, "100", "100"),
        (999, 1000, "99", "99.9"),
        (99999, 100000, "99", "99.99"),
        (1, 1000, "1", "0.1"),
        (5, 4, "125", "125"),
    ],
)
def test_percent_are_rounded_as_people_do_and_only_all_is_a_hundred(
    part: int, whole: int, shown: str, exact: str
) -> None:
    assert (percent(part, whole), percent(part, whole, 2)) == (shown, exact)
