"""What a move says in a terminal: what was carried over, what was not and why, and what people have to read."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from grader.messages.sentences import joined, place_text, quote, say
from grader.newlab.skeleton import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.model import Text
    from grader.newlab.carried import CarriedOver, NotCarried


def account(carried: CarriedOver) -> Iterator[Text]:
    """Yield the lines of it."""
    questions = carried.questions
    public = sum(one.public for one in questions)
    yield say(
        "Carried over: tasks {tasks}, questions {questions} (public {public}, hidden {hidden}), points {points}.",
        tasks=len(carried.tasks) + len(carried.manual),
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
        alike: dict[tuple[str, int, str], list[NotCarried]] = {}
        for one in left:
            alike.setdefault((one.file, one.cell, one.because.en), []).append(one)
        yield say("Not carried over ({count}):", count=len(alike))
        yield from map(_line, alike.values())
    if carried.manual:
        points = sum((one.points for one in carried.manual), start=Fraction(0))
        names = ", ".join(one.name for one in carried.manual)
        yield say("A person reads: {names} (points {points}).", names=names, points=number(points))


def _line(several: Sequence[NotCarried]) -> Text:
    """Return what is left for one reason in one cell, with the first of its lines."""
    first = several[0]
    shown = f": {first.shown}" if first.shown else ""
    return joined((quote("  "), _place(several), quote(f"{shown}\n    "), first.because), "")


def _place(several: Sequence[NotCarried]) -> Text:
    first = several[0]
    lines = ", ".join(map(str, sorted({one.line for one in several})))
    if first.file:
        return say("{file}, line {line}", file=first.file, line=lines) if first.line else quote(first.file)
    if not first.cell:
        return say("the notebook")
    if len(several) == 1:
        return place_text(first.cell, first.line)
    return say("cell In [{cell}], lines {lines}", cell=first.cell, lines=lines)
