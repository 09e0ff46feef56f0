"""What came instead of an answer where a variable is read, a probe asked, or any value may be the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.grading.failure import Failure
from grader.grading.failures import failure_of
from grader.grading.missing import missing
from grader.grading.returned import returned_object
from grader.grading.unfinished import NOT_WRITTEN
from grader.messages.format_values import error_text
from grader.messages.sentences import place_text, quote, say
from grader.model import Missing, NotAttempted, Unfit, Unreadable

if TYPE_CHECKING:
    from grader.model import Observation, Question
    from grader.submission.definitions import Written


def failure_of_question(question: Question, observed: Observation, written: Written) -> Failure | None:
    """Return what came instead of an answer; None where there is one, or the question was not asked."""
    manner = question.manner
    match observed:
        case Unfit():
            return _unfit(observed)
        case Missing() if manner.variable is not None:
            return _no_variable(manner.variable, written)
        case Missing(found, str() as name):
            return _missing(name, found, written)
        case NotAttempted() if manner.variable is not None:
            text = say("{name} has no value yet", name=manner.variable)
            return Failure(NOT_WRITTEN, text)
        case Unreadable("deep" | "many" | "large"):
            return _too_much(observed)
        case Unreadable("type", "ellipsis") if (known := returned_object("ellipsis")) is not None:
            return known
        case Unreadable("type", found) if manner.counts != "numbers":
            text = say("the answer is of the type {found}, which holds no values that can be compared", found=found)
            hint = say("What does the last line hand back? Print its type.")
            hidden = say("the answer is an object, not a value that can be compared")
            return Failure("returned_another_type", text, hint, hidden=hidden, shows="answers")
    return failure_of(observed, question.task, written)


def _unfit(unfit: Unfit) -> Failure:
    name, needs = unfit.function, unfit.needs
    hint = say("What is {name} to return, and in which order? Count the values after return.", name=name)
    hidden = say("{name} returned something else than what is asked of it", name=name)
    if needs:
        hidden = say("{name} returned something else than {needs}, which is needed", name=name, needs=needs)
    if needs and unfit.returned == "1":
        text = say("{name} returned 1 value; {needs} is needed", name=name, needs=needs)
    elif needs and unfit.returned.isdecimal():
        text = say("{name} returned {count} values; {needs} is needed", name=name, count=unfit.returned, needs=needs)
    elif needs and unfit.returned == "more":
        text = say("{name} returned more values than are needed: {needs}", name=name, needs=needs)
    elif needs:
        text = say("{name} returned 1 value ({kind}); {needs} is needed", name=name, kind=unfit.returned, needs=needs)
    else:
        error = quote(error_text(unfit.kind, unfit.message))
        text = say("what comes of {name} cannot be used as it is to be: {error}", name=name, error=error)
        hint = say("What does {name} give? Print it, its type, and what it is asked for.", name=name)
    return Failure("unfit", text, hint, hidden=hidden, shows="call", is_certain=True)


def _missing(name: str, found: str | None, written: Written) -> Failure:
    """Return why there is nothing of a name for which a probe asks: it may be that of a class."""
    failure = missing(name, found, written)
    if failure.name != "not_defined":
        return failure
    text = say("the notebook defines nothing named {name}", name=name)
    hint = say("Is the cell that defines {name} still in the notebook, and is it spelled like that there?", name=name)
    return replace(failure, because=text, hint=hint)


def _no_variable(name: str, written: Written) -> Failure:
    given = written.given(name)
    hint = say("Which cell is to give {name} its value, and is it spelled like that there?", name=name)
    if given is not None:
        place = place_text(given.cell, given.line)
        text = say("{name} is given a value in {place}, which was not reached", name=name, place=place)
        return Failure("no_variable", text, hint, is_certain=True)
    if (near := written.near_value(name)) is not None:
        text = say("there is no variable {name}; {near} is there", name=name, near=near[0])
        return Failure("no_variable", text, hint, is_certain=True)
    return Failure("no_variable", say("there is no variable {name} in the notebook", name=name), hint, is_certain=True)


def _too_much(answer: Unreadable) -> Failure:
    hint = say("What shape should the answer have? Print yours.")
    match answer.reason:
        case "deep":
            text = say("the answer is nested deeper than any right answer could be: does it hold itself?")
        case "many":
            text = say("the answer has far more values than any right answer could have")
        case _:
            text = say("the answer is far larger than any right answer could be")
    return Failure("returned_too_much", text, hint, shows="answers")
