"""A score is written down: the record of a submission that was graded, of one that could not be, and of practice."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from grader import __version__
from grader.grading.failures import stopped_text
from grader.grading.reading import reader_part
from grader.grading.scoring import manual_points, score_check, score_of, score_submission, score_task
from grader.messages.sentences import clean, say
from grader.model import Failed, Passed, Run, Text, Ungraded, Untouched
from grader.probes.asking import READY
from grader.records.chart_data.exchanges import chart_data_of
from grader.records.chart_data.networks import network_part
from grader.records.record import (
    CellPart,
    CheckPart,
    EvidencePart,
    LimitsPart,
    Record,
    SubmissionPart,
    TaskPart,
    VerdictWord,
    Words,
    in_own_languages,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.course.lab import Lab
    from grader.course.rubric import Check, Rubric, Task
    from grader.grading.judging import Judged
    from grader.grading.key import Key
    from grader.model import CellStopped, CheckScore, Evidence, Limits, Score, Submission, TaskScore, Verdict

NOT_RUN = Run(observations=(), cells=(), isolation="none")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Particulars:
    """What is written down beside the score: the student, the file, the run, and why there is no score if so."""

    student: str
    file: SubmissionPart
    run: Run = NOT_RUN
    notes: tuple[Text, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=lambda: {"total": 0.0})
    because: Text | None = None
    fault: Literal["submission", "machinery"] | None = None
    to_read: Mapping[str, tuple[int, ...]] | None = None
    """The cells that a person reads, for each task that has such; None where no notebook was read."""


def ungraded(
    lab: Lab,
    key: Key,
    student: str,
    *,
    file: str | Submission,
    because: Text,
    fault: Literal["submission", "machinery"],
) -> Record:
    """Return the record of a submission that could not be graded: it has no score, which is not zero."""
    verdict = Ungraded(because)
    tasks = (
        score_task(
            name,
            [score_check(check, verdict, entry.points, questions=0, agreed=0) for check, entry in task.checks.items()],
            by_a_person=manual_points(task),
        )
        for name, task in lab.rubric.tasks.items()
    )
    score = score_submission(replace(task, earned=None) for task in tasks)  # also where a person alone would read
    part = SubmissionPart(file=file, sha256=None) if isinstance(file, str) else file_part(file)
    return make_record(
        lab, key, score, particulars=Particulars(student=student, file=part, because=because, fault=fault)
    )


def practised(lab: Lab, key: Key, judged: tuple[Judged, ...]) -> Record:
    """Return a record of questions that were asked in a live session; it says that it is practice."""
    note = say("This is practice, with the public questions only: the grading asks more, in a fresh kernel.")
    file = SubmissionPart(file="-", sha256=None)
    return make_record(
        lab, key, score_of(lab, judged), particulars=Particulars(student="practice", file=file, notes=(note,))
    )


def file_part(submission: Submission) -> SubmissionPart:
    """Return which bytes were graded."""
    return SubmissionPart(
        file=clean(submission.path.name), sha256=submission.sha256, helpers_sha256=submission.helpers_sha256
    )


def make_record(lab: Lab, key: Key, score: Score, particulars: Particulars) -> Record:
    """Return the record of one submission."""
    limits, run, because = lab.rubric.limits.limits, particulars.run, particulars.because
    isolation: Any = run.isolation  # the record's model checks the word
    record = Record(
        lab=lab.name,
        title=words(lab.title),
        languages=lab.languages,
        student=particulars.student,
        kit=lab.kit is not None,
        seed=key.seed,
        isolation=isolation,
        earned=score.earned,
        points=score.points,
        ungraded=None if because is None else words(because),
        fault=particulars.fault,
        tasks=tuple(_task_part(task, lab.rubric, particulars) for task in score.tasks),
        cells=tuple(_cell_part(stop, limits) for stop in run.cells),
        notes=tuple(words(note) for note in particulars.notes),
        submission=particulars.file,
        course_sha256=lab.sha256,
        limits=LimitsPart(**asdict(limits)),
        versions={"labgrader": __version__, "python": platform.python_version(), "numpy": np.__version__},
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds={name: round(value, 3) for name, value in particulars.seconds.items()},
    )
    return in_own_languages(record)


def _cell_part(stop: CellStopped, limits: Limits) -> CellPart:
    return CellPart(
        cell=stop.place.cell,
        line=stop.place.line,
        how=stop.how,
        kind=stop.kind,
        because=words(stopped_text(stop, limits.cell_seconds)),
    )


def _task_part(score: TaskScore, rubric: Rubric, particulars: Particulars) -> TaskPart:
    task = rubric.tasks[score.name]
    return TaskPart(
        name=score.name,
        title=words(rubric.title_of(score.name)),
        lecture=None if task.lecture is None else words(task.lecture.text),
        earned=score.earned,
        points=score.points,
        checks=tuple(_check_part(check, task.checks[check.name], task) for check in score.checks),
        asked=_asked(task),
        manual=reader_part(score.name, task, particulars.to_read),
    )


def _asked(task: Task) -> Literal["function", "variable", "probe"]:
    if task.variable is not None:
        return "variable"
    return "probe" if task.probe is not None and task.probe not in READY else "function"


def _check_part(score: CheckScore, check: Check, task: Task) -> CheckPart:
    word, because = _word(score.verdict)
    failed = score.verdict if isinstance(score.verdict, Failed) else None
    return CheckPart(
        name=score.name,
        promise=None if check.promise is None else words(check.promise.text),
        verdict=word,
        earned=score.earned,
        points=score.points,
        questions=score.questions,
        agreed=score.agreed,
        missed=score.missed,
        because=None if because is None else words(because),
        mistake=failed.mistake if failed else None,
        about=None if failed is None or failed.about is None else words(failed.about),
        hint=None if failed is None else _hint(failed, check),
        evidence=_evidence_part(score.verdict.evidence) if isinstance(score.verdict, Failed | Passed) else None,
        network=None if score.network is None else network_part(score.network),
        alleged=score.alleged,
        notes=tuple(words(note) for note in _passed_notes(score.verdict, task)),
    )


def _hint(failed: Failed, check: Check) -> Words | None:
    """Return the question that points the way: the verdict's own, else the check's, if it has one."""
    hint = failed.hint or (None if check.hint is None else check.hint.text)
    return None if hint is None else words(hint)


def _passed_notes(verdict: Verdict, task: Task) -> Iterator[Text]:
    if isinstance(verdict, Passed):
        yield from verdict.notes
        if verdict.reading is not None:
            yield say("read as: {reading}", reading=task.readings[verdict.reading].text)


def _evidence_part(evidence: Evidence | None) -> EvidencePart | None:
    if evidence is None:
        return None
    return EvidencePart(
        arguments=dict(evidence.arguments),
        observed=evidence.observed,
        expected=evidence.expected,
        picture=None if evidence.exchange is None else chart_data_of(evidence.exchange),
    )


def _word(verdict: Verdict) -> tuple[VerdictWord, Text | None]:
    match verdict:
        case Passed():
            return "passed", None
        case Failed(because):
            return "failed", because
        case Untouched(because):
            return "not_attempted", because
        case Ungraded(because):
            return "ungraded", because
