"""The card "do this first": what was observed, an example, one question, where to read; at most 160 words.

Every page for people shows the same card, in its own form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.messages.format_values import NO_ANSWER
from grader.messages.sentences import say
from grader.model import Text
from grader.pages.summary import (
    FixCell,
    FixCheck,
    NothingToDo,
    PutBack,
    WriteFunction,
    advice_text,
    cell_question,
    first_thing,
    lecture_text,
)

if TYPE_CHECKING:
    from grader.pages.summary import Advice
    from grader.records.record import CheckPart, EvidencePart, Record, TaskPart, Words

MOST_WORDS = 140
"""Of the whole card. A page that adds a chart with a caption stays below 160."""
MOST_REASON_WORDS = 40
MOST_QUESTION_WORDS = 60
MOST_OTHER_WORDS = 20

_WORD = re.compile(r"[\u3040-\u9fff\uf900-\ufaff]|[^\s\u3040-\u9fff\uf900-\ufaff]+")
CHARACTER = 0.5
"""How many words a Chinese character counts as."""
LONGEST_WORD = 20
"""How many characters a word may have before it counts as several."""


@dataclass(frozen=True, slots=True)
class Example:
    """A public question in the card: the call, and the two answers where they can be shown."""

    call: str
    observed: str | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """The first thing to do. `about` tells the kind of input of a hidden question."""

    headline: Text
    because: Text | None = None
    about: Text | None = None
    example: Example | None = None
    question: Text | None = None
    lecture: Text | None = None
    task: TaskPart | None = None
    check: CheckPart | None = None
    is_done: bool = False
    """Nothing is left to do."""


def card_of(record: Record) -> Card:
    """Return the card of a record."""
    return _card(first_thing(record))


def about_text(about: Text) -> Text:
    """Return what kind of input a hidden question had."""
    return say("A hidden question: {about}", about=about)


def observed_text(check: CheckPart) -> str | None:
    """Return the answer in a check's example; None where there is none, or the reason quotes it already."""
    if check.evidence is None or check.evidence.observed == NO_ANSWER:
        return None
    observed = check.evidence.observed
    is_quoted = check.because is not None and len(observed) > LONGEST_WORD and observed in check.because.en
    return None if is_quoted else observed


def expected_text(evidence: EvidencePart) -> str | None:
    """Return the expected answer in an example; None where it would not help."""
    return None if evidence.expected == NO_ANSWER else evidence.expected


def call_text(task: TaskPart, evidence: EvidencePart, *, whole: bool = False) -> str:
    """Return a public question as a call in Python, or as the name that was read, or as what a probe was given.

    Stacks of matrices, such as images, are shortened to "…" where it is not to be `whole`.
    """
    arguments = evidence.arguments.items()
    given = [f"{name}={'…' if value.startswith('[[[') and not whole else value}" for name, value in arguments]
    match task.asked:
        case "variable":
            return task.name
        case "probe":
            return ", ".join(given) or task.name
    return f"{task.name}({', '.join(given)})"


def _card(advice: Advice) -> Card:
    headline = _shortened(advice_text(advice), MOST_REASON_WORDS)
    match advice:
        case FixCheck(task, check):
            return _fix_card(headline, task, check)
        case WriteFunction(task, check):
            promise = _cut_words(check.promise, MOST_QUESTION_WORDS)
            lecture = _lecture(task)
            return Card(headline, question=promise, lecture=lecture, task=task, check=check)
        case PutBack(task):
            because = None if task.manual is None else _cut_words(task.manual.because, MOST_QUESTION_WORDS)
            return Card(headline, because=because, task=task)
        case NothingToDo():
            return Card(headline, is_done=True)
        case FixCell(cell):
            return Card(headline, question=_shortened(cell_question(cell), MOST_QUESTION_WORDS))


def _fix_card(headline: Text, task: TaskPart, check: CheckPart) -> Card:
    because = _cut_words(check.because, MOST_REASON_WORDS)
    question = _cut_words(check.hint, MOST_QUESTION_WORDS)
    lecture = _lecture(task)
    about = None if check.about is None else _shortened(about_text(check.about.text), MOST_OTHER_WORDS)
    left = MOST_WORDS - sum(map(_both, filter(None, (headline, because, question, lecture, about))))
    example = None if check.evidence is None else _example(task, check, check.evidence, words=left)
    return Card(
        headline,
        because=because,
        about=about,
        example=example,
        question=question,
        lecture=lecture,
        task=task,
        check=check,
    )


def _lecture(task: TaskPart) -> Text | None:
    lecture = lecture_text(task)
    return None if lecture is None else _shortened(lecture, MOST_OTHER_WORDS)


def _cut_words(part: Words | None, words: float) -> Text | None:
    return None if part is None else _shortened(part.text, words)


def _example(task: TaskPart, check: CheckPart, evidence: EvidencePart, *, words: float) -> Example:
    """Return an example, with half of the words for the call. The page shows the answer of a network as a chart."""
    call = _cut(call_text(task, evidence), words / 2)
    if check.network is not None:
        return Example(call)
    observed, expected = observed_text(check), expected_text(evidence)
    return Example(
        call,
        None if observed is None else _cut(observed, words / 4 - 1),
        None if expected is None else _cut(expected, words / 4 - 1),
    )


def _both(text: Text) -> float:
    return max(_length(text.en), _length(text.zh_tw))


def _length(text: str) -> float:
    return sum(map(_weight, _WORD.findall(text)))


def _weight(word: str) -> float:
    return CHARACTER if len(word) == 1 and word >= "\u3040" else max(1.0, len(word) / LONGEST_WORD)


def _shortened(text: Text, words: float) -> Text:
    return Text(_cut(text.zh_tw, words), _cut(text.en, words))


def _cut(text: str, words: float) -> str:
    """Return as many of a text's words as may stand there, with a mark where it was cut."""
    used = 0.0
    for word in _WORD.finditer(text):
        used += _weight(word[0])
        if used > words:
            return f"{text[: word.start()].rstrip()} …"
    return text
