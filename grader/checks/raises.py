"""`kind: raises`: the call raises the exception that the reference raises, or one derived from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.messages.exception_names import known_name
from grader.messages.format_values import error_text
from grader.messages.sentences import quote, say
from grader.model import Agrees, Differs, Raised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Judgement, Observation

COUNTS = "value"
EXPECTS = "exception"


def judge(observed: Observation, expected: Raised, *, message: str = "") -> Judgement:
    """Agree when an exception of the expected type comes, or of a subclass; its message has `message`, in any case."""
    if not isinstance(observed, Raised):
        text = say("no exception came; {kind} is to be raised", kind=expected.kind)
        return Differs(text, hidden=say("no exception came where one is to be raised"))
    if expected.kind not in (observed.kind, *observed.bases):
        error = quote(error_text(observed.kind, observed.message))
        text = say("raised {error}; {kind} is to be raised", error=error, kind=expected.kind)
        hidden = say(
            "raised {error}; another exception is to be raised", error=known_name(observed.kind, observed.bases)
        )
        return Differs(text, hidden=hidden)
    if message.casefold() not in observed.message.casefold():
        text = say("{kind} is raised, and its message does not say {word}", kind=observed.kind, word=f'"{message}"')
        return Differs(text, hidden=say("the exception is right, and its message does not say what it is to say"))
    return Agrees()


def impostors(expected: Raised, *, message: str = "") -> Iterator[tuple[str, Raised]]:
    """Give an exception of another type, and, where words are asked of its message, one without them."""
    yield "another exception", replace(expected, kind="KeyboardInterrupt", bases=())
    if message:
        yield "another message", replace(expected, message="")
