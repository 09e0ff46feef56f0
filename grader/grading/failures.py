"""The kinds of failure: what came instead of an answer, as a sentence with a name and a question that helps.

Of a hidden question a sentence says kinds and places alone: whatever a student could choose freely (a message, a name,
a number) would carry the question's input, or what is expected, into the report.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.grading.exceptions import gone_from_keras, known_exception
from grader.grading.limit import over_text
from grader.grading.refusals import kind_text, refused_hint, refused_text
from grader.messages.exception_names import known_name
from grader.messages.format_values import error_text
from grader.messages.sentences import place_text, quote, say
from grader.model import (
    Died,
    Missing,
    NotAttempted,
    OverLimit,
    Raised,
    TimedOut,
    Unreadable,
)
from grader.submission.notebooks import defines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Alleged, Cell, CellStopped, Observation, Place, Run, Text


@dataclass(frozen=True, slots=True)
class Failure:
    """What came instead of an answer. `name` is a word for programs, `hint` a question, where one helps."""

    name: str
    because: Text
    hint: Text | None = None
    hidden: Text | None = None
    """What is said instead where the question is hidden; None where `because` says only kinds."""


def failure_of(observed: Observation, task: str, run: Run, cells: Sequence[Cell]) -> Failure | None:
    """Return what came instead of an answer; None where there is an answer, or the question was not asked."""
    match observed:
        case Raised():
            return _raised(observed, task, cells)
        case TimedOut("call", seconds):
            text = say("still running after {seconds} s", seconds=f"{seconds:g}")
            return Failure("endless", text, _endless_hint(), hidden=say("still running when its time was over"))
        case TimedOut(_, seconds):
            text = say("the whole notebook had used its {seconds} s before this was answered", seconds=f"{seconds:g}")
            return Failure("notebook_too_slow", text, _endless_hint())
        case Missing(found):
            text = say("{task} is no function any more", task=task)
            because = _missing(task, found, run, cells=cells)
            return Failure("not_defined", because, hidden=None if found is None else text)
        case Died(number):
            text = say("the Python process ended in the middle of the call ({how})", how=_end(number))
            hidden = say("the Python process ended in the middle of the call")
            return Failure("process_ended", text, hidden=hidden)
        case OverLimit():
            hidden = over_text(replace(observed, reached=None))
            return Failure(f"over_{observed.limit}", over_text(observed), hidden=hidden)
        case Unreadable():
            return _unreadable(observed)
        case NotAttempted():
            return Failure("not_written", say("not written yet"))
    return None


def not_rebuilt(alleged: Alleged) -> Failure:
    """Return why a network is refused by a check that takes only those that were built anew."""
    match alleged.reason:
        case "part":
            text = say(
                "{part} is not Keras' own, so the network could not be built anew to be tested: "
                "use Keras' own layers, losses and optimizers",
                part=alleged.part,
            )
        case "size":
            text = say("the network has too many weights to be built anew and tested: make its layers smaller")
        case "keras":
            text = say(
                "Keras could not build the network anew from its configuration: "
                "build it from Keras' own layers, with Sequential or Model(inputs, outputs)"
            )
    return Failure("not_rebuilt", text)


def _endless_hint() -> Text:
    return say("Does every loop come to an end, and how many steps does it take for these inputs?")


def _raised(raised: Raised, task: str, cells: Sequence[Cell]) -> Failure:
    place = _in_notebook(raised.place, cells)
    if (refused := raised.refused) is not None:
        hidden = _at(kind_text(refused), place)
        return Failure(
            f"no_{refused.what}", _at(refused_text(refused), raised.place), refused_hint(refused), hidden=hidden
        )
    if raised.kind == "NotImplementedError" and raised.function not in {None, task}:
        text = say("it calls {function}, which is not written yet", function=raised.function)
        return Failure("calls_stub", text, hidden=say("it calls a function that is not written yet"))
    if gone := gone_from_keras(raised.kind, raised.message):
        return Failure("gone_from_keras", gone, hidden=say("it uses what is not in Keras 3: older tutorials have it"))
    text = _raised_text(quote(error_text(raised.kind, raised.message)), raised.place)
    name, hint = known_exception(raised.kind, raised.message) or ("raised", None)
    return Failure(name, text, hint, hidden=_raised_text(known_name(raised.kind), place))


def _at(what: Text, place: Place | None) -> Text:
    return what if place is None else say("{what} ({place})", what=what, place=place_text(place.cell, place.line))


def _raised_text(error: Text, place: Place | None) -> Text:
    if place is None:
        return say("raised {error}", error=error)
    return say("raised {error} ({place})", error=error, place=place_text(place.cell, place.line))


def _in_notebook(place: Place | None, cells: Sequence[Cell]) -> Place | None:
    """Return a place if the notebook has it: code that a notebook makes may call its lines by any number."""
    if place is None or place.line is None:
        return None
    sources = [cell.source for cell in cells if cell.number == place.cell]
    return place if sources and 1 <= place.line <= len(sources[0].splitlines()) else None


def _missing(task: str, found: str | None, run: Run, cells: Sequence[Cell]) -> Text:
    if found is not None:
        return say("{task} is no function any more: the notebook made it a {found}", task=task, found=found)
    home = [cell.number for cell in cells if defines(cell.source, task)]
    stopped = [stop for stop in run.cells if stop.place.cell in home]
    if stopped:
        place = place_text(stopped[0].place.cell, stopped[0].place.line)
        return say("{task} was not defined, because its cell stopped: {place}", task=task, place=place)
    if home:
        return say("{task} was defined, and deleted or renamed again", task=task)
    return say("the notebook defines no function named {task}", task=task)


def _unreadable(answer: Unreadable) -> Failure:
    match answer.reason:
        case "nothing":
            text = say("nothing was returned (None): is there a return? Printing is not returning")
            return Failure("returned_nothing", text, say("With which statement does a function hand back its result?"))
        case "text":
            text = say("the answer is text ({found}), not numbers", found=answer.found)
            hint = say("Is the result turned into text (str, f-string) at the end?")
            return Failure("returned_text", text, hint, hidden=say("the answer is text, not numbers"))
        case "ragged":
            text = say("the answer is a list whose rows have different lengths")
            return Failure("returned_ragged", text, say("How long should each row be? Print the rows one by one."))
        case "complex":
            text = say("the answer has complex numbers")
            return Failure("returned_complex", text, say("Where is a root taken of a number below 0?"))
        case "type":
            text = say("the answer is of the type {found}, not a number or an array of numbers", found=answer.found)
            hint = say("What does the last line hand back? Print its type.")
            hidden = say("the answer is no number and no array of numbers")
            return Failure("returned_another_type", text, hint, hidden=hidden)
        case "network":
            text = say("a compiled Keras model is to be returned; this is of the type {found}", found=answer.found)
            hint = say("What does the last line of the function return?")
            hidden = say("a compiled Keras model is to be returned; this is none")
            return Failure("returned_no_network", text, hint, hidden=hidden)
        case "large":
            text = say("the answer is far larger than any right answer could be")
            return Failure("returned_too_much", text, say("What shape should the answer have? Print yours."))
        case "malformed":
            return Failure("returned_another_type", say("the answer could not be read"))


def _end(number: int | None) -> str:
    if number is None:
        return "exit"
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def stopped_text(stop: CellStopped, limit_seconds: float) -> Text:
    """Return how a cell of the notebook stopped, as a sentence without its place."""
    if stop.over is not None and stop.how == "raised":
        return over_text(stop.over)
    if stop.over is not None:
        return say("ended: {limit}; the other cells were run without it", limit=over_text(stop.over))
    match stop.how:
        case "raised":
            return gone_from_keras(stop.kind, stop.message) or quote(error_text(stop.kind, stop.message))
        case "timed_out":
            return say("still running after {seconds} s", seconds=f"{limit_seconds:g}")
        case "died":
            number = int(stop.kind) if stop.kind.isdigit() else None
            return say("ended the Python process ({how}); the other cells were run without it", how=_end(number))
        case "not_run":
            return say("was not run: the notebook's time was used up")
