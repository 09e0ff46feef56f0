"""The errors that end a command, by whose fault it is; each is one sentence for the person who can fix it.

What student code does is never an error here: it is an observation (grader.model).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.model import Text


class SaidError(Exception):
    """An error with a sentence in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class LabError(SaidError):
    """A mistake in the command or in the staff's files: exit status 2, and nothing is graded."""


class SubmissionError(LabError):
    """The file handed in is not a readable notebook of this lab: exit status 2, and no score."""


class SandboxError(SaidError):
    """A failure of the grader itself: exit status 3, and never a score of zero."""
