"""Why a call or a variable that a test asks about can be no question of a rubric, and what to do about it."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.comparing.kinds import as_numbers
from grader.messages.sentences import say
from grader.newlab.asking_again import SLOW_SECONDS, alike, written
from grader.newlab.heard import Unwritable
from grader.wire.plain import size_of

if TYPE_CHECKING:
    from grader.model import Text, Value
    from grader.newlab.heard import Heard, HeardCall, ReadVariable, Written

LARGEST_INPUT_BYTES = 40_000
"""Some thousand numbers: what is larger nobody reads in a rubric."""


def reason_against_call(call: HeardCall, heard: Heard) -> Text | None:
    """Return why a call is no question; None where it can be one."""
    if call.name in heard.broken:
        return _broken(call.name, heard)
    function = heard.functions.get(call.name)
    if function is None:
        return say("{name} is no function any more at the end of the notebook", name=call.name)
    if call.starred:
        return say(
            "{name} takes {what}, which a question cannot give: write a probe that calls it",
            name=call.name,
            what=", ".join(call.starred),
        )
    if list(call.inputs) != list(inspect.signature(function).parameters):
        return say("{name} is defined once more later, with other parameters: give it another name", name=call.name)
    for name, value in call.inputs.items():
        if (because := _against_input(name, value)) is not None:
            return because
    if call.changed:
        return say(
            "the call changes its argument {argument}: write a probe that returns it afterwards",
            argument=", ".join(call.changed),
        )
    return _against_answer(call)


def _broken(name: str, heard: Heard) -> Text:
    return say("{name} does not come about without the tests: {error}", name=name, error=heard.broken[name][:200])


def _against_input(name: str, value: Written) -> Text | None:
    if isinstance(value, Unwritable):
        if value.kind == "large" or hasattr(value.found, "__array__"):
            return say("its argument {argument} is too large to be written: write a maker (`make`)", argument=name)
        if isinstance(value.found, FunctionType):
            return say(
                "its argument {argument} is a function: put it into probes/ and write {{function: NAME}}", argument=name
            )
        return say(
            "its argument {argument} is of the type {kind}, which a rubric does not write: write a probe that makes it",
            argument=name,
            kind=value.kind,
        )
    if size_of(value) > LARGEST_INPUT_BYTES:
        return say("its argument {argument} is too large to be written: write a maker (`make`)", argument=name)
    return None


def _against_answer(call: HeardCall) -> Text | None:
    if isinstance(call.raised, NotImplementedError):
        return say("it raises NotImplementedError, which stands for a function that is not written yet")
    if call.seconds > SLOW_SECONDS:
        seconds = f"{call.seconds:.0f}"
        return say("the call takes {seconds} s: ask with less, by a question of your own", seconds=seconds)
    match call.again:
        case "random":
            return say("its answer is left to chance: fix it with `seed`, or ask for what always holds by a law")
        case "state":
            return say("its answer depends on what ran before: write a probe that does all of it")
        case "raises":
            if not call.error:
                return say("asked by itself in the end of the notebook it takes too long, or raises nothing any more")
            return say("asked by itself in the end of the notebook it raises {error}", error=call.error[:200])
    if call.raised is not None:
        return None
    if call.returned is None and not call.printed:
        return say("it returns nothing and prints nothing: what it draws or writes is asked by `probe: figure` or file")
    return _against_value(call.returned)


def _against_value(value: Written) -> Text | None:
    if isinstance(value, Unwritable):
        return say(
            "its answer is of the type {kind}, which is not compared: write a probe that makes a value of it",
            kind=value.kind,
        )
    if not _is_finite(value):
        return say("its answer has numbers that are not finite: write a probe that says which")
    return None


def reason_against_variable(one: ReadVariable, heard: Heard) -> Text | None:
    """Return why a variable is no question; None where it can be one."""
    if one.name in heard.broken:
        return _broken(one.name, heard)
    if one.again == "random":
        return say("its value is left to chance: set a seed in the cells that students are given")
    in_the_end = written(heard.names.get(one.name))
    if not isinstance(one.value, Unwritable) and not alike(one.value, in_the_end):
        return say("{name} gets another value later in the notebook: give it another name", name=one.name)
    if one.value is None:
        return say("its value is None, which a notebook that does nothing has too")
    return _against_value(one.value)


def _is_finite(value: Value) -> bool:
    """Say whether an answer that counts as numbers is one: the reference's must be."""
    numbers: Any = as_numbers(value)
    return numbers is None or numbers.dtype.kind not in "fc" or bool(np.isfinite(numbers).all())
