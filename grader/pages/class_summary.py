"""What every page about a class says: how the points are spread, whom each check catches, who makes which mistake."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from statistics import mean, median
from typing import TYPE_CHECKING, TypeAlias

from grader.pages.waiting import waiting_in

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
    from fractions import Fraction

    from grader.records.brief import AnyRecord
    from grader.records.record import CheckPart, TaskPart, VerdictWord, Words

CheckResult: TypeAlias = "tuple[AnyRecord, TaskPart, CheckPart]"
"""A check in somebody's record."""

STEPS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Submissions that earned at least `least` percent of the points, and less than the next bin's least."""

    least: int
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckCount:
    """A check, and the students by their verdicts. `task` and `check` are taken from one of the records."""

    task: TaskPart
    check: CheckPart
    passed: tuple[str, ...]
    failed: tuple[str, ...]
    not_attempted: tuple[str, ...]
    idle: tuple[int, ...] = ()
    """The questions, by their places from 1, that nobody missed, where somebody failed the check."""

    @property
    def attempted(self) -> int:
        """How many students wrote something."""
        return len(self.passed) + len(self.failed)

    @property
    def asked(self) -> int:
        """How many students were graded on it."""
        return self.attempted + len(self.not_attempted)

    @property
    def caught_nobody(self) -> bool:
        """Say whether nobody who attempted it failed."""
        return bool(self.passed) and not self.failed


@dataclass(frozen=True, slots=True)
class MistakeCount:
    """A mistake and who made it. Failures of one check that nothing explained are a mistake without a name.

    A named mistake counts once per student and task, however many checks it loses. `because` is the most frequent
    reason; it is an example where others were told another reason.
    """

    task: TaskPart
    name: str | None
    checks: tuple[str, ...]
    because: Words | None
    hint: Words | None
    is_example: bool
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllegedCount:
    """A task, and the students whose network passed a check of it without being built anew."""

    task: TaskPart
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """A task that a person reads: of whom it is not read yet, and whose notebook has nothing of it to read."""

    task: TaskPart
    students: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """How many seconds a part of the grading took over all submissions, and for which student it took longest."""

    name: str
    median: float
    longest: float
    student: str
    total: float


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """A class: its records sorted by student, and what is counted over those that were graded."""

    records: tuple[AnyRecord, ...]
    graded: tuple[AnyRecord, ...]
    ungraded: tuple[AnyRecord, ...]
    late: tuple[AnyRecord, ...]
    """Those whom the platform calls late without a time."""
    full: int
    """How many have every point that does not wait for a person."""
    mean: Fraction | None
    median: Fraction | None
    bins: tuple[Bin, ...]
    """By what was earned of the points that do not wait for a person; none where all do."""
    checks: tuple[CheckCount, ...]
    mistakes: tuple[MistakeCount, ...]
    alleged: tuple[AllegedCount, ...]
    waiting: tuple[WaitingCount, ...]
    phases: tuple[Phase, ...]


def summarise_class(records: Iterable[AnyRecord]) -> ClassSummary:
    """Count over the records of one lab, one of each student."""
    everybody = tuple(sorted(records, key=lambda record: record.student))
    graded = tuple(record for record in everybody if record.earned is not None)
    scored = tuple(record for record in graded if record.graded_points or not record.to_read)
    earned = [record.earned for record in scored if record.earned is not None]
    return ClassSummary(
        records=everybody,
        graded=graded,
        ungraded=tuple(record for record in everybody if record.earned is None),
        late=tuple(one for one in everybody if one.submission.late and one.submission.submitted is None),
        full=sum(record.is_full for record in scored),
        mean=mean(earned) if earned else None,
        median=median(earned) if earned else None,
        bins=_bins(scored),
        checks=tuple(_checks(graded)),
        mistakes=_mistakes(graded),
        alleged=tuple(_alleged(graded)),
        waiting=tuple(_waiting(graded)),
        phases=tuple(_phases(graded)),
    )


def _bins(graded: Sequence[AnyRecord]) -> tuple[Bin, ...]:
    """Return ten bins of ten percent and one for full marks, so that 99.9 percent and 100 are kept apart."""
    leasts = range(0, 101, 100 // STEPS)
    students: dict[int, list[str]] = {least: [] for least in leasts}
    for record in graded:
        students[_bin(record)].append(record.student)
    return tuple(Bin(least, tuple(found)) for least, found in students.items())


def _bin(record: AnyRecord) -> int:
    if record.earned is None or record.earned >= record.graded_points:
        return 100
    return math.floor(record.earned / record.graded_points * STEPS) * (100 // STEPS)


def _checks(graded: Sequence[AnyRecord]) -> Iterator[CheckCount]:
    for results in _by(_results(graded), lambda result: (result[1].name, result[2].name)):
        _, task, check = results[0]
        yield CheckCount(
            task=task,
            check=check,
            passed=_students(results, "passed"),
            failed=_students(results, "failed"),
            not_attempted=_students(results, "not_attempted"),
            idle=_idle([part for _, _, part in results if part.verdict == "failed"]),
        )


def _idle(failed: Sequence[CheckPart]) -> tuple[int, ...]:
    """Return the questions that none of the failed checks missed; nothing if a record does not say which it missed."""
    if not failed or not all(check.missed for check in failed):
        return ()
    missed = {place for check in failed for place in check.missed}
    return tuple(place for place in range(1, failed[0].questions + 1) if place not in missed)


def _students(results: Sequence[CheckResult], verdict: VerdictWord) -> tuple[str, ...]:
    return tuple(record.student for record, _, check in results if check.verdict == verdict)


def _mistakes(graded: Sequence[AnyRecord]) -> tuple[MistakeCount, ...]:
    """Return the mistakes, those of most students first, and equally frequent ones in the order of the lab."""
    failed = [result for result in _results(graded) if result[2].verdict == "failed"]
    order = list(dict.fromkeys((task.name, check.name) for _, task, check in _results(graded)))

    def rank(mistake: MistakeCount) -> tuple[int, int]:
        return -len(mistake.students), order.index((mistake.task.name, mistake.checks[0]))

    return tuple(sorted(map(_mistake, _by(failed, _cause)), key=rank))


def _alleged(graded: Sequence[AnyRecord]) -> Iterator[AllegedCount]:
    """Yield each task with such networks. Where the check failed, nothing rests on what the student's code says."""
    found = [result for result in _results(graded) if result[2].alleged and result[2].verdict == "passed"]
    for results in _by(found, lambda result: result[1].name):
        yield AllegedCount(results[0][1], tuple(dict.fromkeys(record.student for record, _, _ in results)))


def _waiting(graded: Sequence[AnyRecord]) -> Iterator[WaitingCount]:
    """Yield each task that somebody has yet to read, in the order of the lab."""
    found: dict[str, list[tuple[str, TaskPart]]] = {}
    for record in graded:
        for task in waiting_in(record):
            found.setdefault(task.name, []).append((record.student, task))
    for waiting in found.values():
        yield WaitingCount(
            task=waiting[0][1],
            students=tuple(student for student, _ in waiting),
            without=tuple(student for student, task in waiting if task.manual and task.manual.because is not None),
        )


def _cause(result: CheckResult) -> Hashable:
    _, task, check = result
    return (task.name, check.mistake) if check.mistake is not None else (task.name, None, check.name)


def _mistake(results: Sequence[CheckResult]) -> MistakeCount:
    _, task, first = results[0]
    reasons = Counter(_reason(check) for _, _, check in results)
    _, _, example = max(results, key=lambda result: reasons[_reason(result[2])])
    return MistakeCount(
        task=task,
        name=first.mistake,
        checks=tuple(dict.fromkeys(check.name for _, _, check in results)),
        because=example.because,
        hint=example.hint,
        is_example=len(reasons) > 1,
        students=tuple(dict.fromkeys(record.student for record, _, _ in results)),
    )


def _reason(check: CheckPart) -> str:
    return "" if check.because is None else check.because.en


def _results(graded: Sequence[AnyRecord]) -> list[CheckResult]:
    return [(record, task, check) for record in graded for task in record.tasks for check in task.checks]


def _by(results: Iterable[CheckResult], key: Callable[[CheckResult], Hashable]) -> Iterable[list[CheckResult]]:
    """Return the results grouped by a key, in the order in which the keys come."""
    groups: dict[Hashable, list[CheckResult]] = {}
    for result in results:
        groups.setdefault(key(result), []).append(result)
    return groups.values()


def _phases(graded: Sequence[AnyRecord]) -> Iterator[Phase]:
    for name in dict.fromkeys(name for record in graded for name in record.seconds):
        took = [(record.seconds[name], record.student) for record in graded if name in record.seconds]
        longest, student = max(took)
        times = [seconds for seconds, _ in took]
        yield Phase(name, median=median(times), longest=longest, student=student, total=sum(times))
