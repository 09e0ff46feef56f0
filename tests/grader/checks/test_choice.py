"""`kind: choice`: one of several answers is right, each wrong one has its hint, and no page tells which is right."""

from __future__ import annotations

import pytest

from grader.checks.choice import judge
from grader.grading.judging import Answer, evidence_of
from grader.grading.key import Asked
from grader.messages.sentences import quote
from grader.model import Agrees, Differs, Manner, Question, Structured, Value

CHOICES = {"A": quote("think of A"), "B": None, "True": None, "3": None}


@pytest.mark.parametrize(
    ("chosen", "right"), [("B", "B"), (" b ", "B"), (True, "True"), ("true", True), (3, "3"), (3.0, 3), ("3", 3)]
)
def test_the_right_choice_agrees_however_it_is_written(chosen: Value, right: Value) -> None:
    assert isinstance(judge(Structured(chosen), Structured(right), choices=CHOICES), Agrees)


def test_a_wrong_choice_has_its_own_hint_and_does_not_name_the_right_one() -> None:
    judgement = judge(Structured("a"), Structured("B"), choices=CHOICES)
    assert isinstance(judgement, Differs)
    assert judgement.hint == quote("think of A")
    assert '"B"' not in judgement.because.en


@pytest.mark.parametrize("chosen", ["D", "", None, 2.5, ["B"], {"B": 1}, "B, A"])
def test_what_is_none_of_the_choices_is_told_with_them(chosen: Value) -> None:
    judgement = judge(Structured(chosen), Structured("B"), choices=CHOICES)
    assert isinstance(judgement, Differs)
    assert "A, B, True, 3" in judgement.because.en


def test_no_page_tells_the_right_choice_of_a_public_question() -> None:
    question = Question("q1", "choice", (), public=True, manner=Manner(variable="q1", counts="value"))
    right = Structured("B")
    asked = Asked(question, (), public=True, expected=right, kind="choice", options={"choices": CHOICES}, readings={})
    told = evidence_of(Answer(asked, Structured("A"), None))
    assert (told.observed, told.expected) == ("'A'", "-")


def test_in_a_students_kit_any_choice_is_one() -> None:
    unknown = Structured(None)
    judgement = judge(Structured("A"), unknown, choices=CHOICES)
    assert isinstance(judgement, Agrees)
    assert judgement.note is not None
    assert isinstance(judge(Structured("D"), unknown, choices=CHOICES), Differs)
