"""Whose fault it is: the two errors that end a command, each with one sentence for the person who can mend it.

What student code does is never an error here: it is an observation (grader.model).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.model import Text


class SaidError(Exception):
    """An error that is a sentence in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class LabError(SaidError):
    """The user's words or the staff's files: exit status 2, and nothing is graded."""


class SubmissionError(LabError):
    """The file handed in cannot be read as a notebook of this lab: exit status 2, and no score."""


class SandboxError(SaidError):
    """Our machinery: exit status 3, and never a score of zero."""
