"""A difference of two values becomes a judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.comparing.compare import difference, told
from grader.messages.sentences import say
from grader.model import Agrees, Differs, Structured

if TYPE_CHECKING:
    from grader.comparing.rule import Comparison
    from grader.model import Judgement, Observation


def nested(observed: Observation, expected: Structured, how: Comparison) -> Judgement:
    """Agree where no difference is found. Of a hidden question no place, key or value is said."""
    if not isinstance(observed, Structured):
        return Differs(say("the answer could not be read"))
    found = difference(observed.value, expected.value, how)
    if found is None:
        return Agrees()
    hidden = found.hidden or (
        say("the answer is built otherwise than the expected one") if found.kind == "structure" else None
    )
    return Differs(told(found), found.kind, hidden=hidden)
