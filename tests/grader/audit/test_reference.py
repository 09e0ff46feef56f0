"""The reference and its makers are asked twice; variants that use TensorFlow stand beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.audit.candidates import Candidate, judged_as
from grader.audit.reference import counterparts, reference_part
from grader.course.lab import load_lab
from grader.errors import LabError
from grader.grading.make_key import make_key
from grader.model import Returned

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from grader.audit.finding import Finding
    from grader.course.folder import Course
    from grader.grading.key import Asked

REFERENCE = "reference/warmup.py"


def expected_of(asked: Asked) -> NDArray[np.float64]:
    """Return the expected numbers of a question about numbers."""
    assert isinstance(asked.expected, np.ndarray)
    return asked.expected.astype(np.float64)


def findings(course: Course) -> list[Finding]:
    lab = load_lab(course, "warmup")
    return list(reference_part(lab, make_key(lab, 0), (), file=REFERENCE).findings)


def test_a_pure_reference_is_told_as_such(fair: Course) -> None:
    assert findings(fair) == []


def test_a_reference_that_answers_differently_the_second_time_is_told_once(
    spoil: Callable[[str, str, str], Course],
) -> None:
    counting = "COUNT.append(1)\n    return float(np.sum(x)) + len(COUNT)\n\n\nCOUNT: list[int] = []"
    [finding] = findings(spoil(REFERENCE, "return float(np.sum(x))", counting))
    assert (finding.weight, finding.place, finding.file) == ("unfair", "total", REFERENCE)
    assert "when it is asked again" in finding.told.en


def test_a_maker_with_chance_of_its_own_is_told(spoil: Callable[[str, str, str], Course]) -> None:
    course = spoil(REFERENCE, "rng.uniform(1, 9)", "np.random.default_rng().uniform(1, 9)")
    [finding] = findings(course)
    assert (finding.weight, finding.place) == ("unfair", "double.values")
    assert "for the same seed" in finding.told.en


def test_a_reference_that_changes_its_inputs_is_refused_before_anything_runs(
    spoil: Callable[[str, str, str], Course],
) -> None:
    course = spoil(REFERENCE, "return float(np.sum(x))", "x += 1\n    return float(np.sum(x))")
    with pytest.raises(LabError, match="changes its inputs"):
        findings(course)


def test_the_largest_difference_of_the_variants_that_use_a_framework_is_measured(fair: Course) -> None:
    lab = load_lab(fair, "warmup")
    key = make_key(lab, 0)
    asked = [one for one in key.asked if one.question.task == "double"]
    answers = [Returned(np.asarray(expected_of(one) * (1 + 1e-5)), "float64") for one in asked]
    candidate = Candidate("double", "mine", 0, judged_as(key, "double", answers))
    double, total = counterparts(key, [candidate])
    assert (double.task, double.variants) == ("double", ("mine",))
    assert double.relative == pytest.approx(1e-5)
    assert double.difference == pytest.approx(1e-5 * max(float(expected_of(one).max()) for one in asked))
    assert (total.task, total.variants) == ("total", ())
    assert "1 of 2 tasks" in reference_part(lab, key, (double, total), file=REFERENCE).told.en
