"""The grading of one submission: a lab and a submission become a record.

A rubric asks. The reference answers first, and its answers are the key. A submission is run behind a wall, by a process
that holds no expected answer; each answer is an observation. Held against the key it becomes a verdict; verdicts make a
score, and the score is written down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

from grader.data.mnist import source_text
from grader.grading.calls import with_calls
from grader.grading.explaining.explain import explain
from grader.grading.judging import judge_run
from grader.grading.make_key import kernel_seed
from grader.grading.reading import cells_to_read
from grader.grading.recording import Particulars, file_part, make_record
from grader.grading.refusals import passed_over_text
from grader.grading.scoring import score_of
from grader.grading.unfinished import doubled
from grader.messages.sentences import say
from grader.model import Failed
from grader.sandbox.requirement import note_text
from grader.sandbox.runner import RunSpec
from grader.submission.definitions import Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.course.lab import Lab
    from grader.data.mnist import Mnist
    from grader.grading.judging import Judged
    from grader.grading.key import Key
    from grader.model import Cell, CellStopped, Isolation, Level, Run, Submission, Text
    from grader.records.record import Record
    from grader.sandbox.runner import Runner


@dataclass(frozen=True, slots=True, eq=False)
class GradingContext:
    """What all submissions are graded with."""

    lab: Lab
    key: Key
    mnist: Mnist | None = None
    isolation: Level = "none"
    """How strong the wall must be at least."""


def grade(context: GradingContext, submission: Submission, runner: Runner) -> Record:
    """Grade one submission; raise SandboxError where our machinery fails: then there is no score."""
    began = monotonic()
    lab, key = context.lab, context.key
    wall = runner.isolation(lab.rubric.limits.limits)
    with runner.session(submission, run_spec(context)) as session:
        cells = (*submission.cells, *submission.texts)
        run = replace(session.run, cells=tuple(_with_line(stop, submission.cells) for stop in session.run.cells))
        judged = judge_run(key, run, cells, given=lab.given)
        explained = with_calls(lab, explain(lab, judged, session.ask), cells, stops=run.cells)
    particulars = Particulars(
        student=submission.student,
        file=file_part(submission),
        run=run,
        notes=(*_notes(context, run, wall), *_doubled(judged, Written(cells, stops=run.cells))),
        seconds={**run.seconds, "total": monotonic() - began},
        to_read=cells_to_read(lab, submission.path),
    )
    return make_record(lab, key, score_of(lab, explained), particulars=particulars)


def _with_line(stop: CellStopped, cells: Iterable[Cell]) -> CellStopped:
    """Return how a cell stopped with the text of its line: what Python cannot read is told by that."""
    lines = next((cell.source.splitlines() for cell in cells if cell.number == stop.place.cell), [])
    place = stop.place.line or 0
    return replace(stop, line=lines[place - 1]) if 0 < place <= len(lines) else stop


def _doubled(judged: Iterable[Judged], written: Written) -> Iterator[Text]:
    """Yield which function was graded, for each task that lost a check and is written several times."""
    for task in dict.fromkeys(one.task for one in judged if isinstance(one.verdict, Failed)):
        if (note := doubled(task, written)) is not None:
            yield note


def run_spec(context: GradingContext) -> RunSpec:
    """Return how a submission of the lab is run: the questions, and what it may use."""
    rubric, mnist = context.lab.rubric, context.mnist
    return RunSpec(
        questions=context.key.questions,
        limits=rubric.limits.limits,
        packages=tuple(rubric.packages),
        mnist=None if mnist is None else mnist.path,
        training=None if rubric.training is None else rubric.training.training,
        seed=kernel_seed(context.key.seed),
        files=context.lab.files,
        isolation=context.isolation,
    )


def _notes(context: GradingContext, run: Run, wall: Isolation) -> Iterator[Text]:
    if passed := passed_over_text(run.passed_over):
        yield passed
    lab = context.lab
    asked = sum(check.points for task in lab.rubric.tasks.values() for check in task.checks.values())
    if lab.kit is not None and lab.kit.points == asked:
        yield say("These are the public questions. The grading asks more, in a fresh kernel.")
    elif lab.kit is not None:
        yield say(
            "These are the public questions, of checks that are worth {points} of the lab's {whole} points. The "
            "grading asks more, in a fresh kernel.",
            points=f"{float(asked):g}",
            whole=f"{float(lab.kit.points):g}",
        )
    if context.mnist is not None:
        yield source_text(context.mnist.source)
    if run.shortened:
        yield say("training in the notebook's own cells was shortened while grading")
    if weak := note_text(wall):
        yield weak
