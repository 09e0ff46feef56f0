"""Of a hidden question only kinds are told: no value, no word of the student's, whatever came instead of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.grading.explaining.combined import combined_mistake
from grader.grading.judging import judge_run
from grader.grading.key import Asked, Key
from grader.model import (
    Cell,
    Died,
    Failed,
    Missing,
    OverLimit,
    Passed,
    Place,
    Question,
    Raised,
    Returned,
    Run,
    Text,
    TimedOut,
    Unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.grading.judging import Judged
    from grader.model import Observation, Verdict

ABOUT = Text("兩個數", "two numbers")
SECRET = "87654"  # noqa: S105 (what a report must not hold)
PLACE = Place(3, 4)
CELLS = (Cell(3, "def double(x):\n    y = x\n    z = y\n    raise ValueError"),)


def asked(expected: object, *, public: bool = False, kind: str = "close", **options: object) -> Asked:
    question = Question("double", "values", (np.asarray(expected) / 2,))
    about = None if public else ABOUT
    return Asked(question, ("x",), public, np.asarray(expected), kind, options, {}, about)


def judged(asked: Sequence[Asked], seen: Sequence[Observation]) -> Judged:
    [check] = judge_run(Key("lab", 7, tuple(asked)), Run(tuple(seen), (), "none"), CELLS)
    return check


def told(verdict: Verdict) -> str:
    """Return all that a verdict says."""
    assert isinstance(verdict, Failed)
    assert verdict.evidence is None
    hint = "" if verdict.hint is None else verdict.hint.en + verdict.hint.zh_tw
    return f"{verdict.because.en} {verdict.because.zh_tw} {verdict.mistake} {hint}"


INSTEAD: Mapping[str, Observation] = {
    "a message": Raised("ValueError", f"inputs: {SECRET}", PLACE, "double"),
    "a message that Keras could have said": Raised("AttributeError", f"module 'keras' has no attribute 'x{SECRET}'"),
    "an exception's name": Raised(f"Input{SECRET}", "", PLACE, "double"),
    "a function's name": Raised("NotImplementedError", "", PLACE, f"input_{SECRET}"),
    "a line that the notebook does not have": Raised("ValueError", "", Place(3, int(SECRET)), "double"),
    "a cell that the notebook does not have": Raised("ValueError", "", Place(int(SECRET), 1), "double"),
    "a type's name": Unreadable("type", f"T{SECRET}"),
    "a text's type": Unreadable("text", f"T{SECRET}"),
    "what stands in the place of the function": Missing(f"T{SECRET}"),
    "memory": OverLimit("memory", 512, int(SECRET)),
    "output": OverLimit("output", 32, int(SECRET)),
    "files": OverLimit("files", 100, int(SECRET)),
    "time": TimedOut("call", float(SECRET)),
    "a signal": Died(int(SECRET)),
}


@pytest.mark.parametrize("name", INSTEAD)
def test_what_came_instead_of_an_answer_tells_no_word_or_number_of_the_students(name: str) -> None:
    verdict = judged([asked([1.0, 2.0])], [INSTEAD[name]]).verdict
    assert SECRET not in told(verdict)
    assert isinstance(verdict, Failed)
    assert (verdict.mistake is not None, verdict.about) == (True, ABOUT)


def test_an_exception_is_told_by_its_known_name_and_its_place_in_the_notebook() -> None:
    because = told(judged([asked(1.0)], [INSTEAD["a message"]]).verdict)
    assert "ValueError" in because
    assert "cell In [3], line 4" in because
    assert "ValueError" not in told(judged([asked(1.0)], [INSTEAD["an exception's name"]]).verdict)


WRONG: Mapping[str, tuple[Asked, object]] = {
    "off by": (asked(3.75), 0.0),
    "relative": (asked([3.75, 9.5]), [3.75, 0.0]),
    "a shape": (asked(np.full((3, 5), 3.75)), 0.0),
    "not finite": (asked([1.0, 2.0, 9.5, 3.75]), [1.0, np.nan, 3.75, np.inf]),
    "a large number": (asked(9.5, kind="large", above=9.375), 3.75),
    "a large number of another shape": (asked(9.5, kind="large", above=9.375), np.zeros((3, 5))),
    "a number that is not finite": (asked(9.5, kind="large", above=9.375), 8.75e9),
    "a law's shape": (asked([9.5, 3.75, 1.0], kind="law", law="x"), np.zeros((3, 5))),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_tells_no_number(name: str) -> None:
    one, answer = WRONG[name]
    because = told(judged([one], [Returned(np.asarray(answer, np.float64), "float64")]).verdict)
    assert not any(character.isdigit() for character in because), because


def test_a_public_question_is_told_with_its_numbers_as_before() -> None:
    verdict = judged([asked(3.75, public=True)], [Returned(np.zeros(()), "float64")]).verdict
    assert isinstance(verdict, Failed)
    assert verdict.because.en.startswith("the number is off by 3.75")


def test_the_number_that_every_hidden_question_got_is_not_told() -> None:
    answers = [Returned(np.asarray(float(SECRET)), "float64")] * 2
    verdict = judged([asked(1.0), asked(2.0)], answers).verdict
    assert isinstance(verdict, Failed)
    assert verdict.mistake == "same_number"
    assert SECRET not in told(verdict)


@pytest.mark.parametrize(("change", "name"), [(1.3, "constant_factor"), (0.7, "constant_offset")])
def test_a_factor_or_an_addend_is_named_without_its_number_where_a_question_is_hidden(change: float, name: str) -> None:
    def explained(*, public: bool) -> str:
        values = (1.75, 4.25)
        wrong = [one * change if name == "constant_factor" else one + change for one in values]
        seen = [Returned(np.asarray(one), "float64") for one in wrong]
        answers = judged([asked(values[0], public=True), asked(values[1], public=public)], seen).answers
        explanation = combined_mistake(lambda x: 2 * x, answers)
        assert explanation is not None
        assert explanation.name == name
        return explanation.because.en

    assert str(change) in explained(public=True)
    assert not any(character.isdigit() for character in explained(public=False))


def test_of_the_hidden_questions_of_a_check_all_are_counted_as_missed_or_none() -> None:
    def counts(*answers: float) -> tuple[int, tuple[int, ...]]:
        questions = [asked(1.0, public=True), asked(2.0), asked(3.0, public=True), asked(4.0)]
        check = judged(questions, [Returned(np.asarray(one), "float64") for one in answers])
        return check.agreed, check.missed

    assert counts(1.0, 2.0, 3.0, 9.0) == (2, (2, 4))
    assert counts(1.0, 9.0, 3.0, 4.0) == (2, (2, 4))
    assert counts(9.0, 2.0, 3.0, 4.0) == (3, (1,))
    assert counts(9.0, 2.0, 3.0, 9.0) == (1, (1, 2, 4))


def test_the_shape_of_a_right_answer_to_a_hidden_question_is_not_told() -> None:
    verdict = judged([asked(3.75)], [Returned(np.full((1, 1, 1), 3.75), "float64")]).verdict
    assert verdict == Passed()
    verdict = judged([asked(3.75, public=True)], [Returned(np.full((1, 1), 3.75), "float64")]).verdict
    assert isinstance(verdict, Passed)
    assert "(1, 1)" in verdict.notes[0].en
