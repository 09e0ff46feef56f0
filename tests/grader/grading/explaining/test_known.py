"""A known mistake is named when it gives every answer of a check, whatever kind of answer that is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.course.folder import Course
from grader.course.lab import Lab, load_lab
from grader.course.mistakes_and_laws import Mistake
from grader.grading.explaining.known import answer_of, known_mistake
from grader.grading.judging import Answer, Judged
from grader.grading.make_key import make_key
from grader.messages.sentences import say
from grader.model import Agrees, Differs, Failed, Passed, Raised, Returned, Unreadable
from grader.wire.observations import observe

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.model import Observation

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Return a lab of two tasks."""
    return load_lab(Course(ROOT / "tests/another_course"), "warmup")


def mistake(name: str, function: Callable[..., object]) -> Mistake:
    return Mistake(name, ("values",), say("not written yet"), say("not written yet"), function)


def answers(lab: Lab, function: Callable[[Any], Observation]) -> tuple[Answer, ...]:
    asked = [one for one in make_key(lab, 1).asked if (one.question.task, one.question.check) == ("double", "values")]
    wrong = Differs(say("not written yet"))
    return tuple(Answer(one, function(one.question.arguments[0]), wrong) for one in asked)


def lost(check: str, seen: tuple[Answer, ...]) -> Judged:
    return Judged("double", check, Failed(say("not written yet")), seen)


def name_of(mistakes: list[Mistake], seen: tuple[Answer, ...]) -> str | None:
    one = lost("values", seen)
    explanation = known_mistake(mistakes, one, [one])
    return None if explanation is None else explanation.name


def test_the_mistake_that_gives_every_answer_is_named(lab: Lab) -> None:
    known = [mistake("triples", lambda x: 3 * x), mistake("squares", lambda x: x**2)]
    assert name_of(known, answers(lab, lambda x: observe(x**2))) == "squares"


def test_of_two_that_fit_the_first_is_named(lab: Lab) -> None:
    known = [mistake("one", lambda x: x**2), mistake("other", lambda x: x * x)]
    assert name_of(known, answers(lab, lambda x: observe(x**2))) == "one"


def test_a_mistake_that_misses_one_answer_is_not_named(lab: Lab) -> None:
    seen = answers(lab, lambda x: observe(x**2 if x != 1.5 else 0.0))
    assert name_of([mistake("squares", lambda x: x**2)], seen) is None


def test_an_answer_in_float32_is_the_same_mistake(lab: Lab) -> None:
    seen = answers(lab, lambda x: observe(np.float32(x) ** 2))
    assert name_of([mistake("squares", lambda x: x**2)], seen) == "squares"


def test_another_shape_is_another_mistake(lab: Lab) -> None:
    seen = answers(lab, lambda x: observe(np.array([x**2, x**2])))
    assert name_of([mistake("squares", lambda x: x**2)], seen) is None


def test_nothing_returned_and_text_can_be_known_mistakes(lab: Lab) -> None:
    known = [mistake("prints", lambda _: None), mistake("texts", str)]
    assert name_of(known, answers(lab, lambda _: Unreadable("nothing", "NoneType"))) == "prints"
    assert name_of(known, answers(lab, lambda _: Unreadable("text", "str"))) == "texts"


def test_an_exception_is_the_same_when_its_kind_and_the_beginning_of_its_message_are(lab: Lab) -> None:
    known = [mistake("caret", lambda x: x ^ 2)]
    message = "unsupported operand type(s) for ^: 'float' and 'int'"
    assert name_of(known, answers(lab, lambda _: Raised("TypeError", message))) == "caret"
    assert name_of(known, answers(lab, lambda _: Raised("TypeError", "something else"))) is None
    assert name_of(known, answers(lab, lambda _: Raised("ValueError", message))) is None


def test_a_mistake_gets_copies_of_the_arguments_and_no_warning_of_its_is_heard(lab: Lab) -> None:
    asked = next(one for one in make_key(lab, 1).asked if one.question.check == "batch")
    before = np.array(asked.question.arguments[0])

    def spoils(x: Any) -> Any:  # noqa: ANN401 (any mistake)
        x /= 0.0
        return x

    answer = answer_of(mistake("spoils", spoils), asked.question)
    assert isinstance(answer, Returned)
    assert np.array_equal(before, np.asarray(asked.question.arguments[0]))


def test_true_and_1_are_two_answers(lab: Lab) -> None:
    known = [mistake("number", lambda x: 1.0 * (np.asarray(x) > 0)), mistake("truth", lambda x: np.asarray(x) > 0)]
    assert name_of(known, answers(lab, lambda x: observe(np.asarray(x) > 0))) == "truth"


def judged(lab: Lab, check: str, function: Callable[[Any], Observation], *, passes: Callable[[Any], bool]) -> Judged:
    """Judge a check of `double`: an answer is right where `passes` says so of its argument."""
    asked = [one for one in make_key(lab, 1).asked if (one.question.task, one.question.check) == ("double", check)]
    wrong = Differs(say("not written yet"))
    seen = tuple(
        Answer(one, function(x), Agrees() if passes(x) else wrong) for one in asked for x in [one.question.arguments[0]]
    )
    is_right = all(isinstance(answer.judgement, Agrees) for answer in seen)
    return Judged("double", check, Passed() if is_right else Failed(say("not written yet")), seen)


def named(
    lab: Lab, known: Mistake, function: Callable[[Any], Observation], *, passes: Callable[[Any], bool]
) -> str | None:
    """Return the name for the check `batch` of a function."""
    both = [judged(lab, check, function, passes=passes) for check in ("values", "batch")]
    explanation = known_mistake([known], both[1], both)
    return None if explanation is None else explanation.name


def is_number(x: Any) -> bool:  # noqa: ANN401 (any argument)
    return np.ndim(x) == 0


def loses_all(function: Callable[..., object]) -> Mistake:
    return replace(mistake("known", function), loses=("values", "batch"))


def raises(x: Any) -> object:  # noqa: ANN401 (same)
    return 2 * x if x < 1e9 else x


def test_a_mistake_is_not_named_where_a_check_passes_that_it_loses(lab: Lab) -> None:
    def guards(x: Any) -> Observation:  # noqa: ANN401 (any argument)
        return observe(2 * x) if is_number(x) else Raised("ValueError", "The truth value of an array is ambiguous")

    inverse = loses_all(lambda x: 1 / x if x < 1e9 else 0.0)
    assert named(lab, inverse, guards, passes=is_number) is None
    only_batch = replace(mistake("known", raises), loses=("batch",))
    assert named(lab, only_batch, guards, passes=is_number) == "known"


def test_an_exception_is_no_name_where_another_check_is_lost_in_an_unknown_way(lab: Lab) -> None:
    def fails(x: Any) -> Observation:  # noqa: ANN401 (any argument)
        return observe(x - 7.0) if is_number(x) else Raised("ValueError", "The truth value of an array is ambiguous")

    assert named(lab, replace(mistake("known", raises), loses=("batch",)), fails, passes=lambda _: False) is None


def test_nan_everywhere_could_have_any_cause(lab: Lab) -> None:
    always = loses_all(lambda x: x * np.nan)
    assert named(lab, always, lambda x: observe(x * np.nan), passes=lambda _: False) is None
    for_arrays = replace(mistake("known", lambda x: x * np.nan if np.ndim(x) else 2 * x), loses=("batch",))
    assert named(lab, for_arrays, lambda x: observe(2 * x if is_number(x) else x * np.nan), passes=is_number) == "known"


@pytest.mark.parametrize("elsewhere", [np.nan, np.inf, 7.0])
def test_nan_is_no_name_where_another_check_is_lost_to_what_may_be_the_same_cause(lab: Lab, elsewhere: float) -> None:
    for_arrays = replace(mistake("known", lambda x: x * np.nan if np.ndim(x) else 2 * x), loses=("batch",))

    def answer(x: Any) -> Observation:  # noqa: ANN401 (any argument)
        return observe(x + elsewhere if is_number(x) else x * np.nan)

    assert named(lab, for_arrays, answer, passes=lambda _: False) is None


def test_nan_is_a_name_where_the_numbers_of_the_other_check_are_another_mistakes(lab: Lab) -> None:
    for_arrays = replace(mistake("known", lambda x: x * np.nan if np.ndim(x) else 2 * x), loses=("batch",))
    triples = mistake("triples", lambda x: 3 * x)

    def answer(x: Any) -> Observation:  # noqa: ANN401 (same)
        return observe(3 * x if is_number(x) else x * np.nan)

    both = [judged(lab, check, answer, passes=lambda _: False) for check in ("values", "batch")]
    explanation = known_mistake([for_arrays, triples], both[1], both)
    assert explanation is not None
    assert explanation.name == "known"


def test_zeros_could_have_any_cause(lab: Lab) -> None:
    zero_for_arrays = replace(mistake("known", lambda x: 0 * x if np.ndim(x) else 2 * x), loses=("batch",))
    assert named(lab, zero_for_arrays, lambda x: observe(0 * x), passes=lambda _: False) is None
    assert named(lab, zero_for_arrays, lambda x: observe(2 * x if is_number(x) else 0 * x), passes=is_number) == "known"


def test_an_answer_that_is_hardly_nearer_to_the_mistakes_than_to_the_right_one_is_not_named(lab: Lab) -> None:
    nearly = loses_all(lambda x: 2 * x * 1.0003)
    assert named(lab, nearly, lambda x: observe(2 * x * 1.0003), passes=lambda _: False) == "known"
    assert named(lab, nearly, lambda x: observe(2 * x * 1.00045), passes=lambda _: False) is None
