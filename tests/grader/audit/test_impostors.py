"""Every check refuses its impostors, and one that does not is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.audit.impostors import impostors_part
from grader.course.lab import load_lab
from grader.grading.make_key import make_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.audit.finding import Part
    from grader.course.folder import Course

CHECK = '        hint: {zh-TW: "從 0 開始加？", en: "Start from 0?"}\n'


def part(course: Course) -> Part:
    return impostors_part(make_key(load_lab(course, "warmup"), 0), "rubrics/warmup.yaml")


def test_every_impostor_of_every_question_is_tried(fair: Course) -> None:
    assert part(fair).told.en == "40 of 40 impostors refused"
    assert part(fair).findings == ()


def test_a_tolerance_that_lets_an_impostor_pass_is_told_once_with_check_and_file(
    spoil: Callable[[str, str, str], Course],
) -> None:
    course = spoil("rubrics/warmup.yaml", CHECK, f"{CHECK}        judge: {{kind: close, rtol: 0.1}}\n")
    [finding] = part(course).findings
    assert (finding.weight, finding.place, finding.file) == ("unfair", "total.values", "rubrics/warmup.yaml")
    assert finding.told.en == "takes an impostor for right: 1% and a little off"


@pytest.mark.parametrize(
    "question",
    [
        "{public: true, judge: {kind: close, atol: 1.0e-4}, inputs: {x: [1, 2, 4]}}",
        "{public: true, judge: {kind: large, above: 6}, inputs: {x: [1, 2, 4]}}",
        "{public: true, judge: {kind: close, atol: 1.0e-4}, inputs: {x: [1, -1]}}",
    ],
    ids=["a generous tolerance", "another kind", "a generous tolerance where 0 is expected"],
)
def test_a_check_with_options_of_its_own_can_refuse_them_too(
    spoil: Callable[[str, str, str], Course], question: str
) -> None:
    total = "{public: true, inputs: {x: [1, 2, 4]}}\n          - {make: vector"
    course = spoil("rubrics/warmup.yaml", total, f"{question}\n          - {{make: vector")
    assert part(course).findings == ()
