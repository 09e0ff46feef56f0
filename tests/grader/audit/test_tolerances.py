"""How far right and wrong answers stand from the end of a tolerance."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.audit.candidates import Candidate, judged_as, judged_mistake
from grader.audit.finding import Clearance, Measured
from grader.audit.tolerances import clearances, distance, ruler, tolerances_part
from grader.course.lab import load_lab
from grader.grading.make_key import make_key
from grader.model import Returned

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.course.folder import Course

FILE = "rubrics/warmup.yaml"


@pytest.mark.parametrize(
    ("observed", "expected", "far"),
    [
        (1.0, 1.0, 0.0),
        (1.0001, 1.0, 1e-4 / 3e-4),
        (1.0006, 1.0, 2.0),
        (1e-4, 0.0, 1.0),
        ([1.0, 2.0], [1.0, 2.0005], 5e-4 / 5.001e-4),
        ([1.0], 1.0, 0.0),
        ([1.0, 2.0], 1.0, math.inf),
        ([[1.0, 2.0]], [1.0, 2.0], math.inf),
        (math.nan, 1.0, math.inf),
        (True, 1.0, math.inf),
        (np.zeros(0), np.zeros(0), 0.0),
    ],
)
def test_a_distance_is_measured_in_tolerances(observed: Any, expected: Any, far: float) -> None:  # noqa: ANN401
    assert distance(np.asarray(observed), np.asarray(expected), 2e-4, 1e-4) == pytest.approx(far, abs=1e-9)


def test_without_a_tolerance_only_the_same_is_near() -> None:
    assert distance(np.asarray(1.0), np.asarray(1.0), 0.0, 0.0) == 0
    assert distance(np.asarray(1.1), np.asarray(1.0), 0.0, 0.0) == math.inf


def rows(course: Course, *, right: float) -> dict[str, Clearance]:
    """Measure the mistakes of double, and a variant that is a factor off."""
    lab = load_lab(course, "warmup")
    key = make_key(lab, 0)
    asked = [one for one in key.asked if one.question.task == "double"]
    answers = [Returned(np.asarray(np.asarray(one.expected) * right, np.float64), "float64") for one in asked]
    variant = Candidate("double", "mine", 0, judged_as(key, "double", answers))
    mistakes = [judged_mistake(lab, key, "double", mistake=mistake) for mistake in lab.mistakes["double"]]
    return {row.place: row for row in clearances([variant, *mistakes])}


def told(course: Course, *, right: float) -> list[tuple[str, str]]:
    found = tolerances_part(tuple(rows(course, right=right).values()), FILE).findings
    assert {(finding.weight, finding.file) for finding in found} <= {("unfair", FILE)}
    return [(finding.place, finding.told.en.split(":")[0]) for finding in found]


def test_a_check_has_its_variants_and_the_mistakes_that_it_catches_by_their_numbers(fair: Course) -> None:
    found = rows(fair, right=1 + 2e-5)
    assert set(found) == {"double.values", "double.batch"}
    assert [one.name for one in found["double.values"].variants] == ["mine"]
    assert found["double.values"].variants[0].distance == pytest.approx(0.1, rel=0.01)
    assert [one.name for one in found["double.values"].mistakes] == ["rounded", "square"]
    assert [one.name for one in found["double.batch"].mistakes] == ["square"], "a wrong shape is no near miss"


def test_a_tolerance_that_is_clear_on_both_sides_is_in_order(fair: Course) -> None:
    assert told(fair, right=1 + 2e-5) == []


def test_a_tolerance_that_a_right_answer_nearly_fills_is_too_narrow(fair: Course) -> None:
    assert told(fair, right=1 + 1.5e-4) == [
        ("double.values", "the tolerance is narrow"),
        ("double.batch", "the tolerance is narrow"),
    ]


def test_a_tolerance_that_a_mistake_hardly_leaves_is_too_wide(spoil: Callable[[str, str, str], Course]) -> None:
    course = spoil(
        FILE, 'en: "What about adding it to itself?"}', 'en: "What?"}\n        judge: {kind: close, rtol: 2e-3}'
    )
    assert told(course, right=1.0) == [("double.values", "the tolerance is wide")]


def test_the_nearest_to_the_end_come_first() -> None:
    row = Clearance("f.values", (Measured("far", 0.2), Measured("near", 0.1)), (Measured("close", 4.0),))
    assert "0.2 of the tolerance, the nearest wrong one at 4" in tolerances_part([row], FILE).told.en
    assert tolerances_part([], FILE).told.en == "no answers to measure yet"


def test_only_a_kind_with_both_tolerances_that_is_about_numbers_has_a_ruler(
    spoil: Callable[[str, str, str], Course],
) -> None:
    course = spoil(FILE, "{public: true, inputs: {x: [1, 2, 4]}}\n          - {make: vector",
                   "{public: true, judge: {kind: large, above: 6}, inputs: {x: [1, 2, 4]}}\n"
                   "          - {make: vector")  # fmt: skip
    asked = [one for one in make_key(load_lab(course, "warmup"), 0).asked if one.question.task == "total"]
    assert [ruler(one) for one in asked] == [None, (2e-4, 1e-6), (2e-4, 1e-6)]


def test_half_precision_has_a_tolerance_of_its_own_and_is_left_out(fair: Course) -> None:
    lab = load_lab(fair, "warmup")
    key = make_key(lab, 0)
    key = replace(key, asked=tuple(replace(one, options={"half_precision": True}) for one in key.asked))
    asked = [one for one in key.asked if one.question.task == "double"]
    answers = [Returned(np.asarray(one.expected, np.float16), "float16") for one in asked]
    assert clearances([Candidate("double", "half", 0, judged_as(key, "double", answers))]) == ()
