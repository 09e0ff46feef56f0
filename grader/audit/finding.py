"""What an audit says: what it looked at, what is to be mended and where. Frozen words, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from grader.model import Text

Weight: TypeAlias = Literal["unfair", "missing", "advice"]
"""What a finding means: marks go wrong, or nobody knows whether they do, or the lab could be better."""

Topic: TypeAlias = Literal[
    "stub",
    "solution",
    "mistakes",
    "variants",
    "impostors",
    "reference",
    "mutation",
    "tolerances",
    "questions",
    "laws",
    "contents",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend: how grave, at which place of the lab (a task, TASK.CHECK), what, and in which file."""

    weight: Weight
    place: str
    told: Text
    file: str


@dataclass(frozen=True, slots=True)
class Part:
    """One topic: what was looked at, as a sentence, and what is to be mended."""

    topic: Topic
    told: Text
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """How far a candidate's answers to a check are from the expected ones: 1 is where the tolerance ends."""

    name: str
    distance: float


@dataclass(frozen=True, slots=True)
class Clearance:
    """A check of numbers: every correct variant and every mistake on the scale of its tolerance, nearest to 1 first."""

    place: str
    variants: tuple[Measured, ...]
    mistakes: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Catches:
    """Questions of one entry of a check: the mistakes that they catch, and where there are others, those alone."""

    place: str
    entry: int
    label: str
    caught: tuple[str, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A task beside the same in TensorFlow: by which variants, and how far they are from the reference at most.

    `difference` is absolute, `relative` counts where the expected number is not 0. Without variants there is none.
    """

    task: str
    variants: tuple[str, ...]
    difference: float
    relative: float


@dataclass(frozen=True, slots=True)
class Broken:
    """A law and the mistakes that break it, and of how many numbers the largest counter-example is."""

    task: str
    law: str
    mistakes: tuple[str, ...]
    largest: int
