"""Known mistakes lose what their texts say and are told as what they are; correct variants lose nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.audit.candidates import Candidate, judged_as, judged_mistake
from grader.audit.mistakes import mistakes_part, variants_part
from grader.course.lab import load_lab
from grader.grading.make_key import make_key
from grader.messages.sentences import quote
from grader.model import Returned

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.audit.finding import Finding
    from grader.course.folder import Course

DOUBLE = "reference/mistakes/warmup/double"


def findings(course: Course, *seeds: int) -> list[Finding]:
    lab = load_lab(course, "warmup")
    candidates = [
        judged_mistake(lab, key, task, mistake=mistake)
        for key in [make_key(lab, seed) for seed in seeds or (0,)]
        for task, mistakes in lab.mistakes.items()
        for mistake in mistakes
    ]
    return list(mistakes_part(course, lab, candidates, seeds=len(seeds)).findings)


def one_told(course: Course) -> str:
    [finding] = findings(course)
    assert (finding.weight, finding.place) == ("unfair", "double")
    assert finding.file.endswith(f"{DOUBLE}.yaml")
    return finding.told.en


def test_the_mistakes_of_the_fair_course_are_in_order_under_several_seeds(fair: Course) -> None:
    assert findings(fair, 0, 1, 2, 3, 4, 5) == []


def test_a_mistake_that_is_a_right_answer_loses_nothing_and_is_told(spoil: Callable[[str, str, str], Course]) -> None:
    course = spoil(f"{DOUBLE}.py", "return 2 * np.ravel(x)[0]", "return 2 * x")
    assert one_told(course) == "first_only passes batch, which it should lose"


def test_a_mistake_that_loses_more_than_it_says_is_told_with_the_reason(
    spoil: Callable[[str, str, str], Course],
) -> None:
    course = spoil(f"{DOUBLE}.yaml", "loses: [values, batch]", "loses: [batch]")
    assert one_told(course).startswith("square loses values too: the number is off by ")


def test_a_mistake_that_says_that_it_loses_more_is_told(spoil: Callable[[str, str, str], Course]) -> None:
    course = spoil(f"{DOUBLE}.yaml", "loses: [values]", "loses: [values, batch]")
    assert one_told(course) == "rounded passes batch, which it should lose"


def test_a_mistake_with_the_answers_of_one_before_it_is_told_as_that_one(
    spoil: Callable[[str, str, str], Course],
) -> None:
    spoil(f"{DOUBLE}.py", "return np.round(2 * np.asarray(x), 1)", "return np.asarray(x) * x")
    course = spoil(f"{DOUBLE}.yaml", "loses: [values]", "loses: [values, batch]")
    assert {finding.told.en for finding in findings(course)} == {
        "rounded loses values, and is explained as square instead"
    }


def test_the_same_fault_under_several_seeds_is_told_once(spoil: Callable[[str, str, str], Course]) -> None:
    course = spoil(f"{DOUBLE}.py", "return 2 * np.ravel(x)[0]", "return 2 * x")
    assert len(findings(course, 0, 1, 2)) == 1


@pytest.mark.parametrize(("factor", "lost"), [(2.0, []), (3.0, ["double.values", "double.batch"])])
def test_a_variant_that_loses_something_is_told_with_check_reason_and_file(
    fair: Course, factor: float, lost: list[str]
) -> None:
    lab = load_lab(fair, "warmup")
    key = make_key(lab, 0)
    asked = [one.question for one in key.asked if one.question.task == "double"]
    answers = [Returned(np.asarray(factor * np.asarray(one.arguments[0])), "float64") for one in asked]
    candidate = Candidate("double", "mine", 0, judged_as(key, "double", answers))
    found = variants_part(fair, lab, [candidate], broken={}).findings
    assert [finding.place for finding in found] == lost
    for finding in found:
        assert finding.told.en.startswith("the right answer mine loses it: ")
        assert finding.file.endswith("tests/correct/warmup/double.py")


def test_a_file_that_cannot_be_imported_is_told_with_the_reason(fair: Course) -> None:
    lab, path = load_lab(fair, "warmup"), fair.folder / "tests/correct/warmup/double.py"
    [finding] = variants_part(fair, lab, [], broken={path: quote("ImportError: no")}).findings
    assert (finding.weight, finding.place, finding.file) == ("unfair", "double", str(path))
    assert finding.told.en == "cannot be imported: ImportError: no"
