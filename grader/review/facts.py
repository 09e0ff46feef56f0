"""What a record says of a student in short words, by which students are chosen and compared."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.records.record import CheckPart, Record, TaskPart

UNGRADED = "ungraded"
FAILED = "failed"
ALLEGED = "alleged"
LATE = "late"
REQUEST = "request"
DIGEST = 12


def words_of(record: Record) -> frozenset[str]:
    """Return the words of a record: `failed`, `failed/TASK/CHECK`, `alleged/TASK`, `ungraded`, and more."""
    return frozenset(_words(record))


def mistake_word(task: TaskPart, check: CheckPart) -> str | None:
    """Return the word that all have who made the same mistake; None where it has no name."""
    return None if check.mistake is None else f"mistake/{task.name}/{check.name}/{check.mistake}"


def answer_word(task: TaskPart, check: CheckPart) -> str | None:
    """Return the word that all have whose first wrong answer is the same; None where nothing is wrong."""
    if check.verdict != "failed":
        return None
    observed = "" if check.evidence is None else check.evidence.observed
    because = "" if check.because is None else check.because.en
    digest = sha256(f"{because}\0{observed}".encode()).hexdigest()[:DIGEST]
    return f"answer/{task.name}/{check.name}/{digest}"


def _words(record: Record) -> Iterator[str]:
    if record.ungraded is not None:
        yield UNGRADED
    if record.submission.late:
        yield LATE
    for task in record.tasks:
        for check in task.checks:
            if check.alleged:
                yield from (ALLEGED, f"{ALLEGED}/{task.name}")
            if check.verdict == "failed":
                yield from (FAILED, f"{FAILED}/{task.name}", f"{FAILED}/{task.name}/{check.name}")
            yield from filter(None, (mistake_word(task, check), answer_word(task, check)))
