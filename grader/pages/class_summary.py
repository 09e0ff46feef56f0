"""What every page about a class says: how points are spread, whom each check catches, who makes which mistake."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from statistics import mean, median
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
    from fractions import Fraction

    from grader.records.record import CheckPart, Record, TaskPart, VerdictWord, Words

Place: TypeAlias = "tuple[Record, TaskPart, CheckPart]"
"""A check in somebody's record."""

STEPS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Submissions that earned at least `least` percent of the points, and less than the next bin's least."""

    least: int
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckCount:
    """A check, and the students by what became of it. `task` and `check` are as one of the records tells them."""

    task: TaskPart
    check: CheckPart
    passed: tuple[str, ...]
    failed: tuple[str, ...]
    not_attempted: tuple[str, ...]
    idle: tuple[int, ...] = ()
    """The questions, by their places from 1, that nobody missed, where the check was failed by somebody."""

    @property
    def attempted(self) -> int:
        """How many wrote something."""
        return len(self.passed) + len(self.failed)

    @property
    def asked(self) -> int:
        """How many were graded on it."""
        return self.attempted + len(self.not_attempted)

    @property
    def caught_nobody(self) -> bool:
        """Say whether it told no submission from another: nobody who attempted it failed."""
        return bool(self.passed) and not self.failed


@dataclass(frozen=True, slots=True)
class MistakeCount:
    """A mistake and who made it. One without a name is what a check was failed for that nothing explained.

    A named mistake counts once per student and task, however many checks it loses; one without a name is of one check.
    `because` is what was told most often, and an example where not everybody was told the same.
    """

    task: TaskPart
    name: str | None
    checks: tuple[str, ...]
    because: Words | None
    hint: Words | None
    is_example: bool
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """How many seconds a part of the grading took: for half of the submissions at most `median`, and who took most."""

    name: str
    median: float
    longest: float
    student: str
    total: float


@dataclass(frozen=True, slots=True)
class ClassReading:
    """A class: its records sorted by student, and what is counted over those that were graded."""

    records: tuple[Record, ...]
    graded: tuple[Record, ...]
    ungraded: tuple[Record, ...]
    full: int
    mean: Fraction | None
    median: Fraction | None
    bins: tuple[Bin, ...]
    checks: tuple[CheckCount, ...]
    mistakes: tuple[MistakeCount, ...]
    phases: tuple[Phase, ...]


def read_class(records: Iterable[Record]) -> ClassReading:
    """Count over the records of one lab, one of each student."""
    everybody = tuple(sorted(records, key=lambda record: record.student))
    graded = tuple(record for record in everybody if record.earned is not None)
    earned = [record.earned for record in graded if record.earned is not None]
    return ClassReading(
        records=everybody,
        graded=graded,
        ungraded=tuple(record for record in everybody if record.earned is None),
        full=sum(record.is_full for record in graded),
        mean=mean(earned) if earned else None,
        median=median(earned) if earned else None,
        bins=_bins(graded),
        checks=tuple(_checks(graded)),
        mistakes=_mistakes(graded),
        phases=tuple(_phases(graded)),
    )


def _bins(graded: Sequence[Record]) -> tuple[Bin, ...]:
    """Return ten bins of ten percent and one of full marks, so that 99.9 percent and 100 are told apart."""
    leasts = range(0, 101, 100 // STEPS)
    students: dict[int, list[str]] = {least: [] for least in leasts}
    for record in graded:
        students[_bin(record)].append(record.student)
    return tuple(Bin(least, tuple(found)) for least, found in students.items())


def _bin(record: Record) -> int:
    if record.earned is None or record.earned >= record.points:
        return 100
    return math.floor(record.earned / record.points * STEPS) * (100 // STEPS)


def _checks(graded: Sequence[Record]) -> Iterator[CheckCount]:
    for places in _by(_places(graded), lambda place: (place[1].name, place[2].name)):
        _, task, check = places[0]
        yield CheckCount(
            task=task,
            check=check,
            passed=_students(places, "passed"),
            failed=_students(places, "failed"),
            not_attempted=_students(places, "not_attempted"),
            idle=_idle([part for _, _, part in places if part.verdict == "failed"]),
        )


def _idle(failed: Sequence[CheckPart]) -> tuple[int, ...]:
    """Return the questions that none of some failed checks missed; none where a record does not say which it missed."""
    if not failed or not all(check.missed for check in failed):
        return ()
    missed = {place for check in failed for place in check.missed}
    return tuple(place for place in range(1, failed[0].questions + 1) if place not in missed)


def _students(places: Sequence[Place], verdict: VerdictWord) -> tuple[str, ...]:
    return tuple(record.student for record, _, check in places if check.verdict == verdict)


def _mistakes(graded: Sequence[Record]) -> tuple[MistakeCount, ...]:
    """Return the mistakes, those of most students first, and of as many in the order of the lab."""
    failed = [place for place in _places(graded) if place[2].verdict == "failed"]
    order = list(dict.fromkeys((task.name, check.name) for _, task, check in _places(graded)))

    def rank(mistake: MistakeCount) -> tuple[int, int]:
        return -len(mistake.students), order.index((mistake.task.name, mistake.checks[0]))

    return tuple(sorted(map(_mistake, _by(failed, _cause)), key=rank))


def _cause(place: Place) -> Hashable:
    _, task, check = place
    return (task.name, check.mistake) if check.mistake is not None else (task.name, None, check.name)


def _mistake(places: Sequence[Place]) -> MistakeCount:
    _, task, first = places[0]
    told = Counter(_reason(check) for _, _, check in places)
    _, _, example = max(places, key=lambda place: told[_reason(place[2])])
    return MistakeCount(
        task=task,
        name=first.mistake,
        checks=tuple(dict.fromkeys(check.name for _, _, check in places)),
        because=example.because,
        hint=example.hint,
        is_example=len(told) > 1,
        students=tuple(dict.fromkeys(record.student for record, _, _ in places)),
    )


def _reason(check: CheckPart) -> str:
    return "" if check.because is None else check.because.en


def _places(graded: Sequence[Record]) -> list[Place]:
    return [(record, task, check) for record in graded for task in record.tasks for check in task.checks]


def _by(places: Iterable[Place], key: Callable[[Place], Hashable]) -> Iterable[list[Place]]:
    """Return the places that have the same key together, in the order in which the keys come."""
    groups: dict[Hashable, list[Place]] = {}
    for place in places:
        groups.setdefault(key(place), []).append(place)
    return groups.values()


def _phases(graded: Sequence[Record]) -> Iterator[Phase]:
    for name in dict.fromkeys(name for record in graded for name in record.seconds):
        took = [(record.seconds[name], record.student) for record in graded if name in record.seconds]
        longest, student = max(took)
        seconds = [one for one, _ in took]
        yield Phase(name, median(seconds), longest, student, sum(seconds))
