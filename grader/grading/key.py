"""The key: all questions with their expected answers, and how an answer is judged.

Only the questions leave this process; the expected answers are held against what comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from grader import checks
from grader.messages.sentences import say
from grader.model import Array, Differs, Question, Raised, Returned, Structured, Text, Value
from grader.networks.model import Built, Goal
from grader.registry import module_in
from grader.wire.given import fresh

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.course.mistakes_and_laws import Law
    from grader.model import Judgement, Observation


@dataclass(frozen=True, slots=True, eq=False)
class LawCase:
    """A law and the arguments that it is tried with."""

    law: Law
    arguments: tuple[Value, ...]

    def holds(self, answers: Iterable[Array]) -> bool:
        """Say whether the law holds for the answers to its calls, in their order.

        A law that fails on the answers, because it cannot calculate with them, does not hold.
        """
        coming = iter([np.asarray(answer, np.float64) for answer in answers])
        try:
            with np.errstate(all="ignore"):
                return bool(self.law.function(lambda *_: next(coming), *map(fresh, self.arguments)))
        except (Exception, SystemExit):  # noqa: BLE001 (the answers may be anything: whatever a law raises on them, it does not hold)
            return False


Expected: TypeAlias = "Array | Structured | Raised | Goal"
"""What is expected: numbers, any other value, an exception, or a network that serves a goal."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question with what only this side knows: its expected answer, and how an answer is judged."""

    question: Question
    names: tuple[str, ...]
    public: bool
    expected: Expected
    kind: str
    options: Mapping[str, Any]
    readings: Mapping[str, Array | Structured]
    """The expected answer by each reading of the task, if it has several; that of the first is `expected`."""
    about: Text | None = None
    """What kind of input it has: all that a student reads about a hidden question."""
    case: LawCase | None = None
    """For a call that a law makes: the law and its arguments, one object for all of the calls."""
    rebuilt: bool = False
    """Whether a network is refused where it could not be built anew."""

    def can_judge(self, observed: Observation) -> bool:
        """Say whether an observation is held against the expected answer; else it came in an answer's place."""
        return isinstance(observed, Returned | Structured | Built) or (
            isinstance(self.expected, Raised) and isinstance(observed, Raised) and observed.refused is None
        )

    def judge(self, observed: Observation, *, reading: str | None = None) -> Judgement:
        """Judge an answer by the expected one, or by the one that a reading expects."""
        if isinstance(observed, Built) is not isinstance(self.expected, Goal):
            return Differs(say("the answer could not be read"))
        expected = self.expected if reading is None else self.readings[reading]
        judgement: Judgement = module_in(checks, self.kind).judge(observed, expected, **self.options)
        return judgement


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """All questions of a lab under one seed, in the order in which they are asked."""

    lab: str
    seed: int
    asked: tuple[Asked, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return what a submission may see."""
        return tuple(asked.question for asked in self.asked)
