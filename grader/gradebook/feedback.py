"""A standing in sentences for the student: the score and what it is made of, what was read, and what to do first.

What staff note for each other is never in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.gradebook.corrected_tasks import corrected_task, with_tasks
from grader.gradebook.task_standing import NOTHING
from grader.messages.sentences import joined, quote, say
from grader.model import Text
from grader.pages.read_by_people import reading_texts
from grader.pages.summary import NothingToDo, advice_text, earned_text, first_thing, number, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.gradebook.requests import Request
    from grader.gradebook.standing import Standing
    from grader.gradebook.task_standing import TaskStanding


def feedback(standing: Standing) -> Text:
    """Return a standing on one line."""
    return joined([standing_text(standing), *said_texts(standing), *_advice(standing)], " ")


def said_texts(standing: Standing) -> Iterator[Text]:
    """Yield what people said to the student: of each task, of all of it, and to what the student asked."""
    for task in standing.tasks:
        yield from task_texts(task)
    yield from (quote(comment) for comment in standing.comments)
    for request in standing.requests:
        yield from request_texts(request)


def task_texts(task: TaskStanding) -> Iterator[Text]:
    """Yield what people said of a task: checks that are worth other points, then its points, items and comment."""
    name = task.part.title.text
    for one in task.overridden:
        yield say(
            "{task}, {check}: {score} by hand; the grader gave {automatic}.{reason}",
            task=name,
            check=one.check.name,
            score=earned_text(one.points, one.check.points),
            automatic=number(one.check.earned or NOTHING),
            reason=quote(f" {one.override.reason}" if one.override.reason else ""),
        )
    if task.part.manual is None or task.reading is None or not task.reading.is_read:
        return
    if task.manual is not None:
        yield say("{task}: {score}.", task=name, score=earned_text(task.manual, task.part.manual.points))
    elif task.reading.comment:
        yield say("{task}: {score}.", task=name, score=say("not graded yet"))
    yield from reading_texts(corrected_task(task.part, task))


def request_texts(request: Request) -> Iterator[Text]:
    """Yield what a student asked to be looked at again, and the answer."""
    day = request.asked.made.date().isoformat()
    yield say("You asked ({day}): {text}", day=day, text=quote(request.asked.comment))
    if request.answer is None:
        yield say("This is still to be answered.")
    else:
        yield say("The answer: {text}", text=quote(request.answer.comment))


def standing_text(standing: Standing) -> Text:
    """Return the score and what it is made of."""
    if standing.excused:
        return say("Excused.")
    if standing.so_far is None:
        if standing.result is None:
            return say("No submission is known under your name.")
        ungraded = standing.result.record().ungraded
        return say("Not graded.") if ungraded is None else say("Not graded: {because}", because=ungraded.text)
    if standing.waiting:
        text = say(
            "Not graded yet: a person still reads {points} points. So far: {score}.",
            points=number(standing.to_read),
            score=earned_text(standing.so_far, standing.points - standing.to_read),
        )
    elif standing.so_far > standing.points:
        text = say("{score}.", score=earned_text(standing.so_far, standing.points))
    else:
        text = say("{earned} of {points} points.", earned=number(standing.so_far), points=number(standing.points))
    parts = [text, *_made_of(standing)]
    return Text("".join(part.zh_tw for part in parts), " ".join(part.en for part in parts))


def _made_of(standing: Standing) -> Iterator[Text]:
    """Yield what the score is made of, where there is more to it than the automatic score."""
    more = (standing.overridden, standing.read, standing.added, standing.cut, standing.penalty)
    if standing.automatic is not None and any(more):
        yield say("Automatic: {points}.", points=number(standing.automatic))
    if standing.overridden:
        yield say("Checks changed by hand: {points}.", points=signed(standing.overridden))
    if standing.read:
        yield say("Read by a person: {points}.", points=number(standing.read))
    if standing.added:
        yield say("Added by the teacher: {points}.", points=signed(standing.added))
    if standing.cut:
        yield say("Above all points and no bonus, so not counted: {points}.", points=number(standing.cut))
    if standing.penalty:
        yield say("Days late: {days}, -{points}.", days=standing.days_late, points=number(standing.penalty))
    elif standing.days_late:
        yield say("Days late: {days}.", days=standing.days_late)


def _advice(standing: Standing) -> Iterator[Text]:
    """Yield what to do first, where something was graded and can still be mended."""
    if standing.result is None or standing.automatic is None or standing.excused:
        return
    record = with_tasks(standing.result.record(), standing)
    advice = first_thing(record)
    if not (record.is_full or isinstance(advice, NothingToDo)):
        yield advice_text(advice)
