"""The card: one thing to do, in at most 160 words whatever a student's program says, and nothing that is hidden."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import Text
from grader.pages.card import MOST_WORDS, Card, call_text, card_of, observed_text
from grader.records.chart_data import NetworkPart
from grader.records.record import (
    CellPart,
    CheckPart,
    EvidencePart,
    LimitsPart,
    Record,
    SubmissionPart,
    TaskPart,
    VerdictWord,
    Words,
    words,
)

MOST_SHOWN_WORDS = 160


def said(text: str) -> Words:
    return words(Text(text, text))


def evidence(observed: str = "0.25", expected: str = "0.75", **arguments: str) -> EvidencePart:
    return EvidencePart(arguments=arguments or {"z": "[1, 2]"}, observed=observed, expected=expected)


def check(verdict: VerdictWord = "failed", **parts: object) -> CheckPart:
    plain = CheckPart(
        name="values",
        promise=said("the promise"),
        verdict=verdict,
        earned=Fraction(1 if verdict == "passed" else 0),
        points=Fraction(1),
        questions=4,
        agreed=1,
        because=said("1 of 4 numbers differ") if verdict == "failed" else None,
        mistake="some_name" if verdict == "failed" else None,
        hint=said("which one?") if verdict == "failed" else None,
        evidence=None,
        notes=(),
    )
    return plain.model_copy(update=parts)


def record(*checks: CheckPart, cells: tuple[CellPart, ...] = ()) -> Record:
    task = TaskPart(
        name="softmax",
        title=said("the title"),
        lecture=said("5-2 Softmax"),
        earned=Fraction(0),
        points=Fraction(len(checks)),
        checks=checks,
    )
    return Record(
        lab="lab02",
        title=said("lab"),
        student="s001",
        seed=7,
        isolation="none",
        earned=sum((one.earned or Fraction(0) for one in checks), Fraction(0)),
        points=Fraction(len(checks)),
        ungraded=None,
        tasks=(task,),
        cells=cells,
        notes=(),
        submission=SubmissionPart(file="s001.ipynb", sha256=None),
        course_sha256="1",
        limits=LimitsPart(cell_seconds=1, call_seconds=1, submission_seconds=1),
        versions={"labgrader": "0"},
        when="2026-11-22T08:00:00+00:00",
        seconds={},
    )


def all_words(card: Card, language: str) -> str:
    texts = (card.headline, card.because, card.about, card.question, card.lecture)
    shown = [text.en if language == "en" else text.zh_tw for text in texts if text is not None]
    example = card.example
    return " ".join(
        [*shown, *([] if example is None else [example.call, example.observed or "", example.expected or ""])]
    )


def test_a_failed_check_is_told_with_reason_example_question_and_lecture() -> None:
    card = card_of(record(check("passed"), check(evidence=evidence())))
    assert card.headline.en == "Look at softmax (values)"
    assert (card.because, card.question) == (said("1 of 4 numbers differ").text, said("which one?").text)
    assert card.lecture is not None
    assert card.lecture.en == "In the lecture: 5-2 Softmax"
    assert card.example is not None
    assert (card.example.call, card.example.observed, card.example.expected) == ("softmax(z=[1, 2])", "0.25", "0.75")


def test_of_a_hidden_question_only_the_kind_of_input_is_told() -> None:
    card = card_of(record(check(about=said("8 to 14 numbers of either sign"))))
    assert card.about is not None
    assert card.about.en == "A hidden question: 8 to 14 numbers of either sign"
    assert card.example is None


def test_the_machines_name_of_a_mistake_is_not_told() -> None:
    assert "some_name" not in all_words(card_of(record(check(evidence=evidence()))), "en")


def test_what_is_not_written_yet_is_told_with_its_promise() -> None:
    card = card_of(record(check("not_attempted")))
    assert card.headline.en == "Write softmax: the title"
    assert card.question == said("the promise").text
    assert card.because is None
    assert card.example is None


def test_a_broken_cell_is_told_before_everything_else() -> None:
    cell = CellPart(cell=3, line=2, how="raised", kind="SyntaxError", because=said("SyntaxError: expected ':'"))
    card = card_of(record(check(), cells=(cell,)))
    assert "In [3]" in card.headline.en
    assert card.check is None
    assert not card.is_done


def test_full_marks_leave_nothing_to_do() -> None:
    card = card_of(record(check("passed")))
    assert card.is_done
    assert card.check is None


@given(st.integers(0, 10**6), st.sampled_from(["word ", "很", "x", "1, "]), st.booleans())
def test_a_card_has_at_most_160_words_whatever_is_said(length: int, word: str, is_hidden: bool) -> None:  # noqa: FBT001 (drawn)
    long = said(word * (length % 5000))
    part = check(
        because=long,
        hint=long,
        about=long if is_hidden else None,
        evidence=None if is_hidden else evidence(long.en + "o", long.en + "e", a=long.en, b=long.en),
    )
    for card in (card_of(record(part)), card_of(record(check("not_attempted", promise=long)))):
        assert len(all_words(card, "en").split()) <= MOST_WORDS + 8 < MOST_SHOWN_WORDS
        assert len(all_words(card, "zh-TW")) < 20 * MOST_SHOWN_WORDS


def test_what_is_short_enough_is_not_cut() -> None:
    text = said("Which step of the code is the first letter of MSE, the M of mean? " * 3)
    card = card_of(record(check(hint=text, evidence=evidence("[0.33825, 0.45659, 0.205159]", z="[0.9, 1.2, 0.4]"))))
    assert card.question == text.text
    assert "…" not in all_words(card, "en")


@pytest.mark.parametrize(
    ("observed", "because", "shown"),
    [
        ("0.25", "1 of 4 numbers differ", "0.25"),
        ("-", "still running after 3 s", None),
        ("ValueError: shapes do not match", "raised ValueError: shapes do not match (cell In [3])", None),
        ("1", "1 of 4 numbers differ", "1"),
    ],
)
def test_what_was_observed_is_not_said_twice(observed: str, because: str, shown: str | None) -> None:
    assert observed_text(check(because=said(because), evidence=evidence(observed))) == shown


def test_a_network_is_told_by_the_call_alone() -> None:
    network = NetworkPart(layers=(), parameters=1, loss="mse", losses=())
    card = card_of(record(check(evidence=evidence("2.3", "mse", loss="'mse'"), network=network)))
    assert card.example is not None
    assert card.example.call == "softmax(loss='mse')"
    assert card.example.observed is card.example.expected is None


def test_stacks_of_matrices_are_left_out_of_a_call() -> None:
    [task] = record(check()).tasks
    assert call_text(task, evidence(images="[[[0, 0], ...", n="[[1, 2]]")) == "softmax(images=…, n=[[1, 2]])"


@pytest.mark.parametrize(
    ("asked", "arguments", "text"),
    [
        ("function", {"x": "1", "n": "2"}, "softmax(x=1, n=2)"),
        ("variable", {}, "softmax"),
        ("probe", {"x": "1", "n": "2"}, "x=1, n=2"),
        ("probe", {}, "softmax"),
    ],
)
def test_an_example_is_written_as_it_is_asked(asked: str, arguments: dict[str, str], text: str) -> None:
    task = record(check()).tasks[0].model_copy(update={"asked": asked})
    assert call_text(task, evidence().model_copy(update={"arguments": arguments})) == text
