"""Where a class is graded. An executor is a file, and the word before the colon in `--cluster` picks it.

A file in this folder has

    WORDS: tuple[str, ...]
    executor(options: Options, course: Course, tell: Callable[[Text], None]) -> AbstractContextManager[Executor]
    hosts(address: str, tell: Callable[[Text], None]) -> Iterator[Host]

`WORDS` are the words before the colon of the addresses that it takes; the one that needs no address has "". Both
functions raise LabError for an address that cannot be used, before anything is read, and tell the teacher in sentences
what is good to know. `hosts` yields what can grade there, for `grade doctor`. Which file it is, `workflow/addresses.py`
finds by the word; nothing else knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from grader.course.lab import Lab
    from grader.grading.key import Key
    from grader.model import Isolation, Text
    from grader.records.record import Record
    from grader.submission.entries import Input
    from grader.workflow.side_by_side import Finished


class Executor(Protocol):
    """A context in which the submissions of a class become records."""

    def prepare(self, packages: Sequence[str], count: int) -> None:
        """Begin to get ready for at most `count` submissions, of which some import these packages of the lab."""

    def grade(self, lab: Lab, key: Key, inputs: Sequence[Input]) -> Generator[Finished[Record | Exception]]:
        """Grade what was handed in, side by side; yield each record, or why there is none, as it is finished.

        An error of one submission is yielded; what is raised ends the grading of all.
        """

    def leave(self) -> None:
        """Let everything end that is no longer needed, without waiting for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A host that can grade: its name, how many submissions at once, its wall, and what would make that stronger."""

    name: str
    slots: int
    isolation: Isolation
    remedy: Text | None = None
