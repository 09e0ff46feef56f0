"""Points are exact fractions; what was not graded has no score, which is not a score of zero."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.grading.scoring import score_check, score_submission, score_task
from grader.model import Failed, Passed, Text, Ungraded, Untouched, Verdict

WHY = Text("因為", "because")
FAILED, UNTOUCHED, UNGRADED = Failed(WHY), Untouched(WHY), Ungraded(WHY)
POINTS = st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=1000)
VERDICTS = st.sampled_from([Passed(), FAILED, UNTOUCHED])


@pytest.mark.parametrize(
    ("verdict", "earned"),
    [
        (Passed(), Fraction(5, 2)),
        (Passed((WHY,)), Fraction(5, 2)),
        (FAILED, Fraction(0)),
        (UNTOUCHED, Fraction(0)),
        (UNGRADED, None),
    ],
    ids=repr,
)
def test_a_check_earns_all_or_nothing_or_has_no_score(verdict: Verdict, earned: Fraction | None) -> None:
    score = score_check("values", verdict, Fraction(5, 2), questions=4, agreed=3)
    assert (score.earned, score.points) == (earned, Fraction(5, 2))
    assert (score.name, score.verdict, score.questions, score.agreed) == ("values", verdict, 4, 3)


def test_three_thirds_are_one() -> None:
    third = Fraction(1, 3)
    checks = [score_check(str(n), Passed(), third, questions=1, agreed=1) for n in range(3)]
    score = score_submission([score_task("task", checks)])
    assert score.earned == score.points == 1


def test_ten_tenths_are_one() -> None:
    checks = [score_check(str(n), Passed(), Fraction("0.1"), questions=1, agreed=1) for n in range(10)]
    assert score_submission([score_task("task", checks)]).earned == 1


def test_999_checks_of_1000_are_not_full_marks() -> None:
    checks = [
        score_check(str(n), Passed() if n else FAILED, Fraction(1, 10), questions=1, agreed=1) for n in range(1000)
    ]
    score = score_submission([score_task("task", checks)])
    assert (score.earned, score.points) == (Fraction(999, 10), Fraction(100))
    assert score.earned != score.points


def test_one_check_without_a_score_leaves_its_task_and_the_whole_without_one() -> None:
    good = score_task("good", [score_check("a", Passed(), Fraction(5), questions=1, agreed=1)])
    bad = score_task(
        "bad",
        [
            score_check("a", Passed(), Fraction(5), questions=1, agreed=1),
            score_check("b", UNGRADED, Fraction(5), questions=1, agreed=0),
        ],
    )
    score = score_submission([good, bad])
    assert [good.earned, bad.earned, score.earned] == [5, None, None]
    assert [good.points, bad.points, score.points] == [5, 10, 15]


def test_nothing_attempted_is_a_score_of_zero_and_not_none() -> None:
    parts = [score_check("a", UNTOUCHED, Fraction(5), questions=1, agreed=0)]
    score = score_submission([score_task("task", parts)])
    assert score.earned == 0
    assert score.earned is not None


@given(st.lists(st.lists(st.tuples(VERDICTS, POINTS), min_size=1, max_size=4), min_size=1, max_size=4))
def test_the_parts_add_up_exactly_and_full_marks_need_every_check(tasks: list[list[tuple[Verdict, Fraction]]]) -> None:
    score = score_submission(
        score_task(
            str(number),
            [score_check(str(n), verdict, points, questions=1, agreed=0) for n, (verdict, points) in enumerate(checks)],
        )
        for number, checks in enumerate(tasks)
    )
    every = [check for one in score.tasks for check in one.checks]
    assert score.earned == sum((check.points for check in every if check.verdict == Passed()), Fraction(0))
    assert score.points == sum((check.points for check in every), Fraction(0))
    assert (score.earned == score.points) is all(isinstance(check.verdict, Passed) for check in every)
    for one in score.tasks:
        assert one.earned == sum((check.earned or 0 for check in one.checks), Fraction(0))
