"""Records in brief: what pages of a class need of each, without evidence, and with all shared that several have alike.

A record takes some 30 KiB in memory, most of which thousands of others have as well: the checks that were passed, what
is said of the same mistake, the limits. A brief one takes about 1 KiB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from grader.records.record import agreed_in, to_read_in

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from fractions import Fraction

    from grader.model import Language
    from grader.records.record import CellPart, Record, TaskPart, Words

Shared = TypeVar("Shared", bound="Hashable")


@dataclass(frozen=True, slots=True)
class BriefFile:
    """Which bytes were graded, and what the platform says of them; as `SubmissionPart` says it."""

    file: str
    sha256: str | None
    submitted: str | None
    late: bool
    notes: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """A record in brief. Every field is that of `Record`; the checks of its tasks have no evidence and no network."""

    lab: str
    title: Words
    student: str
    languages: tuple[Language, ...]
    kit: bool
    seed: int
    isolation: str
    earned: Fraction | None
    points: Fraction
    ungraded: Words | None
    fault: str | None
    tasks: tuple[TaskPart, ...]
    cells: tuple[CellPart, ...]
    submission: BriefFile
    versions: Mapping[str, str]
    when: str
    seconds: Mapping[str, float]

    @property
    def is_full(self) -> bool:
        """Say whether every point was earned that does not wait for a person."""
        return self.earned == self.graded_points

    @property
    def graded_points(self) -> Fraction:
        """Return the points that do not wait for a person: `earned` is of these."""
        return self.points - self.to_read

    @property
    def to_read(self) -> Fraction:
        """Return the points that wait for a person."""
        return to_read_in(self.tasks)

    @property
    def agreed(self) -> tuple[int, int]:
        """Return how many questions were answered rightly, and how many were asked."""
        return agreed_in(self.tasks)


AnyRecord: TypeAlias = "Record | Brief"
Either = TypeVar("Either", "Record", "Brief")
"""Whichever of the two is given, that comes back."""


class Briefs:
    """Makes records brief, and lets them share what they have alike."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Any] = {}
        self._versions: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}

    def brief(self, record: Record) -> Brief:
        """Return a record in brief."""
        file = record.submission
        return Brief(
            lab=self._shared(record.lab),
            title=self._shared(record.title),
            student=record.student,
            languages=self._shared(record.languages),
            kit=record.kit,
            seed=self._shared(record.seed),
            isolation=self._shared(record.isolation),
            earned=None if record.earned is None else self._shared(record.earned),
            points=self._shared(record.points),
            ungraded=record.ungraded,
            fault=record.fault,
            tasks=tuple(map(self._task, record.tasks)),
            cells=tuple(map(self._shared, record.cells)),
            submission=BriefFile(
                self._shared(file.file), file.sha256, file.submitted, late=file.late, notes=file.notes
            ),
            versions=self._versions.setdefault(tuple(record.versions.items()), record.versions),
            when=record.when,
            seconds=record.seconds,
        )

    def _task(self, task: TaskPart) -> TaskPart:
        """Return a task whose checks are shared, shared itself where all of it is alike."""
        checks = tuple(
            self._shared(check.model_copy(update={"evidence": None, "network": None})) for check in task.checks
        )
        return self._shared(task.model_copy(update={"checks": checks}))

    def _shared(self, part: Shared) -> Shared:
        found: Shared = self._known.setdefault((type(part), part), part)
        return found
