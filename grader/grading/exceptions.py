"""Exceptions that beginners meet: a name for each, and a question that helps more than Python's message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.messages.format_values import error_text
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Place, Text


def known_exception(kind: str, message: str) -> tuple[str, Text] | None:
    """Return a name for an exception and a question that helps; None for one that is not known here."""
    for kinds, pattern, name, hint in _translations():
        if re.fullmatch(kinds, kind) and re.search(pattern, message):
            return name, hint
    return None


def unknown_exception(place: Place | None) -> tuple[str, Text]:
    """Return the name and the question for every other exception."""
    if place is None:
        return "raised", say("Call the function in a cell with such an input: which line of yours does the error name?")
    return "raised", say("What does that line do? Print what it works with just before: which value is unexpected?")


GONE = (
    ("AttributeError", r"module '((?:keras|tensorflow|tf)\b[^']*)' has no attribute '(\w+)'"),
    ("ImportError", r"cannot import name '(\w+)' from '((?:keras|tensorflow)\b[^']*)'"),
    ("ModuleNotFoundError", r"No module named '((?:keras|tensorflow)(?:\.\w+)*)\.(\w+)'"),
)
"""How Python says that Keras or TensorFlow does not have a name: a module, and what it lacks."""


def gone_from_keras(kind: str, message: str) -> Text | None:
    """Explain an error about a name that Keras or TensorFlow does not have, such as older tutorials use."""
    gone = next((found for known, pattern in GONE if known == kind and (found := re.match(pattern, message))), None)
    if gone is None:
        return None
    name, module = gone.groups() if kind == "ImportError" else gone.groups()[::-1]
    return say("{module} has no {name} ({error})", module=module, name=name, error=error_text(kind, message))


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
            r"|in both shapes must be equal|ndims must be|[Ee]xpected dimension \d+ at axis|incompatible with the layer"
        ),
        "shapes_do_not_fit",
        say("Two arrays of different shapes meet here: print both shapes just before. Which one is unexpected?"),
    )
    yield (
        "ValueError|TypeError",
        r"inhomogeneous shape|non-rectangular",
        "rows_differ",
        say("The rows of a list have different lengths: print the length of each. Which one is unexpected?"),
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
        say("Is the cell with the imports still there, above, does it run, and does it give this name?"),
    )
    yield (
        "NameError|UnboundLocalError",
        r"",
        "unknown_name",
        say(
            "Is the name spelled the same everywhere, and does it get a value before it is used? Restart the kernel "
            "and run all cells: what a deleted cell gave it is gone then."
        ),
    )
    yield (
        "AxisError|ValueError|IndexError",
        r"^axis .* out of bounds|repeated axis|axes don't match",
        "axis_out_of_bounds",
        say("How many axes has the array here? Print its shape: a vector has only axis 0, a single number none."),
    )
    yield (
        "InvalidArgumentError|ValueError",
        r"[Ii]nvalid reduction dimension|Expected dimension in the range|`axis` .* (?:out of|range)",
        "axis_out_of_bounds",
        say("How many axes has the array here? Print its shape: a vector has only axis 0, a single number none."),
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
        "ValueError|TypeError",
        r"[Aa]rgument\(s\) not recognized|Unrecognized keyword|unexpected keyword argument|invalid keyword argument",
        "unknown_argument",
        say("Does what is called here know an argument of that name today? Look it up, or ask help(…) in a cell."),
    )
    yield (
        "TypeError",
        r"positional argument|takes no .*arguments|multiple values for argument|required keyword-only argument",
        "parameters_changed",
        say("Are the function's parameters still those of the task, and does each call pass as many?"),
    )
    yield (
        "ValueError",
        r"^Could not interpret \w+ |^Unknown (?:loss|optimizer|activation|layer)",
        "unknown_part_of_keras",
        say("How does Keras spell that name? Look it up in its documentation."),
    )
    yield (
        "ValueError",
        r"has not yet been built|[Ii]nput \d+ of layer|is incompatible with the layer",
        "layers_do_not_fit",
        say("Which shape does each layer get, and which does it expect? model.summary() lists them."),
    )
    yield (
        "FileNotFoundError|IsADirectoryError|NotADirectoryError",
        r"",
        "file_missing",
        say("Is that file one that you hand in beside the notebook, under the same name? No other is there."),
    )
    yield "KeyError", r"", "unknown_key", say("Which keys are there? Print them: is this one spelled the same?")
    yield (
        "AssertionError",
        r"",
        "assertion",
        say("Which assert of yours is it, and does it hold for every input that the task allows?"),
    )
    yield (
        "UnicodeDecodeError|UnicodeEncodeError|JSONDecodeError",
        r"",
        "unreadable_text",
        say("Which text is read here, and is it needed for the answer?"),
    )
    yield (
        "TypeError|AttributeError|ValueError",
        r"NoneType",
        "none_used",
        say("A value is None here: which function that was called returns nothing?"),
    )
    yield (
        "ValueError|TypeError",
        r"could not convert string|invalid literal for int|must be str|can only concatenate str",
        "text_for_a_number",
        say("A text stands where a number is needed: which value is between quotes, or was read as text?"),
    )
    yield (
        "TypeError",
        r"not subscriptable|not iterable|has no len|of unsized object|iteration over a 0-d",
        "no_elements",
        say("A single number has no elements to go through or count: what comes here, and for which inputs? Print it."),
    )
    yield (
        "TypeError",
        r"^unhashable type",
        "unhashable",
        say(
            "A list or an array is no key of a dict, no member of a set, no argument of a cached function: where is it?"
        ),
    )
    yield (
        "FloatingPointError|RuntimeWarning|UserWarning|DeprecationWarning",
        r"",
        "floating_point",
        say("What is only a warning elsewhere is an error here: which line asks for that (np.seterr, warnings)?"),
    )
    yield (
        "SystemExit",
        r"",
        "program_ended",
        say("exit, quit and sys.exit end the program: what is the function to return at that point instead?"),
    )
    yield (
        "TypeError|_?UFunc[A-Za-z]*Error",
        r"(?:bad|unsupported) operand type|not supported (?:between|for the input types)|did not contain a loop",
        "types_do_not_fit",
        say("Of which types are the two values of this step? Print type(…) of each: which one is unexpected?"),
    )
    yield (
        "AttributeError",
        r"^module '[^']*' has no attribute",
        "unknown_in_module",
        say("Is the name after the dot spelled right, and is it of this package?"),
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
        say("Is the name spelled right, is the package one of the course's, and has it that name still?"),
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
