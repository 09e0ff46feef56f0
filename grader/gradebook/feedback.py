"""A standing in sentences for the student: the score and what it is made of, comments, and what to do first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.messages.sentences import quote, say
from grader.model import Text
from grader.pages.summary import advice_text, first_thing, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.gradebook.standing import Standing


def feedback(standing: Standing) -> Text:
    """Return a standing on one line."""
    parts = [standing_text(standing), *(quote(comment) for comment in standing.comments), *_advice(standing)]
    return Text(" ".join(part.zh_tw for part in parts), " ".join(part.en for part in parts))


def standing_text(standing: Standing) -> Text:
    """Return the score and what it is made of."""
    if standing.excused:
        return say("Excused.")
    if standing.score is None:
        if standing.result is None:
            return say("No submission is known under your name.")
        ungraded = standing.result.record().ungraded
        return say("Not graded.") if ungraded is None else say("Not graded: {because}", because=ungraded.text)
    score, points = number(standing.score), number(standing.points)
    parts = [say("{earned} of {points} points.", earned=score, points=points), *_made_of(standing)]
    return Text("".join(part.zh_tw for part in parts), " ".join(part.en for part in parts))


def _made_of(standing: Standing) -> Iterator[Text]:
    """Yield what the score is made of, where there is more to it than the automatic score."""
    if standing.automatic is not None and (standing.added or standing.penalty):
        yield say("Automatic: {points}.", points=number(standing.automatic))
    if standing.added:
        yield say("Added by the teacher: {points}.", points=signed(standing))
    if standing.penalty:
        yield say("Days late: {days}, -{points}.", days=standing.days_late, points=number(standing.penalty))
    elif standing.days_late:
        yield say("Days late: {days}.", days=standing.days_late)


def signed(standing: Standing) -> str:
    """Return the added points with their sign."""
    return ("+" if standing.added > 0 else "") + number(standing.added)


def _advice(standing: Standing) -> Iterator[Text]:
    """Yield what to do first, where something was graded and is not yet full."""
    if standing.result is not None and standing.automatic is not None and not standing.excused:
        record = standing.result.record()
        if not record.is_full:
            yield advice_text(first_thing(record))
