"""A record as plain text for the pages of other platforms: nothing in it colours, hides, turns or breaks a line.

A record may come from anywhere, so its texts are made safe once more here; a format then escapes by its own means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.messages.sentences import clean, say
from grader.pages.card import call_text, expected_text
from grader.pages.read_by_people import manual_texts, read_in
from grader.pages.summary import advice_text, cell_text, first_thing, foot_text, lecture_text, score_text
from grader.pages.waiting import MANUAL, manual_points_text, waiting_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Language, Text
    from grader.records.record import CheckPart, Record, TaskPart

LONGEST = 2000


def plain(text: Text, language: Language) -> str:
    """Return a sentence in one language, on one line."""
    return plain_name(text.in_language(language))


def plain_name(text: str) -> str:
    """Return a text that is the same in both languages, such as a student's name or a value, on one line."""
    return clean(text[: LONGEST + 1], longest=LONGEST)


def check_name(task: TaskPart, check: CheckPart) -> str:
    """Return the name of a check with its task's."""
    return f"{plain_name(task.name)}: {plain_name(check.name)}"


def check_text(task: TaskPart, check: CheckPart, language: Language) -> str:
    """Return all that a student reads about a check: its promise, and its reason, example and hint if any."""
    return "\n".join(_check_lines(task, check, language))


def reading_name(task: TaskPart) -> str:
    """Return the name of what a person reads of a task, as a platform lists it beside checks."""
    return f"{plain_name(task.name)}: {MANUAL}"


def reading_text(task: TaskPart, language: Language, *, kit: bool = False) -> str:
    """Return how a task stands that a person reads, and what was said of it, on one line."""
    return "; ".join(plain(text, language) for text in manual_texts(task, kit=kit))


def record_text(record: Record, language: Language) -> str:
    """Return what concerns a whole submission: the score, the first thing to do, broken cells, and how to repeat it.

    For a submission that was not graded, the reason stands in the place of the advice.
    """
    return "\n".join(_record_lines(record, language))


def _check_lines(task: TaskPart, check: CheckPart, language: Language) -> Iterator[str]:
    if check.promise is not None:
        yield plain(check.promise.text, language)
    if check.because is not None:
        yield plain(check.because.text, language)
    if check.evidence is not None and check.verdict == "failed":
        yield plain_name(call_text(task, check.evidence, whole=True))
        yield plain(say("observed {value}", value=check.evidence.observed), language)
        if (expected := expected_text(check.evidence)) is not None:
            yield plain(say("expected {value}", value=expected), language)
    if check.hint is not None:
        yield f"→ {plain(check.hint.text, language)}"
    yield from (plain(note.text, language) for note in check.notes)
    lecture = lecture_text(task)
    if lecture is not None and check.verdict != "passed":
        yield plain(lecture, language)


def _told_of(record: Record) -> tuple[TaskPart, ...]:
    """Return the tasks that a person has yet to read; none of a submission that was not graded."""
    return waiting_in(record) if record.ungraded is None else ()


def _record_lines(record: Record, language: Language) -> Iterator[str]:
    yield plain_name(f"{record.title.text.in_language(language)} · {record.student}")
    yield plain(score_text(record), language)
    yield plain(advice_text(first_thing(record)) if record.ungraded is None else record.ungraded.text, language)
    yield from (f"{plain_name(task.name)}: {reading_text(task, language, kit=record.kit)}" for task in _told_of(record))
    for task in read_in(record):
        yield f"{reading_name(task)} ({manual_points_text(task)}): {reading_text(task, language)}"
    yield from (plain(cell_text(cell), language) for cell in record.cells)
    yield from (plain(note.text, language) for note in record.all_notes)
    yield plain(foot_text(record), language)
