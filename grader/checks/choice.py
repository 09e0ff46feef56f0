"""`kind: choice`: one of several answers is right; each wrong one may have a hint of its own."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 (a rubric's model is made from it)
from typing import TYPE_CHECKING

from grader.comparing.rule import quoted
from grader.messages.sentences import say
from grader.model import Agrees, Differs, Structured, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Judgement, Value

COUNTS = "value"
TELLS_EXPECTED = False
"""With the answer to a public question there would be nothing left to choose."""


def judge(observed: Structured, expected: Structured, *, choices: Mapping[str, Text | None]) -> Judgement:
    """Agree when the answer is the expected one. `choices` are all that may be chosen, with a hint each or None.

    Texts are compared without regard to case and blanks around them; a whole number or True counts as its text.
    """
    named = {_folded(name): name for name in choices}
    chosen = _named(observed.value)
    if expected.value is None and observed.value is None:  # what stands for the reference in a student's kit
        return Agrees()
    if chosen is None or chosen not in named:
        text = say("the answer is none of the choices: {choices}", choices=", ".join(choices))
        return Differs(text, hidden=text)
    if expected.value is None:  # in a student's kit, which does not know
        return Agrees(say("one of the choices: the grading will say whether it is the right one"))
    if chosen == _named(expected.value):
        return Agrees()
    text = say("{choice} was chosen, which is not the answer", choice=quoted(named[chosen]))
    return Differs(text, hidden=text, hint=choices[named[chosen]])


def impostors(expected: Structured, *, choices: Mapping[str, Text | None]) -> Iterator[tuple[str, Structured]]:
    """Give every other choice, and one that there is not."""
    for name in choices:
        if _folded(name) != _named(expected.value):
            yield f"the choice {name}", Structured(name)
    yield "no choice", Structured("no such choice")


def _named(value: Value) -> str | None:
    match value:
        case str():
            return _folded(value)
        case bool() | int():
            return _folded(str(value))
        case float() if value.is_integer():
            return _folded(str(int(value)))
    return None


def _folded(name: str) -> str:
    """Return a choice without case, and without the brackets and marks around it."""
    return name.strip(" \t\n()[]（）.、。:").casefold()
