"""The kinds of failure: what came instead of an answer, as a sentence with a name and a question that helps.

Of a hidden question a sentence says kinds and places alone: whatever a student could choose freely (a message, a name,
a number) would carry the question's input, or what is expected, into the report.
"""

from __future__ import annotations

import re
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.grading.exceptions import gone_from_keras, known_exception, unknown_exception
from grader.grading.failure import Failure
from grader.grading.limit import over_text
from grader.grading.missing import missing
from grader.grading.refusals import kind_text, refused_hint, refused_text
from grader.grading.returned import TENSORS, returned_object, several_values
from grader.grading.returned import answered as _answered
from grader.grading.stopped import BY_A_CELL, needs_stopped_cell
from grader.grading.syntax_errors import with_pythons_words
from grader.grading.unfinished import not_attempted, returned_nothing
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

if TYPE_CHECKING:
    from grader.model import CellStopped, Observation, Place, Text
    from grader.networks.model import Alleged
    from grader.submission.definitions import Definition, Written


def failure_of(observed: Observation, task: str, written: Written) -> Failure | None:
    """Return what came instead of an answer; None where there is an answer, or the question was not asked."""
    match observed:
        case Raised():
            return _raised(observed, task, written)
        case TimedOut("call", seconds):
            text = _endless_text(written.effective(task), seconds)
            hidden = say("still running when its time was over")
            return Failure("endless", text, _endless_hint(), hidden=hidden, shows="call")
        case TimedOut(_, seconds):
            text = say("the whole notebook had used its {seconds} s before this was answered", seconds=f"{seconds:g}")
            return Failure("notebook_too_slow", text, _endless_hint())
        case Missing(found):
            return missing(task, found, written)
        case Died(number):
            text = say("the Python process ended in the middle of the call ({how})", how=_end(number))
            hidden = say("the Python process ended in the middle of the call")
            hint = say(
                "Which line ends Python itself: exit(), quit(), sys.exit()? Or does it need more memory than there is?"
            )
            return Failure("process_ended", text, hint, hidden=hidden, shows="call")
        case OverLimit():
            hidden = over_text(replace(observed, reached=None))
            hint = say("Which step makes so much of it, and is all of that needed for the answer?")
            return Failure(f"over_{observed.limit}", over_text(observed), hint, hidden=hidden, shows="call")
        case Unreadable("nothing"):
            return returned_nothing(task, written)
        case Unreadable():
            return _unreadable(observed)
        case NotAttempted(place):
            return not_attempted(task, place, written)
    return None


def not_rebuilt(alleged: Alleged) -> Failure:
    """Return why a network is refused by a check that takes only those that were built anew."""
    is_of_torch = alleged.library == "torch"
    match alleged.reason:
        case "part" if is_of_torch:
            text = say(
                "{part} is not PyTorch's own, so the network could not be built anew to be tested: "
                "use PyTorch's own layers, functions, losses and optimizers",
                part=alleged.part,
            )
        case "library" if is_of_torch:
            text = say(
                "PyTorch could not build the network anew from its steps: "
                "build it with nn.Sequential, or with a forward that does the same for all images"
            )
        case "part":
            text = say(
                "{part} is not Keras' own, so the network could not be built anew to be tested: "
                "use Keras' own layers, losses and optimizers",
                part=alleged.part,
            )
        case "size":
            text = say("the network has too many weights to be built anew and tested: make its layers smaller")
        case "library":
            text = say(
                "Keras could not build the network anew from its configuration: "
                "build it from Keras' own layers, with Sequential or Model(inputs, outputs)"
            )
    return Failure("not_rebuilt", text)


def _endless_text(one: Definition | None, seconds: float) -> Text:
    text = say("still running after {seconds} s", seconds=f"{seconds:g}")
    return text if one is None else say("{what} ({place})", what=text, place=place_text(one.cell, one.line))


def _endless_hint() -> Text:
    return say("Does every loop come to an end, and how many steps does it take for these inputs?")


def _raised(raised: Raised, task: str, written: Written) -> Failure:
    place = _in_notebook(raised.place, written)
    if (refused := raised.refused) is not None:
        hidden = _at(kind_text(refused), place)
        text, hint = _at(refused_text(refused), raised.place), refused_hint(refused)
        return Failure(f"no_{refused.what}", text, hint, hidden=hidden, is_certain=True)
    if raised.kind == "NotImplementedError" and raised.function not in {None, task}:
        return _calls_unfinished(str(raised.function), written)
    if gone := gone_from_keras(raised.kind, raised.message):
        hint = say(
            "Is it spelled right, or from an older tutorial? How do Keras 3 and the course's demo notebooks call it?"
        )
        hidden = _at(say("it uses a name that Keras or TensorFlow does not have"), place)
        return Failure("gone_from_keras", _at(gone, raised.place), hint, hidden=hidden, is_certain=True)
    absent = re.match(r"name '(\w+)' is not defined", raised.message) if raised.kind == "NameError" else None
    if absent is not None and absent[1] != task and (absent[1] in written.tasks or written.of(absent[1])):
        return _calls_missing(absent[1], written)
    if absent is not None and (needs := needs_stopped_cell(absent[1], written)) is not None:
        return needs
    text = _raised_text(quote(error_text(raised.kind, raised.message)), raised.place)
    name, hint = known_exception(raised.kind, raised.message) or unknown_exception(raised.place)
    return Failure(name, text, hint, hidden=_raised_text(known_name(raised.kind, raised.bases), place), shows="call")


def _calls_missing(function: str, written: Written) -> Failure:
    """Say that a call needs another function of the notebook, and why that one is not there."""
    why = missing(function, None, written)
    text = say("it calls {function}, which is not there: {why}", function=function, why=why.because)
    hidden = say("it calls a function of the notebook that is not there")
    name = "needs_stopped_cell" if why.name in BY_A_CELL else "calls_missing"
    return Failure(name, text, why.hint, hidden=hidden, is_certain=True)


def _calls_unfinished(function: str, written: Written) -> Failure:
    """Say that a call ended in another function's NotImplementedError, and whether that one is written."""
    known = written.effective(function)
    if known is None or known.body == "stub":
        text = say("it calls {function}, which is not written yet", function=function)
        hint = say("Which function is to be written first?")
        hidden = say("it calls a function that is not written yet")
        return Failure("calls_stub", text, hint, hidden=hidden, is_certain=True)
    text = say("it calls {function}, in which the line raise NotImplementedError is still reached", function=function)
    hint = say("A raise ends the call: which lines are reached, and is this one still needed?")
    hidden = say("it calls a function in which the line raise NotImplementedError is still reached")
    return Failure("calls_unfinished", text, hint, hidden=hidden, is_certain=True)


def _at(what: Text, place: Place | None) -> Text:
    return what if place is None else say("{what} ({place})", what=what, place=place_text(place.cell, place.line))


def _raised_text(error: Text, place: Place | None) -> Text:
    if place is None:
        return say("raised {error}", error=error)
    return say("raised {error} ({place})", error=error, place=place_text(place.cell, place.line))


def _in_notebook(place: Place | None, written: Written) -> Place | None:
    """Return a place if the notebook has it: code that a notebook makes may call its lines by any number."""
    if place is None or place.line is None:
        return None
    sources = [cell.source for cell in written.cells if cell.number == place.cell and cell.kind == "code"]
    return place if sources and 1 <= place.line <= len(sources[0].splitlines()) else None


def _unreadable(answer: Unreadable) -> Failure:
    is_a_result = answer.reason == "module" and answer.found in {*TENSORS, "dict", "set"}  # or parts of a network
    if (
        answer.reason in {"type", "network", "module"}
        and not is_a_result
        and (known := returned_object(answer.found)) is not None
    ):
        return known
    match answer.reason:
        case "several":
            return several_values(answer.found)
        case "text":
            text = say("the answer is text ({found}), not numbers", found=answer.found)
            hint = say("Is the result turned into text (str, f-string) at the end?")
            return _answered("returned_text", text, hint, say("the answer is text, not numbers"))
        case "ragged":
            text = say("the answer is a list whose parts have different shapes")
            return Failure(
                "returned_ragged", text, say("What are the parts? Print the shape of each."), shows="answers"
            )
        case "complex":
            text = say("the answer has complex numbers")
            hint = say("Where is a root or a power taken of a number below 0?")
            return Failure("returned_complex", text, hint, shows="answers")
        case "type":
            text = say("the answer is of the type {found}, not a number or an array of numbers", found=answer.found)
            hint = say("What does the last line hand back? Print its type.")
            return _answered(
                "returned_another_type", text, hint, say("the answer is no number and no array of numbers")
            )
        case "network" if answer.found == "tuple":
            text = say("several values were returned; one is asked")
            hint = say("What does the last line of the function return? The model alone is asked.")
            return _answered("several_values", text, hint)
        case "network":
            text = say("a compiled Keras model is to be returned; this is of the type {found}", found=answer.found)
            hint = say("What does the last line of the function return? The model alone is asked.")
            hidden = say("a compiled Keras model is to be returned; this is none")
            return _answered("returned_no_network", text, hint, hidden)
        case "module":
            text = say(
                "a network of PyTorch is to be returned: an nn.Module alone, or with its loss and its optimizer; "
                "this is of the type {found}",
                found=answer.found,
            )
            hint = say("What does the last line of the function return: the network itself, or its outputs?")
            hidden = say("a network of PyTorch is to be returned; this is none")
            return _answered("returned_no_network", text, hint, hidden)
        case "large":
            text = say("the answer is far larger than any right answer could be")
            return Failure(
                "returned_too_much", text, say("What shape should the answer have? Print yours."), shows="answers"
            )
    text, hint = say("the answer could not be read"), say("What does the last line hand back? Print its type.")
    return _answered("returned_another_type", text, hint)


def _end(number: int | None) -> str:
    if number is None:
        return "exit"
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def stopped_text(stop: CellStopped, limit_seconds: float) -> Text:
    """Return how a cell of the notebook stopped, as a sentence without its place."""
    what = _how_stopped(stop, limit_seconds)
    if stop.cell == stop.place.cell:
        return what
    return say("{what} (called from cell In [{cell}])", what=what, cell=stop.cell)


def _how_stopped(stop: CellStopped, limit_seconds: float) -> Text:
    if stop.over is not None and stop.how == "raised":
        return over_text(stop.over)
    if stop.over is not None:
        return say("ended: {limit}; the other cells were run without it", limit=over_text(stop.over))
    match stop.how:
        case "raised":
            unreadable = with_pythons_words(stop.kind, stop.message, stop.line)
            return gone_from_keras(stop.kind, stop.message) or unreadable or quote(error_text(stop.kind, stop.message))
        case "timed_out":
            return say("still running after {seconds} s", seconds=f"{limit_seconds:g}")
        case "died":
            number = int(stop.kind) if stop.kind.isdigit() else None
            return say("ended the Python process ({how}); the other cells were run without it", how=_end(number))
        case "not_run":
            return say("was not run: the notebook's time was used up")
