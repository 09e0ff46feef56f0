"""Laws on the reference, on right answers and on mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.audit.context import make_context
from grader.audit.finding import Broken
from grader.audit.laws import breaks, calls_of, form_of, laws_part, not_held, numbers_in, reference_breaks
from grader.errors import LabError
from grader.model import Raised, Returned

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.audit.context import AuditContext
    from grader.course.folder import Course
    from grader.model import Observation

LAWS = "reference/laws/warmup/total.py"
HOLDS = "return bool(ask(x) >= np.max(x) - 1e-3)"


def context_of(course: Course) -> AuditContext:
    return make_context(course, "warmup", 0)


def held(context: AuditContext, function: Callable[[Any], object]) -> list[str]:
    """Return the laws of total that a function breaks, asked as a kernel is asked."""
    trials = context.trials["total"]
    answers: dict[str, Observation] = {}
    for call in calls_of(trials):
        answer = function(call[0])
        answers[form_of(call)] = (
            answer
            if isinstance(answer, Raised | Returned)
            else Returned(np.asarray(answer), np.asarray(answer).dtype.name)
        )
    return [law.name for law in not_held(trials, answers)]


def broken_by(course: Course) -> list[Broken]:
    context = context_of(course)
    lab = context.lab
    return list(breaks("total", lab.laws["total"], context.inputs["total"], mistakes=lab.mistakes["total"]))


def test_the_inputs_are_the_same_every_time(fair: Course) -> None:
    one, other = (context_of(fair).inputs["total"] for _ in range(2))
    assert len(one) > 10
    assert [form_of(call) for call in one] == [form_of(call) for call in other]


def test_a_law_holds_for_the_reference_and_for_every_right_answer(fair: Course) -> None:
    context = context_of(fair)
    assert list(reference_breaks(context.lab.laws["total"], context.inputs["total"], context.lab.oracle("total"))) == []
    assert held(context, sum) == []


def test_a_law_that_the_reference_breaks_is_found(spoil: Callable[[str, str, str], Course]) -> None:
    context = context_of(spoil(LAWS, HOLDS, "return bool(ask(x) < 1)"))
    found = reference_breaks(context.lab.laws["total"], context.inputs["total"], context.lab.oracle("total"))
    assert [law.name for law in found] == ["at_least_the_largest"]


@pytest.mark.parametrize(
    ("function", "broken"),
    [
        (np.mean, True),
        (lambda x: x, True),
        (lambda _: Raised("ValueError", "no"), True),
        (lambda x: np.float16(np.mean(x)), False),
    ],
)
def test_a_law_is_broken_by_numbers_by_another_shape_and_by_no_answer_but_not_by_half_precision(
    fair: Course, function: Callable[[Any], object], *, broken: bool
) -> None:
    assert held(context_of(fair), function) == (["at_least_the_largest"] if broken else [])


def test_each_law_has_the_mistakes_that_break_it_and_how_much_has_to_be_read(fair: Course) -> None:
    assert broken_by(fair) == [Broken("total", "at_least_the_largest", ("mean", "last"), 2)]


def test_a_law_that_no_mistake_breaks_is_told_as_advice(spoil: Callable[[str, str, str], Course]) -> None:
    course = spoil(LAWS, HOLDS, "return bool(ask(x) > 0)")
    rows = broken_by(course)
    assert rows == [Broken("total", "at_least_the_largest", (), 0)]
    [finding] = laws_part(course, context_of(course).lab, rows, broken=[]).findings
    assert (finding.weight, finding.place) == ("advice", "total")
    assert finding.file.endswith("reference/laws/warmup/total.py")


def test_an_input_of_more_than_three_numbers_is_told(spoil: Callable[[str, str, str], Course]) -> None:
    course = spoil(LAWS, "min_size=1, max_size=3", "min_size=5, max_size=6")
    [row] = broken_by(course)
    assert row.largest == 5, "the smallest that there is"
    [finding] = laws_part(course, context_of(course).lab, [row], broken=[]).findings
    assert finding.weight == "unfair"
    assert "by 5 numbers, more than 3" in finding.told.en


@pytest.mark.parametrize(
    ("law", "told"),
    [
        ("return bool(ask(x)[5] > 0)", "IndexError"),
        ("return bool(ask(np.int64(3)) > 0)", "WireError"),
        ("return bool(ask(object()) > 0)", "WireError"),
    ],
)
def test_a_law_that_raises_or_asks_what_cannot_be_asked_is_refused_with_its_file(
    spoil: Callable[[str, str, str], Course], law: str, told: str
) -> None:
    with pytest.raises(LabError, match=rf"total\.py: the law at_least_the_largest, .* raises {told}"):
        context_of(spoil(LAWS, HOLDS, law))


def test_of_pictures_only_what_is_not_black_counts() -> None:
    picture = np.zeros((2, 28, 28), np.uint8)
    picture[:, 3, 4] = 9
    assert numbers_in((picture,)) == 2
    assert numbers_in((np.zeros((2, 2)),)) == 4
    assert numbers_in((0.5, [[np.zeros(3), np.zeros(1)]])) == 3
    assert numbers_in((0.5, "mse")) == 0
