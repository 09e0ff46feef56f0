"""What was carried over of a notebook: questions in checks of tasks; and what was not, where it stands and why."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.model import Text, Value
    from grader.source.model import AssertionPart, ManualPart

LONGEST_SHOWN = 70
REQUIRES = "requires"
"""The kind of a question that is none: what a function has to call, for the test takes it away."""


@dataclass(frozen=True, slots=True, eq=False)
class CarriedQuestion:
    """A question: `inputs` by the names of the parameters, `judge` as a rubric writes it."""

    task: str
    check: str
    test: AssertionPart
    line: int
    inputs: Mapping[str, Value]
    judge: Mapping[str, object] | None = None
    public: bool = False
    manner: str = "call"
    """How it is put: "call", "variable", or the name of a probe."""
    asks_more: bool = False
    """Whether it looks at more of the answer than the notebook's own assertion did."""


@dataclass(frozen=True, slots=True)
class NotCarried:
    """Something of a notebook that became no question: where it stands, and why."""

    cell: int
    line: int
    shown: str
    because: Text
    file: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class CarriedCheck:
    """The questions of one test of the notebook about one answer, and what they are worth."""

    name: str
    points: Fraction
    questions: tuple[CarriedQuestion, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CarriedTask:
    """An answer that is asked for."""

    name: str
    manner: str
    checks: tuple[CarriedCheck, ...]

    @property
    def points(self) -> Fraction:
        """Return the sum of its checks."""
        return sum((check.points for check in self.checks), Fraction(0))


@dataclass(frozen=True, slots=True, eq=False)
class CarriedReading:
    """A question that a person reads, as a task of its own."""

    name: str
    part: ManualPart
    points: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class CarriedOver:
    """A notebook's tests as tasks, and what of them was left; `probes` has the functions that arguments name."""

    tasks: tuple[CarriedTask, ...]
    probes: str = ""
    left: tuple[NotCarried, ...] = ()
    manual: tuple[CarriedReading, ...] = ()
    missing: tuple[str, ...] = ()
    """The files that were not found, and without which some of it did not come about."""

    @property
    def questions(self) -> tuple[CarriedQuestion, ...]:
        """Return all questions."""
        return tuple(one for task in self.tasks for check in task.checks for one in check.questions)

    @property
    def points(self) -> Fraction:
        """Return the sum of the tasks, those that a person reads among them."""
        asked = sum((task.points for task in self.tasks), Fraction(0))
        return asked + sum((one.points for one in self.manual), Fraction(0))


def told(test: AssertionPart, line: int, because: Text) -> NotCarried:
    """Return something of a test that became no question."""
    return NotCarried(
        test.cell, line, _shown(test.code, line), because=because, file=test.file.name if test.file else ""
    )


def _shown(code: str, line: int) -> str:
    lines = code.splitlines()
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
