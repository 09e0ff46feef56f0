"""A failure: what came instead of an answer, as a sentence with a name and a question that helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from grader.model import Text


@dataclass(frozen=True, slots=True)
class Failure:
    """What came instead of an answer. `name` is a word for programs, `hint` a question, where one helps."""

    name: str
    because: Text
    hint: Text | None = None
    hidden: Text | None = None
    """What is said instead where the question is hidden; None where `because` says only kinds."""
    shows: Literal["answers", "call", "nothing"] = "nothing"
    """What of a public question helps: its call with both answers, the call alone, or nothing of it.

    Where the reason is no matter of the formula, an expected value would only lead away from it.
    """
    is_certain: bool = False
    """Whether no explanation of the formula is looked for: what is said here is the cause."""
