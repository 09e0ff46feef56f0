"""What a function returned that is no answer: several values, a function, a generator, a tensor without numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.grading.failure import Failure
from grader.messages.sentences import say

if TYPE_CHECKING:
    from grader.model import Returned, Text

FUNCTIONS = frozenset({"function", "method", "builtin_function_or_method", "ufunc", "method-wrapper", "partial"})
LAZY = frozenset({"generator", "map", "filter", "zip", "enumerate", "reversed", "list_iterator"})
TENSORS = frozenset({"KerasTensor", "SymbolicTensor", "Tensor"})


def answered(name: str, because: Text, hint: Text, hidden: Text | None = None) -> Failure:
    """Return a failure of what did come, which no formula can mend: a public question shows the call alone."""
    return Failure(name, because, hint, hidden=hidden, shows="call")


def several_values(count: str) -> Failure:
    """Return that a tuple of several values came where one answer is asked."""
    text = say("returned {count} values; one is asked", count=count)
    hint = say("Which of the values after return is the one that the task asks for?")
    return Failure(
        "several_values",
        text,
        hint,
        hidden=say("several values were returned; one is asked"),
        shows="call",
        is_certain=True,
    )


def several_of(seen: Returned, expected: tuple[int, ...]) -> Failure | None:
    """Return that a tuple came each of whose values could be the answer, by the shape that is expected."""
    if seen.values is None or seen.value.shape[:1] != (seen.values,):
        return None
    is_several = expected == () or seen.value.shape[1:] == expected
    return several_values(str(seen.values)) if is_several else None


def returned_object(found: str) -> Failure | None:
    """Return what an object is that has no numbers, by the name of its type; None for a type that is not known here."""
    if found == "ellipsis":
        text = say("the answer is still `...`, which stands for what is not written yet")
        hint = say("In which line of the function is there still `...`? Put your code in its place.")
        return answered("returned_placeholder", text, hint)
    if found in FUNCTIONS:
        text = say("a function was returned, not its result")
        return answered(
            "returned_function", text, say("Is it called? A call has parentheses, even with nothing in them.")
        )
    if found in LAZY:
        text = say("the answer is a {found}, which has not computed its numbers yet", found=found)
        hint = say("What collects the numbers: a list, an array, a sum? And is it yield that is meant, or return?")
        return answered("returned_generator", text, hint)
    if found in TENSORS:
        text = say("the answer is a symbolic tensor ({found}), which stands for numbers and has none", found=found)
        hint = say("Where does a layer, an Input or a tf.function come in? Compute with the numbers that were given.")
        return answered("returned_tensor", text, hint)
    if found == "coroutine":
        text = say("the function is declared with async, so a call gives a coroutine and no number")
        return answered("returned_coroutine", text, say("Is the async before def needed?"))
    if found in {"dict", "set"}:
        text = say("the answer is a {found}, not a number or an array of numbers", found=found)
        return answered(
            "returned_collection", text, say("Which of its values is the answer, or in which order do they come?")
        )
    return None
