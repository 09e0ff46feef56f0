"""What an audit says: what it looked at, what has to be mended and where. Frozen words, no behaviour.

The names of the fields are keys of LAB.audit.json.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from grader.model import Text

Weight: TypeAlias = Literal["unfair", "missing", "advice"]
"""What a finding means: marks go wrong; nobody knows whether they do; the lab could be better."""

Need: TypeAlias = Literal[
    "mending",
    "hidden questions",
    "questions",
    "tolerances",
    "examples",
    "texts",
    "mistakes",
    "variants",
    "laws",
    "solution",
    "reasons",
]
"""What a finding asks for, in the order of what it would bring: NEEDS."""

NEEDS: tuple[Need, ...] = get_args(Need)

Topic: TypeAlias = Literal[
    "stub",
    "solution",
    "mistakes",
    "variants",
    "impostors",
    "calls",
    "reference",
    "mutation",
    "tolerances",
    "questions",
    "laws",
    "contents",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend: how grave it is, where in the lab (a task, TASK.CHECK, or ""), what it is, in which file."""

    weight: Weight
    place: str
    told: Text
    file: str
    asks_for: Need = "mending"


@dataclass(frozen=True, slots=True)
class Part:
    """One topic: a sentence on what was looked at, and what has to be mended."""

    topic: Topic
    told: Text
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """What was put to the questions: slips in the reference, and those that were found; known mistakes; right answers.

    `uses` says whether uses of what may not be used were tried, `solution` whether there is a solved notebook.
    """

    slips: int
    found: int
    mistakes: int
    uses: bool
    variants: int
    solution: bool

    @property
    def has_wrong(self) -> bool:
        """Say whether there was any wrong answer among it."""
        return self.slips > 0 or self.mistakes > 0 or self.uses


@dataclass(frozen=True, slots=True)
class Measured:
    """How far a candidate's answers to a check are from the expected ones: 1 is where the tolerance ends."""

    name: str
    distance: float


@dataclass(frozen=True, slots=True)
class Clearance:
    """A check of numbers: every correct variant and mistake on the scale of its tolerance, the nearest to 1 first."""

    place: str
    variants: tuple[Measured, ...]
    mistakes: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Catches:
    """Questions of one entry of a check: the mistakes that they catch, and those that no other entry catches."""

    place: str
    entry: int
    label: str
    caught: tuple[str, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A task's variants that compute with TensorFlow, and the largest difference between them and the reference.

    `difference` is absolute; `relative` leaves out expected numbers that are 0. Both are 0 where there is no variant.
    """

    task: str
    variants: tuple[str, ...]
    difference: float
    relative: float


@dataclass(frozen=True, slots=True)
class Broken:
    """A law, the mistakes that break it, and how many numbers its largest counter-example has."""

    task: str
    law: str
    mistakes: tuple[str, ...]
    largest: int
