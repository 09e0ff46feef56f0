"""A broken law is shown by a small example, found by asking; a function that cannot be relied on is no trouble."""

from __future__ import annotations

import inspect
import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.course.folder import Course
from grader.course.lab import Lab, load_lab
from grader.course.recorded import UnansweredError
from grader.errors import SandboxError
from grader.grading.explaining.broken import broken_law
from grader.messages.format_values import NO_ANSWER
from grader.messages.sentences import quote
from grader.model import Died, NotAsked, Question, Raised, Returned
from grader.wire.observations import observe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.grading.explaining import Explanation
    from grader.model import Observation

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def lab() -> Lab:
    """Return the cross-entropy lab."""
    return load_lab(Course(ROOT), "lab02")


def softmax(z: Any) -> Any:  # noqa: ANN401 (a student's function)
    powers = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def told_of(
    lab: Lab, function: Callable[[Any], Any], oracle: Callable[..., object] | None = None
) -> Explanation | None:
    def answer(question: Question) -> Observation:
        try:
            return observe(function(*question.arguments))
        except ValueError as error:
            return Raised("ValueError", str(error))

    def ask(questions: Sequence[Question]) -> Sequence[Observation]:
        return tuple(map(answer, questions))

    return broken_law("softmax", lab.laws["softmax"], ("z",), oracle or lab.oracle("softmax"), ask)


def test_a_right_function_breaks_no_law(lab: Lab) -> None:
    assert told_of(lab, softmax) is None


@pytest.mark.parametrize(
    "function",
    [
        lambda z: softmax(z) * 1.1,
        lambda z: softmax(-np.asarray(z)),
        lambda z: softmax(z)[..., ::-1],
        lambda z: softmax(np.abs(z)),
        lambda z: softmax(z) - 0.2,
    ],
)
def test_a_wrong_function_is_told_by_an_example_of_at_most_3_elements(lab: Lab, function: Callable[[Any], Any]) -> None:
    explanation = told_of(lab, function)
    assert explanation is not None
    assert explanation.name.startswith("law_")
    assert explanation.evidence is not None
    ((name, given),) = explanation.evidence.arguments
    assert name == "z"
    assert 1 <= len(given.replace("[", "").replace("]", "").split(",")) <= 6, given
    assert explanation.evidence.observed != explanation.evidence.expected


def is_in_a_kit(*_: object) -> object:
    raise UnansweredError


def test_where_the_reference_cannot_be_asked_the_laws_own_call_is_shown_with_no_expected_answer(lab: Lab) -> None:
    explanation = told_of(lab, lambda z: z, is_in_a_kit)
    assert explanation is not None
    assert explanation.name == "law_not_negative"
    assert explanation.evidence is not None
    assert explanation.evidence.expected == NO_ANSWER
    ((name, given),) = explanation.evidence.arguments
    assert (name, "-" in given) == ("z", True), "an input whose answer does not break the law is no example of it"
    assert explanation.evidence.observed == given


def test_of_a_law_that_compares_calls_all_of_them_are_shown(lab: Lab) -> None:
    explanation = told_of(lab, lambda z: softmax(z * (1 + (np.max(z) > 1))), is_in_a_kit)
    assert explanation is not None
    assert explanation.name == "law_same_after_adding_1"
    assert explanation.evidence is not None
    assert "softmax(z=" in explanation.evidence.observed
    assert explanation.evidence.expected == NO_ANSWER


def test_where_the_first_call_is_right_by_itself_the_laws_own_calls_are_shown_all_the_same(lab: Lab) -> None:
    explanation = told_of(lab, lambda z: z, lambda z: z)
    assert explanation is not None
    assert explanation.evidence is not None
    assert explanation.evidence.expected == NO_ANSWER


def test_the_same_search_gives_the_same_example(lab: Lab) -> None:
    first, second = (told_of(lab, lambda z: softmax(z) * 1.1) for _ in range(2))
    assert first == second


def test_a_function_that_answers_now_so_and_now_so_is_no_trouble(lab: Lab) -> None:
    turns = itertools.count()
    explanation = told_of(lab, lambda z: softmax(z) * (1.0 if next(turns) % 3 else 1.5))
    assert explanation is None or explanation.name.startswith("law_")


def test_a_function_that_answers_by_chance_is_no_trouble(lab: Lab) -> None:
    numbers = np.random.default_rng(1)
    explanation = told_of(lab, lambda z: numbers.random(np.shape(z)))
    assert explanation is None or explanation.name.startswith("law_")


@pytest.mark.parametrize(
    "answer", [NotAsked(), Died(9), Raised("ValueError", ""), Returned(np.zeros((0, 2)), "float64")]
)
def test_where_no_numbers_come_no_law_is_told_and_nothing_is_raised(lab: Lab, answer: Observation) -> None:
    def ask(questions: Sequence[Question]) -> Sequence[Observation]:
        return [answer] * len(questions)

    explanation = broken_law("softmax", lab.laws["softmax"], ("z",), lab.oracle("softmax"), ask)
    assert explanation is None or isinstance(answer, Returned)


def test_the_calls_of_a_search_go_together_as_questions_do(lab: Lab) -> None:
    messages: list[int] = []

    def ask(questions: Sequence[Question]) -> Sequence[Observation]:
        messages.append(len(questions))
        return [observe(softmax(*question.arguments)) for question in questions]

    assert broken_law("softmax", lab.laws["softmax"], ("z",), lab.oracle("softmax"), ask) is None
    assert messages[0] > 20
    assert len(messages) == 1, "a law that is kept needs no call alone"


@pytest.mark.parametrize(
    "answer",
    [np.zeros((0, 3)), np.full((2, 2, 2), np.nan), np.array(True), np.zeros((3,), np.uint8)],  # noqa: FBT003
)
def test_answers_with_which_no_law_can_calculate_are_no_trouble(lab: Lab, answer: Any) -> None:  # noqa: ANN401
    for task, laws in lab.laws.items():
        names = tuple(inspect.signature(lab.oracle(task)).parameters)
        broken_law(
            task,
            laws,
            names,
            lab.oracle(task),
            lambda questions: [Returned(answer, answer.dtype.name)] * len(questions),
        )


def test_where_the_machinery_fails_it_is_not_asked_again_and_again(lab: Lab) -> None:
    asked = []

    def ask(questions: Sequence[Question]) -> Sequence[Observation]:
        asked.append(questions)
        raise SandboxError(quote("ended"))

    with pytest.raises(SandboxError):
        broken_law("softmax", lab.laws["softmax"], ("z",), lab.oracle("softmax"), ask)
    assert len(asked) < 20
