"""What a move says in a terminal: what was carried over, what was not and why, and what people have to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.messages.sentences import joined, place_text, quote, say
from grader.newlab.skeleton import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Text
    from grader.newlab.carrying import CarriedOver, NotCarried


def account(carried: CarriedOver) -> Iterator[Text]:
    """Yield the lines of it."""
    questions = carried.questions
    public = sum(one.public for one in questions)
    yield say(
        "Carried over: tasks {tasks}, questions {questions} (public {public}, hidden {hidden}), points {points}.",
        tasks=len(carried.tasks),
        questions=len(questions),
        public=public,
        hidden=len(questions) - public,
        points=number(carried.points),
    )
    if more := sum(one.asks_more for one in questions):
        yield say(
            "{count} of the questions ask for the whole answer where the notebook looked at a part of it; the rubric "
            "marks them.",
            count=more,
        )
    if left := tuple(dict.fromkeys(carried.left)):
        yield say("Not carried over ({count}):", count=len(left))
        yield from map(_line, left)
    if carried.manual:
        points = sum((part.points or 0 for part in carried.manual), start=0)
        names = ", ".join(part.question or f"[{part.cell}]" for part in carried.manual)
        yield say(
            "To be read by a person: {names} (points in the notebook: {points}).",
            names=names,
            points=f"{float(points):g}",
        )


def _line(one: NotCarried) -> Text:
    shown = f": {one.shown}" if one.shown else ""
    return joined((quote("  "), _place(one), quote(f"{shown}\n    "), one.because), "")


def _place(one: NotCarried) -> Text:
    if not one.file:
        return place_text(one.cell, one.line) if one.cell else say("the notebook")
    return say("{file}, line {line}", file=one.file, line=one.line) if one.line else quote(one.file)
