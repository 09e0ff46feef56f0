"""What a student has in the end: exact, never below zero, and the same whoever computes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.settings import Settings
from grader.gradebook.entries import Kind, Mark, Result
from grader.gradebook.standing import Standing, standing_of
from grader.gradebook.task_standing import Remarks

if TYPE_CHECKING:
    from collections.abc import Callable

DUE = "2026-03-16 12:00"
DEADLINE = Settings.model_validate({"labs": {"lab01": {"due": DUE}}}).deadline("lab01") or datetime.now(UTC)


def result(earned: str | None, submitted: datetime | None = None) -> Result:
    return Result(
        lab="lab01",
        student="s001",
        attempt=1,
        submitted=submitted,
        seen=DEADLINE,
        graded_at="",
        submission_sha256=None,
        course_sha256="",
        seed=7,
        version="0.1",
        earned=None if earned is None else Fraction(earned),
        points=Fraction(10),
        ungraded=None if earned is not None else "because",
        record_json="",
    )


def mark(kind: Kind, points: str | None = None, comment: str = "", **more: Any) -> Mark:  # noqa: ANN401 (keys of a mark)
    given = None if points is None else Fraction(points)
    return Mark("lab01", "s001", kind, points=given, comment=comment, **more)


def standing(one: Result | None, *marks: Mark, **late: object) -> Standing:
    settings = Settings.model_validate({"late": late, "labs": {"lab01": {"due": DUE}}})
    return standing_of("s001", "lab01", points=Fraction(10), result=one, remarks=Remarks(marks), settings=settings)


def after(days: int) -> datetime:
    """Return a moment on the given day after the deadline; the first begins with it."""
    return DEADLINE + timedelta(days=days - 1, hours=1)


# Points ---------------------------------------------------------------------------------------------------------------


def test_without_marks_the_automatic_score_is_the_score() -> None:
    found = standing(result("7.5"))
    assert (found.score, found.automatic, found.state) == (Fraction("7.5"), Fraction("7.5"), "graded")
    assert not found.added
    assert not found.penalty


def test_points_of_a_teacher_add_up_exactly() -> None:
    found = standing(result("7"), mark("add", "1/3"), mark("add", "1/3"), mark("add", "1/3"), mark("add", "-2"))
    assert found.score == 6
    assert found.added == -1


def test_a_score_is_above_the_points_by_a_bonus_alone_and_never_below_zero() -> None:
    above = standing(result("8"), mark("add", "5"))
    assert (above.score, above.added, above.cut) == (Fraction(10), Fraction(5), Fraction(3))
    assert standing(result("8"), mark("add", "5", bonus=True)).score == 13
    both = standing(result("9"), mark("add", "2", bonus=True), mark("add", "4"))
    assert (both.score, both.cut) == (Fraction(12), Fraction(3))
    assert standing(result("9"), mark("add", "-2", bonus=True), mark("add", "4")).score == 10
    assert standing(None, mark("add", "12")).score == 10
    assert standing(result("12"), mark("add", "1")).score == 12, "what the grader gave is never cut"
    assert standing(result("1"), mark("add", "-5")).score == 0


def test_points_given_by_hand_stand_for_themselves_where_nothing_was_graded() -> None:
    for one in (None, result(None)):
        found = standing(one, mark("add", "8"))
        assert (found.score, found.automatic, found.state) == (Fraction(8), None, "graded")
    assert standing(None, mark("add", "0")).score == 0, "a zero by hand is a score"


@pytest.mark.parametrize(("one", "state"), [(None, "missing"), (result(None), "ungraded"), (result("0"), "graded")])
def test_what_could_not_be_graded_and_what_is_missing_have_no_score(one: Result | None, state: str) -> None:
    found = standing(one, mark("comment", comment="where is it?"))
    assert found.state == state
    assert (found.score is None) == (state != "graded")


# Late -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "score"), [(0, "8"), (1, "7"), (2, "6"), (5, "3"), (6, "3"), (99, "3")], ids=str)
def test_each_day_costs_its_percentage_of_the_points_up_to_the_cap(days: int, score: str) -> None:
    found = standing(result("8", after(days)), percent_per_day=10, percent_at_most=50)
    assert (found.days_late, found.score) == (days, Fraction(score))
    assert found.penalty == 8 - Fraction(score)


def test_a_percentage_may_be_of_what_was_earned() -> None:
    found = standing(result("8", after(2)), percent_per_day=25, of="earned")
    assert (found.penalty, found.score) == (Fraction(4), Fraction(4))
    found = standing(result("6", after(1)), mark("add", "2"), percent_per_day=25, of="earned")
    assert (found.penalty, found.score) == (Fraction(2), Fraction(6)), "and what a teacher added is earned too"


def test_a_percentage_that_is_no_whole_number_is_exact() -> None:
    assert standing(result("10", after(3)), percent_per_day=0.1).score == Fraction("9.97")


def test_no_more_is_taken_off_than_there_is() -> None:
    found = standing(result("3", after(5)), percent_per_day=10)
    assert (found.penalty, found.score) == (Fraction(3), Fraction(0))
    found = standing(result("1", after(5)), mark("add", "-2"), percent_per_day=10)
    assert (found.penalty, found.score) == (Fraction(0), Fraction(0))


def test_a_teachers_word_on_lateness_goes_before_the_clock_and_the_last_word_holds() -> None:
    late = {"percent_per_day": 10}
    one = result("10", after(3))
    assert standing(one, **late).days_late == 3
    assert standing(one, mark("late", days=0), **late).score == 10
    assert standing(one, mark("late", days=0), mark("late", days=5), **late).score == 5
    assert standing(one, mark("late", submitted=after(2)), **late).days_late == 2
    assert standing(one, mark("late", submitted=DEADLINE), **late).days_late == 0
    assert standing(one, mark("late", days=0), mark("late"), **late).days_late == 3, "taken back"
    assert standing(result("10"), mark("late"), **late).days_late == 0, "nobody knows when it came"


def test_being_late_without_a_policy_is_told_and_costs_nothing() -> None:
    found = standing(result("8", after(4)))
    assert (found.days_late, found.penalty, found.score) == (4, Fraction(0), Fraction(8))


# Excused and comments -------------------------------------------------------------------------------------------------


def test_the_last_word_on_an_excuse_holds_and_the_score_is_still_known() -> None:
    found = standing(result("8"), mark("excuse"))
    assert (found.state, found.score) == ("excused", Fraction(8))
    assert standing(result("8"), mark("excuse"), mark("unexcuse")).state == "graded"
    assert standing(None, mark("excuse"), mark("unexcuse"), mark("excuse")).state == "excused"


def test_comments_are_told_in_their_order_and_those_of_a_word_that_was_taken_back_are_not() -> None:
    found = standing(
        result("8"),
        mark("add", "1", "first"),
        mark("excuse", comment="ill"),
        mark("comment", comment="second"),
        mark("unexcuse", comment="was not ill"),
        mark("late", comment="by mail", days=2),
        mark("late", comment="by post", days=1),
        mark("comment"),
        mark("add", "1", "third"),
    )
    assert found.comments == ("first", "second", "was not ill", "by post", "third")


# Always ---------------------------------------------------------------------------------------------------------------

FRACTIONS = st.fractions(-20, 20, max_denominator=100)
MARKS = st.one_of(
    st.builds(lambda points, bonus: mark("add", str(points), bonus=bonus), FRACTIONS, st.booleans()),
    st.integers(0, 30).map(lambda days: mark("late", days=days)),
    st.sampled_from([mark("late"), mark("excuse"), mark("unexcuse"), mark("comment", comment="x")]),
)
POLICIES = st.fixed_dictionaries(
    {
        "percent_per_day": st.integers(0, 100),
        "percent_at_most": st.integers(0, 100),
        "of": st.sampled_from(["points", "earned"]),
    }
)


@given(
    earned=st.none() | st.fractions(0, 10, max_denominator=100),
    days=st.integers(0, 20),
    marks=st.lists(MARKS, max_size=6),
    policy=POLICIES,
)
def test_a_score_is_what_it_is_made_of_and_a_penalty_is_never_more_than_the_cap(
    earned: Fraction | None, days: int, marks: list[Mark], policy: dict[str, Any]
) -> None:
    one = result(None if earned is None else str(earned), after(days))
    found = standing(one, *marks, **policy)
    if found.score is None:
        assert earned is None
        assert not any(entry.kind == "add" for entry in marks)
        return
    bonus = sum((entry.points for entry in marks if entry.bonus and entry.points and entry.points > 0), Fraction(0))
    before = (earned or Fraction(0)) + found.added - found.cut
    assert found.cut >= 0
    assert before <= found.points + bonus
    left = max(before, Fraction(0))
    assert found.score == left - found.penalty
    assert 0 <= found.penalty <= left
    whole = found.points if policy["of"] == "points" else left
    assert found.penalty <= whole * policy["percent_at_most"] / 100
    never: Callable[[Mark], bool] = lambda entry: entry.kind != "late"  # noqa: E731 (named for what it says)
    in_time = standing(result(None if earned is None else str(earned)), *filter(never, marks), **policy)
    assert in_time.score is not None
    assert in_time.score >= found.score, "being late never pays"
