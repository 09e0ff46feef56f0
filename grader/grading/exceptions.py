"""Exceptions that beginners meet: a name for each, and a question that helps more than Python's message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.messages.format_values import error_text
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Text


def known_exception(kind: str, message: str) -> tuple[str, Text] | None:
    """Return a name for an exception and a question that helps; None for one that is not known here."""
    for kinds, pattern, name, hint in _translations():
        if re.fullmatch(kinds, kind) and re.search(pattern, message):
            return name, hint
    return None


def gone_from_keras(kind: str, message: str) -> Text | None:
    """Explain an AttributeError about a name that older tutorials use and Keras 3 does not have."""
    gone = re.match(r"module '(?:keras|tensorflow|tf)\b[^']*' has no attribute '(\w+)'", message)
    if kind != "AttributeError" or gone is None:
        return None
    return say(
        "{name} is not in Keras 3: older tutorials use it, today it has another name ({error})",
        name=gone[1],
        error=error_text(kind, message),
    )


def _translations() -> Iterator[tuple[str, str, str, Text]]:
    """Yield the exceptions that beginners meet: kinds, a part of the message, a name, and a question that helps."""
    yield (
        "TypeError",
        r"bitwise_xor|unsupported operand type\(s\) for \^",
        "caret",
        say("In Python ^ does not raise to a power; which operator does?"),
    )
    yield (
        "ValueError",
        r"Expected an instance of list, got",
        "list_and_array",
        say("One input is a list and the other an array: are both turned into the same kind first?"),
    )
    yield (
        "TypeError",
        r"unsupported operand type\(s\) for .*'(?:list|tuple)'|can't multiply sequence|must be real number, not list",
        "list_arithmetic",
        say("Python lists do not calculate element by element: is something a list that should be an array?"),
    )
    yield (
        "ValueError|InvalidArgumentError",
        (
            r"could not be broadcast|[Ii]ncompatible shapes|shapes? .* not aligned|mismatch in its core dimension"
            r"|size-incompatible|different ndims|[Dd]imensions must be equal|must (?:all )?have the same shape"
            r"|must match exactly|same number of dimensions|[Rr]anks of all input|[Ss]hapes of all inputs must match"
            r"|[Ee]xpected dimension \d+ at axis|incompatible with the layer"
        ),
        "shapes_do_not_fit",
        say("Two arrays of different shapes meet here: print both shapes just before. Which one is unexpected?"),
    )
    yield (
        "ValueError|InvalidArgumentError",
        r"cannot reshape array|[Ii]nput to reshape",
        "size_does_not_fit",
        say("How many numbers has the array, and how many has the shape that it is given? Print both."),
    )
    yield (
        "TypeError",
        r"only (?:length-1|size-1|0-dimensional) arrays can be converted",
        "scalar_function_on_array",
        say("A function for one number got a whole array (those of math are such): which one is made for arrays?"),
    )
    yield (
        "ValueError",
        r"truth value of an array",
        "array_in_a_condition",
        say("A condition compares a whole array at once: for which single number should it decide?"),
    )
    yield (
        "ValueError",
        r"math domain error|expected a positive input",
        "logarithm_of_zero",
        say("A logarithm or a root got 0 or a negative number: which input makes it so?"),
    )
    yield (
        "OverflowError",
        r"",
        "overflow",
        say("A power became too large for a number: how large can its exponent be here?"),
    )
    yield "ZeroDivisionError", r"", "division_by_zero", say("Which divisor can be 0 here, and for which input?")
    yield (
        "NameError",
        r"name '(?:np|tf|math|keras|numpy|tensorflow|plt)' is not defined",
        "not_imported",
        say("Is the cell with the imports still there, above, and does it run?"),
    )
    yield (
        "NameError|UnboundLocalError",
        r"",
        "unknown_name",
        say("Is the name spelled the same everywhere, and does it get a value before it is used?"),
    )
    yield (
        "IndexError|InvalidArgumentError",
        r"out of bounds|out of range|is not in \[0|outside the valid range",
        "index_out_of_range",
        say("Counting starts at 0: what is the largest index here, and which one is asked for?"),
    )
    yield (
        "IndexError",
        r"too many indices|invalid index to scalar",
        "too_many_indices",
        say("How many axes has the array here? Print its shape."),
    )
    yield (
        "IndexError",
        r"must be integers|valid indices",
        "index_no_integer",
        say("What is used as an index here, and is it a whole number?"),
    )
    yield "RecursionError", r"", "endless_recursion", say("The function calls itself: when does that stop?")
    yield (
        "TypeError",
        r"positional argument|unexpected keyword argument",
        "parameters_changed",
        say("Are the function's parameters still those of the task, and does each call pass as many?"),
    )
    yield (
        "TypeError|AttributeError|ValueError",
        r"NoneType",
        "none_used",
        say("A value is None here: which function that was called returns nothing?"),
    )
    yield (
        "InvalidArgumentError|TypeError|ValueError|UnimplementedError",
        (
            r"expected to be an? \w+ tensor|dtype.* incompatible|not match requested|allowed val|not match type"
            r"|Cast \w+ to \w+ is not supported"
        ),
        "dtypes_differ",
        say("Two values have different dtypes (float32 and float64, or whole numbers): print both. Which is right?"),
    )
    yield (
        "ModuleNotFoundError|ImportError",
        r"",
        "package_missing",
        say("Is the package's name spelled right, and is it one of the course's?"),
    )
    yield (
        "AttributeError",
        r"has no attribute",
        "unknown_attribute",
        say("Of what type is the object before the dot, and has that type such a function? Is it spelled right?"),
    )
    yield (
        "TypeError",
        r"not callable",
        "not_callable",
        say("Something that is no function is called with (…): is its name used for a value, or an operator missing?"),
    )
