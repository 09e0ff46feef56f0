"""A function that is not finished: still the stub, its `raise` left in, defined again as a stub, without a return."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.grading.failure import Failure
from grader.grading.stopped import stop_before, stub_counts
from grader.messages.sentences import place_text, say

if TYPE_CHECKING:
    from grader.model import Place, Text
    from grader.submission.definitions import Definition, Written

NOT_WRITTEN = "not_written"


def not_attempted(task: str, place: Place | None, written: Written) -> Failure:
    """Return what it means that a function raised NotImplementedError itself, at a place of the notebook."""
    found = [one for one in written.of(task) if one.where in {"top", "condition"}]
    ran = _that_ran(found, place)
    if ran is None or ran.body == "stub":
        earlier = [one for one in found if ran is not None and one.body == "written" and one is not ran]
        if not earlier or ran is None:
            return _not_written()
        return _shadowed(task, earlier[-1], ran, written=written)
    line = place.line if place is not None and place.line in ran.raises else ran.raises[0] if ran.raises else None
    text = say(
        "{task} has code, and the line raise NotImplementedError is still in it ({place})",
        task=task,
        place=place_text(ran.cell, line),
    )
    hint = say("A raise ends the call: which lines are reached, and is this one still needed?")
    return Failure("raise_left", text, hint, is_certain=True)


def _shadowed(task: str, one: Definition, stub: Definition, *, written: Written) -> Failure:
    """Return why a stub counts although the function is written."""
    stop = stop_before(one, written.stops) if _is_later(one, stub) else None
    if stop is None:
        return _defined_again(task, one, stub)
    return stub_counts(task, stub, later=one, stop=stop)


def _that_ran(found: list[Definition], place: Place | None) -> Definition | None:
    """Return the definition in whose cell the call ended, the last of them; without a place, the last of all."""
    of_cell = [one for one in found if place is None or one.cell == place.cell]
    on_line = [one for one in of_cell if place is not None and place.line in one.raises]
    fitting = on_line or of_cell or found
    return fitting[-1] if fitting else None


def _not_written() -> Failure:
    return Failure(NOT_WRITTEN, say("not written yet"), is_certain=True)


def _is_later(one: Definition, other: Definition) -> bool:
    return (one.cell, one.line) > (other.cell, other.line)


def _defined_again(task: str, written: Definition, stub: Definition) -> Failure:
    first, second = place_text(written.cell, written.line), place_text(stub.cell, stub.line)
    if _is_later(written, stub):  # the later one did not come to be, or under a condition
        text = say(
            "{task} is written ({first}), and the empty one still counts ({second})",
            task=task,
            first=first,
            second=second,
        )
        hint = say("Does the cell of the written one run to its end?")
        return Failure("stub_counts", text, hint, is_certain=True)
    text = say(
        "{task} is defined twice: the empty one ({second}) comes later and replaces the written one ({first})",
        task=task,
        first=first,
        second=second,
    )
    hint = say("Of two functions of one name the later one counts: which of the two cells is to stay?")
    return Failure("defined_twice", text, hint, is_certain=True)


def returned_nothing(task: str, written: Written) -> Failure:
    """Return why a function may have given None."""
    one = written.effective(task)
    if one is not None and one.returns and one.decorated:
        text = say(
            "{task} has a decorator above it ({place}), and the call gave None, which is no value",
            task=task,
            place=place_text(one.cell, one.line),
        )
        hint = say("A decorator hands back a function of its own: does that one return what {task} gives?", task=task)
        return Failure("decorated", text, hint, shows="call", is_certain=True)
    if one is None or one.returns:
        text = say("the call gave None, which is no value")
        hint = say("What stands after return, and is it reached? print, append, sort and compile themselves give None.")
        return Failure("returned_nothing", text, hint, shows="call", is_certain=one is not None)
    place = place_text(one.cell, one.line)
    if one.body != "written":
        earlier = [other for other in written.of(task) if other.where == "top" and other.body == "written"]
        if earlier:
            return _defined_again(task, earlier[-1], one)
        text = say("{task} does nothing yet, so it returns nothing (None) ({place})", task=task, place=place)
        hint = say("Which formula does the task ask for? Write it into the function, and return its result.")
        return Failure("empty_function", text, hint, is_certain=True)
    if one.prints:
        text = say("{task} prints, and returns nothing (None) ({place})", task=task, place=place)
        hint = say("What is printed is for eyes only: with which statement does a function hand back its result?")
        return Failure("printed", text, hint, shows="call", is_certain=True)
    text = say("{task} has no return with a value, so it gives None ({place})", task=task, place=place)
    hint = say("With which statement does a function hand back its result?")
    return Failure("no_return", text, hint, shows="call", is_certain=True)


def doubled(task: str, written: Written) -> Text | None:
    """Return which of several written functions of a task's name was graded; None where there is one."""
    found = [one for one in written.of(task) if one.where == "top"]
    stops = [stop for stop in written.stops if stop.how != "timed_out"]
    reached = [one for one in found if stop_before(one, stops) is None]
    if len(found) < 2 or not reached or reached[-1].body != "written":  # noqa: PLR2004 (two of one name)
        return None
    place = place_text(reached[-1].cell, reached[-1].line)
    if reached[-1] is not found[-1]:
        return say(
            "{task} is defined {count} times, and the cell of the last one stopped before: this one counts ({place})",
            task=task,
            count=len(found),
            place=place,
        )
    return say(
        "{task} is defined {count} times: the last one counts ({place})", task=task, count=len(found), place=place
    )
