"""Examples: a question that a student may know is kept with its values; of a hidden one, nothing of it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.course.mistakes_and_laws import Law
from grader.grading.fitting import fitting
from grader.grading.judging import judge_run
from grader.grading.key import Asked, Key, LawCase
from grader.model import Failed, Passed, Question, Raised, Returned, Run, Text, Unreadable
from grader.networks.blank import BLANK
from grader.networks.model import Alleged, Built, Goal, Inspection, Layer

if TYPE_CHECKING:
    from grader.grading.judging import Judged
    from grader.model import Observation
    from grader.networks.model import Library

PUBLIC, HIDDEN = np.array([0.25, 0.75]), np.array([0.123456, 0.876544])
RAW, SCALED = np.array([2.0, 4.0]), np.array([1.0, 2.0])
ABOUT = Text("兩個數", "two numbers")


def asked(expected: np.ndarray, *, public: bool, given: float = 1.0) -> Asked:
    question = Question("softmax", "values", (np.array([given, 5.0]),))
    return Asked(question, ("z",), public, expected, "close", {}, {}, None if public else ABOUT)


def returned(value: object) -> Returned:
    return Returned(np.asarray(value), "float64")


def judged(*pairs: tuple[Asked, Observation]) -> Judged:
    key = Key("lab", 7, tuple(one for one, _ in pairs))
    [check] = judge_run(key, Run(tuple(seen for _, seen in pairs), (), "none"), ())
    return check


def test_a_check_that_passed_has_its_first_public_question_as_an_example() -> None:
    hidden, public = asked(HIDDEN, public=False), asked(PUBLIC, public=True, given=2.0)
    verdict = judged((hidden, returned(HIDDEN)), (public, returned(PUBLIC))).verdict
    assert isinstance(verdict, Passed)
    assert verdict.evidence is not None
    assert verdict.evidence.arguments == (("z", "[2, 5]"),)
    assert verdict.evidence.exchange is not None
    assert np.array_equal(verdict.evidence.exchange.expected, PUBLIC)
    assert verdict.evidence.exchange.observed is not None


def test_a_check_of_hidden_questions_alone_has_no_example() -> None:
    hidden = asked(HIDDEN, public=False)
    passed = judged((hidden, returned(HIDDEN))).verdict
    assert isinstance(passed, Passed)
    assert passed.evidence is None
    failed = judged((hidden, returned([9.0, 9.0]))).verdict
    assert isinstance(failed, Failed)
    assert failed.evidence is None
    assert failed.about == ABOUT


def test_a_hidden_question_that_failed_is_not_told_where_the_public_one_passed() -> None:
    hidden, public = asked(HIDDEN, public=False), asked(PUBLIC, public=True, given=2.0)
    verdict = judged((public, returned(PUBLIC)), (hidden, returned([9.0, 9.0]))).verdict
    assert isinstance(verdict, Failed)
    assert verdict.evidence is None
    assert "0.123456" not in repr(verdict)


def test_an_example_where_a_call_raised_shows_no_expected_value() -> None:
    verdict = judged((asked(PUBLIC, public=True), Raised("ValueError", "x"))).verdict
    assert isinstance(verdict, Failed)
    assert verdict.evidence is not None
    assert (verdict.evidence.observed, verdict.evidence.expected) == ("ValueError: x", "-")
    assert verdict.evidence.exchange is None


def test_an_example_where_no_numbers_came_has_no_observed_values() -> None:
    verdict = judged((asked(PUBLIC, public=True), Unreadable("ragged", "list"))).verdict
    assert isinstance(verdict, Failed)
    assert verdict.evidence is not None
    assert verdict.evidence.exchange is not None
    assert verdict.evidence.exchange.observed is None


def test_an_answer_of_another_type_shows_no_expected_value() -> None:
    verdict = judged((asked(PUBLIC, public=True), Unreadable("type", "Loss"))).verdict
    assert isinstance(verdict, Failed)
    assert verdict.evidence is not None
    assert (verdict.evidence.expected, verdict.evidence.exchange) == ("-", None)


def test_the_placeholder_of_a_stub_is_told_as_that_and_shows_no_expected_value() -> None:
    verdict = judged((asked(PUBLIC, public=True), Unreadable("type", "ellipsis"))).verdict
    assert isinstance(verdict, Failed)
    assert verdict.because.en == "the answer is still `...`, which stands for what is not written yet"
    assert verdict.evidence is not None
    assert (verdict.evidence.expected, verdict.evidence.exchange) == ("-", None)


@pytest.mark.parametrize(("answer", "shown"), [(RAW, "[2, 4]"), (SCALED, "[1, 2]")])
def test_an_example_expects_what_the_reading_expects_that_fits(answer: np.ndarray, shown: str) -> None:
    question = Question("mse", "values", (1.0,))
    public = Asked(question, ("z",), True, RAW, "close", {}, {"raw": RAW, "scaled": SCALED})  # noqa: FBT003 (public)
    verdict = judged((public, returned(answer))).verdict
    assert isinstance(verdict, Passed)
    assert verdict.evidence is not None
    assert (verdict.evidence.observed, verdict.evidence.expected) == (shown, shown)


@pytest.mark.parametrize(
    "error", [ValueError, KeyError, StopIteration, ZeroDivisionError, RecursionError, MemoryError, SystemExit]
)
def test_a_law_that_cannot_calculate_with_the_answers_does_not_hold(error: type[BaseException]) -> None:
    def fails(*_: object) -> bool:
        raise error

    assert not LawCase(Law("law", ABOUT, ABOUT, fails), ()).holds([PUBLIC])


IMAGES = np.zeros((2, 28, 28), np.uint8)
SHOWN = Inspection(IMAGES, np.array([0, 1]), IMAGES, 0, 1.0, 7)
OUTPUTS = np.full((2, 10), 0.1)
IMPOSSIBLE: dict[str, Built | Returned] = {
    "numbers": returned(0.5),
    "truth values": replace(BLANK, predictions=np.ones((2, 10), bool)),
    "more rows after the training": replace(BLANK, unseen_before=OUTPUTS, unseen=OUTPUTS[:1]),
    "another number of axes after it": replace(BLANK, unseen_before=OUTPUTS, unseen=OUTPUTS[0]),
    "weights that are no floats": replace(BLANK, weights=((np.ones((784, 10), int), np.ones(10)),)),
    "a scale that is none": replace(BLANK, scale=float("nan")),
    "more than a message holds": replace(BLANK, weights=((np.ones((784, 2000)), np.ones(2000)),) * 2),
}


@pytest.mark.parametrize("name", list(IMPOSSIBLE))
def test_an_answer_that_contradicts_itself_or_its_question_cannot_be_read(name: str) -> None:
    question = Question("build", "architecture", (), SHOWN)
    assert fitting(question, IMPOSSIBLE[name]) == Unreadable("malformed", "")


def test_a_network_is_no_number_and_what_fits_stays_as_it_is() -> None:
    network, number = replace(BLANK, predictions=OUTPUTS, unseen_before=OUTPUTS, unseen=OUTPUTS), returned(0.5)
    assert fitting(Question("f", "c", ()), network) == Unreadable("malformed", "")
    assert fitting(Question("f", "c", ()), number) is number
    assert fitting(Question("f", "c", (), SHOWN), network) is network


@pytest.mark.parametrize(
    ("library", "allowed", "seen"),
    [
        ("torch", ("keras",), Unreadable("network", "Module")),
        ("keras", ("torch",), Unreadable("module", "Model")),
        ("torch", ("keras", "torch"), None),
        ("keras", ("keras",), None),
    ],
)
def test_a_network_is_written_with_what_the_lab_names(
    library: Library, allowed: tuple[Library, ...], seen: Unreadable | None
) -> None:
    network = replace(BLANK, library=library)
    assert fitting(Question("f", "c", (), replace(SHOWN, libraries=allowed)), network) == (seen or network)


def test_a_check_of_a_network_has_the_network_that_was_wrong() -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    labels = np.array([0, 1])
    inspection = Inspection(images, labels, images, 0, 1.0, 7)
    goal = Goal("cross_entropy", images, labels, labels)

    def question(name: str) -> Asked:
        how = Question("build", "architecture", (name,), inspection)
        return Asked(how, ("loss",), False, goal, "architecture", {}, {})  # noqa: FBT003 (hidden)

    def network(kind: str, classes: int) -> Built:
        return Built(
            layers=(Layer(kind, classes, None),),
            parameters=1,
            loss="x",
            optimizer=None,
            from_logits=False,
            scale=1.0,
            predictions=np.full((2, classes), 1 / classes),
            reported=float(np.log(classes)),
            penalties=0.0,
            losses=(),
            unseen_before=None,
            unseen=None,
            weights=(),
            trouble=None,
        )

    check = judged((question("mse"), network("Right", 10)), (question("cross_entropy"), network("Wrong", 9)))
    assert isinstance(check.verdict, Failed)
    assert check.verdict.evidence is None
    assert check.network is not None
    assert check.network.layers[0].kind == "Wrong"
    right = judged((question("mse"), network("Right", 10)))
    assert isinstance(right.verdict, Passed)
    assert right.network is not None
    assert right.network.layers[0].kind == "Right"
    assert judged((asked(PUBLIC, public=True), returned(PUBLIC))).network is None


PART = Alleged("part", "Network")


def network_check(alleged: Alleged | None, *, rebuilt: bool) -> Judged:
    """Judge a right network of which it is known, or alleged, what it is."""
    images, labels = np.zeros((2, 28, 28), np.uint8), np.array([0, 1])
    how = Question("build", "architecture", (), Inspection(images, labels, images, epochs=0, seconds=1.0, seed=7))
    goal = Goal("cross_entropy", images, labels, labels)
    one = Asked(how, (), public=False, expected=goal, kind="architecture", options={}, readings={}, rebuilt=rebuilt)
    seen = replace(BLANK, predictions=np.full((2, 10), 0.1), reported=float(np.log(10)), alleged=alleged)
    return judged((one, seen))


def test_a_network_that_could_not_be_built_anew_is_worth_the_same_and_the_check_says_so() -> None:
    check = network_check(PART, rebuilt=False)
    assert isinstance(check.verdict, Passed)
    assert check.alleged
    assert not network_check(None, rebuilt=False).alleged


def test_a_check_that_needs_networks_built_anew_passes_those_that_were() -> None:
    assert isinstance(network_check(None, rebuilt=True).verdict, Passed)


@pytest.mark.parametrize(
    ("alleged", "told"),
    [
        (PART, "Network is not Keras' own"),
        (Alleged("size"), "too many weights"),
        (Alleged("library"), "Keras could not build"),
        (Alleged("part", "<lambda>", library="torch"), "<lambda> is not PyTorch's own"),
        (Alleged("size", library="torch"), "too many weights"),
        (Alleged("library", library="torch"), "PyTorch could not build"),
    ],
)
def test_a_check_that_needs_networks_built_anew_says_what_stood_in_the_way(alleged: Alleged, told: str) -> None:
    verdict = network_check(alleged, rebuilt=True).verdict
    assert isinstance(verdict, Failed)
    assert verdict.mistake == "not_rebuilt"
    assert told in verdict.because.en
    assert "重新建立" in verdict.because.zh_tw


@pytest.mark.parametrize("count", [1, 2], ids=["one answer", "every answer"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nan_for_some_inputs_alone_keeps_the_hint_that_the_check_has_for_them(value: float, count: int) -> None:
    plain = asked(np.array(1.0), public=True)
    zeros = [
        replace(asked(np.array(float(at)), public=True), question=Question("softmax", "zeros", (float(at),)))
        for at in range(count)
    ]
    key = Key("lab", 7, (plain, *zeros))

    def hints(first: float) -> list[Text | None]:
        seen = (returned(first), *[returned(value)] * count)
        verdicts = [one.verdict for one in judge_run(key, Run(seen, (), "none"), ())]
        return [verdict.hint for verdict in verdicts if isinstance(verdict, Failed)]

    assert hints(1.0) == [None], "another check's answers are finite: this one is about its inputs"
    assert [hint is not None and "Which step makes it first" in hint.en for hint in hints(value)] == [True, True]
