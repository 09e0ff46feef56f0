"""The story: a lab and a submission become a record.

A rubric asks. The reference answers first, and its answers are the key. A submission is run, behind a wall, by a
process that holds no answer; what it answers are observations. Held against the key they become verdicts, verdicts
make a score, and the score is written down.
"""

from __future__ import annotations

import platform
from dataclasses import asdict, replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from grader import __version__
from grader.data.mnist import source_text
from grader.grading.explaining.explain import explain
from grader.grading.failures import stopped_text
from grader.grading.judging import judge_run
from grader.grading.scoring import score_check, score_submission, score_task
from grader.messages.sentences import clean, say
from grader.model import Failed, Passed, Run, Text, Ungraded, Untouched
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
    words,
)
from grader.sandbox.requirement import note_text
from grader.sandbox.runner import RunSpec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from grader.course.lab import Lab
    from grader.course.rubric import Check, Task
    from grader.data.mnist import Mnist
    from grader.grading.judging import Judged
    from grader.grading.key import Key
    from grader.model import CheckScore, Evidence, Isolation, Level, Score, Submission, TaskScore, Verdict
    from grader.sandbox.runner import Runner

NOT_RUN = Run(observations=(), cells=(), isolation="none")


def grade(
    lab: Lab, key: Key, submission: Submission, runner: Runner, mnist: Mnist | None = None, *, isolation: Level = "none"
) -> Record:
    """Grade one submission, behind a wall at least as strong as `isolation`.

    Raises SandboxError where our machinery fails: then there is no score.
    """
    began = monotonic()
    wall = runner.isolation(processes=lab.rubric.limits.limits.processes > 0)
    with runner.session(submission, _run_spec(lab, key, mnist, isolation)) as session:
        run = session.run
        score = score_of(lab, explain(lab, judge_run(key, run, submission.cells), session.ask))
    seconds = {**run.seconds, "total": monotonic() - began}
    notes = tuple(_notes(run, mnist, wall))
    return _record(lab, key, score, run, submission.student, _file(submission), seconds=seconds, notes=notes)


def _run_spec(lab: Lab, key: Key, mnist: Mnist | None, isolation: Level) -> RunSpec:
    """Return how the lab has a submission run: what is asked of it, and what it may use."""
    training = lab.rubric.training
    return RunSpec(
        questions=key.questions,
        limits=lab.rubric.limits.limits,
        packages=tuple(lab.rubric.packages),
        mnist=None if mnist is None else mnist.path,
        training=None if training is None else training.training,
        seed=key.seed,
        isolation=isolation,
    )


def _notes(run: Run, mnist: Mnist | None, wall: Isolation) -> Iterator[Text]:
    if mnist is not None:
        yield source_text(mnist.source)
    if run.shortened:
        yield say("training in the notebook's own cells was shortened while grading")
    if weak := note_text(wall):
        yield weak


def ungraded(
    lab: Lab,
    key: Key,
    student: str,
    file: str | Submission,
    because: Text,
    *,
    fault: Literal["submission", "machinery"],
) -> Record:
    """Return the record of a submission that could not be graded: it has no score, which is not zero."""
    verdict = Ungraded(because)
    score = score_submission(
        score_task(
            name,
            [score_check(check, verdict, entry.points, questions=0, agreed=0) for check, entry in task.checks.items()],
        )
        for name, task in lab.rubric.tasks.items()
    )
    file_part = SubmissionPart(file=file, sha256=None) if isinstance(file, str) else _file(file)
    record = _record(lab, key, score, NOT_RUN, student, file_part, seconds={"total": 0.0}, because=because)
    return record.model_copy(update={"fault": fault})


def practised(lab: Lab, key: Key, judged: tuple[Judged, ...]) -> Record:
    """Return a record of questions that were asked in a live session. It is no grading: it says so."""
    note = say("This is practice, with the public questions only: the grading asks more, in a fresh kernel.")
    file = SubmissionPart(file="-", sha256=None)
    return _record(lab, key, score_of(lab, judged), NOT_RUN, "practice", file, seconds={"total": 0.0}, notes=(note,))


def score_of(lab: Lab, judged: tuple[Judged, ...]) -> Score:
    """Add up the verdicts by the rubric's points."""
    by_name = {(one.task, one.check): one for one in judged}
    return score_submission(
        score_task(
            task_name,
            [_scored(by_name[task_name, check_name], check.points) for check_name, check in task.checks.items()],
        )
        for task_name, task in lab.rubric.tasks.items()
    )


def _scored(judged: Judged, points: Fraction) -> CheckScore:
    score = score_check(judged.check, judged.verdict, points, questions=judged.questions, agreed=judged.agreed)
    return replace(score, network=judged.network, missed=judged.missed)


def _record(  # noqa: PLR0913 (everything that a record is made of)
    lab: Lab,
    key: Key,
    score: Score,
    run: Run,
    student: str,
    file: SubmissionPart,
    *,
    seconds: Mapping[str, float],
    because: Text | None = None,
    notes: tuple[Text, ...] = (),
) -> Record:
    limits = lab.rubric.limits.limits
    isolation: Any = run.isolation  # the record's model checks the word
    return Record(
        lab=lab.name,
        title=words(lab.rubric.title.text),
        student=student,
        seed=key.seed,
        isolation=isolation,
        earned=score.earned,
        points=score.points,
        ungraded=None if because is None else words(because),
        tasks=tuple(_task_part(task, lab.rubric.tasks[task.name]) for task in score.tasks),
        cells=tuple(
            CellPart(
                cell=stop.place.cell,
                line=stop.place.line,
                how=stop.how,
                kind=stop.kind,
                because=words(stopped_text(stop, limits.cell_seconds)),
            )
            for stop in run.cells
        ),
        notes=tuple(words(note) for note in notes),
        submission=file,
        course_sha256=lab.sha256,
        limits=LimitsPart(**asdict(limits)),
        versions={"labgrader": __version__, "python": platform.python_version(), "numpy": np.__version__},
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds={name: round(value, 3) for name, value in seconds.items()},
    )


def _task_part(score: TaskScore, task: Task) -> TaskPart:
    return TaskPart(
        name=score.name,
        title=words(task.title.text),
        lecture=words(task.lecture.text),
        earned=score.earned,
        points=score.points,
        checks=tuple(_check_part(check, task.checks[check.name], task) for check in score.checks),
    )


def _check_part(score: CheckScore, check: Check, task: Task) -> CheckPart:
    word, because = _word(score.verdict)
    failed = score.verdict if isinstance(score.verdict, Failed) else None
    return CheckPart(
        name=score.name,
        promise=words(check.promise.text),
        verdict=word,
        earned=score.earned,
        points=score.points,
        questions=score.questions,
        agreed=score.agreed,
        missed=score.missed,
        because=None if because is None else words(because),
        mistake=failed.mistake if failed else None,
        about=None if failed is None or failed.about is None else words(failed.about),
        hint=words(failed.hint or check.hint.text) if failed else None,
        evidence=_evidence_part(score.verdict.evidence) if isinstance(score.verdict, Failed | Passed) else None,
        network=None if score.network is None else network_part(score.network),
        notes=tuple(words(note) for note in _passed_notes(score.verdict, task)),
    )


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


def _file(submission: Submission) -> SubmissionPart:
    return SubmissionPart(
        file=clean(submission.path.name), sha256=submission.sha256, helpers_sha256=submission.helpers_sha256
    )
