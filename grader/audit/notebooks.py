"""The course's own notebooks, graded as a student's is: the stub earns and fails nothing, the solution earns all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.audit.finding import Finding, Part
from grader.errors import SubmissionError
from grader.grading.grade import GradingContext, grade
from grader.messages.sentences import say
from grader.pages.summary import cell_text, number
from grader.submission.notebooks import read_submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.audit.context import AuditContext
    from grader.audit.finding import Topic
    from grader.data.mnist import Mnist
    from grader.model import Text
    from grader.records.record import CheckPart, Record, TaskPart
    from grader.sandbox.runner import Runner


UNREAD = ".manual"
"""What a finding's place ends with where a person would find nothing to read."""


@dataclass(frozen=True, slots=True)
class Stub:
    """The notebook that students receive, and the source notebook that it was made of, if any."""

    path: Path
    source: Path | None = None


def stub_part(context: AuditContext, stub: Stub, runner: Runner, *, mnist: Mnist | None) -> Part:
    """Grade the notebook that students receive."""
    part = _part("stub", stub.path, lambda: _record(context, stub.path, runner, mnist=mnist), verdict="not_attempted")
    if stub.source is None:
        return part
    findings = (replace(one, file=str(stub.source)) for one in part.findings if one.place or one.weight != "unfair")
    return replace(part, findings=tuple(findings))  # in it assertions stand below what is not written yet, and stop


def solution_part(context: AuditContext, path: Path, runner: Runner, *, mnist: Mnist | None) -> Part:
    """Grade the solved notebook. A cell of a source notebook that stops may be a demonstration: that is advice."""
    part = _part("solution", path, lambda: _record(context, path, runner, mnist=mnist), verdict="passed")
    if path != context.course.reference_path(context.lab.name):
        return part
    asked = (
        one for one in part.findings if not one.place.endswith(UNREAD)
    )  # the stub has the tags, and not the source
    findings = (one if one.place else replace(one, weight="advice", asks_for="reasons") for one in asked)
    return replace(part, findings=tuple(findings))


def _record(context: AuditContext, path: Path, runner: Runner, *, mnist: Mnist | None) -> Record:
    submission = read_submission(path, student=context.lab.name)
    return grade(GradingContext(context.lab, context.key, mnist), submission, runner)


def _part(topic: Topic, path: Path, graded: Callable[[], Record], *, verdict: str) -> Part:
    try:
        record = graded()
    except SubmissionError as error:
        if topic == "solution" and not path.exists():
            return _without_solution(path)
        text = error.text if path.exists() else say("there is no such notebook yet")
        return Part(topic, text, (Finding("missing", "", text, file=str(path)),))
    earned = number(record.earned) if record.earned is not None else "-"
    text = say("{earned} of {points} points", earned=earned, points=number(record.graded_points))
    if record.to_read:
        text = say("{automatic}; a person gives {more} more", automatic=text, more=number(record.to_read))
    return Part(topic, text, tuple(_findings(record, verdict, str(path))))


def _without_solution(path: Path) -> Part:
    text = say(
        "no solved notebook: with one, the audit would show that a whole notebook, run as a student's, earns everything"
    )
    finding = Finding("advice", "", text, file=str(path), asks_for="solution")
    return Part("solution", say("there is no such notebook yet"), (finding,))


def _findings(record: Record, verdict: str, file: str) -> Iterator[Finding]:
    for cell in record.cells:
        yield Finding("unfair", "", cell_text(cell), file=file)
    for task in record.tasks:
        for check in task.checks:
            if check.verdict != verdict:
                yield Finding("unfair", f"{task.name}.{check.name}", _text(task, check), file=file)
        if task.manual is not None and not task.manual.cells:
            text = say("nothing of it would be found to read: the notebook has no cell that the rubric's cells name")
            yield Finding("unfair", f"{task.name}{UNREAD}", text, file=file)


def _text(task: TaskPart, check: CheckPart) -> Text:
    if check.verdict == "passed":
        return say("passes, though {function} is a stub", function=task.name)
    because = check.because.text if check.because is not None else say("not written yet")
    return say("does not pass: {because}", because=because)
