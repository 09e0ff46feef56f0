"""The course's own notebooks, graded as a student's: the stub earns nothing and fails nothing, the solution all."""

from __future__ import annotations

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

    from grader.audit.finding import Topic
    from grader.course.lab import Lab
    from grader.data.mnist import Mnist
    from grader.grading.key import Key
    from grader.model import Text
    from grader.records.record import CheckPart, Record, TaskPart
    from grader.sandbox.runner import Runner


def stub_part(path: Path, lab: Lab, key: Key, mnist: Mnist | None, runner: Runner) -> Part:
    """Grade what students receive."""
    return _part("stub", path, lambda: _record(path, lab, key, mnist, runner), "not_attempted")


def solution_part(path: Path, lab: Lab, key: Key, mnist: Mnist | None, runner: Runner) -> Part:
    """Grade the solved notebook."""
    return _part("solution", path, lambda: _record(path, lab, key, mnist, runner), "passed")


def _record(path: Path, lab: Lab, key: Key, mnist: Mnist | None, runner: Runner) -> Record:
    return grade(GradingContext(lab, key, mnist), read_submission(path, student=lab.name), runner)


def _part(topic: Topic, path: Path, graded: Callable[[], Record], verdict: str) -> Part:
    try:
        record = graded()
    except SubmissionError as error:
        told = error.text if path.exists() else say("there is no such notebook yet")
        return Part(topic, told, (Finding("missing", "", told, str(path)),))
    earned = number(record.earned) if record.earned is not None else "-"
    told = say("{earned} of {points} points", earned=earned, points=number(record.points))
    return Part(topic, told, tuple(_findings(record, verdict, str(path))))


def _findings(record: Record, verdict: str, file: str) -> Iterator[Finding]:
    for cell in record.cells:
        yield Finding("unfair", "", cell_text(cell), file)
    for task in record.tasks:
        for check in task.checks:
            if check.verdict != verdict:
                yield Finding("unfair", f"{task.name}.{check.name}", _told(task, check), file)


def _told(task: TaskPart, check: CheckPart) -> Text:
    if check.verdict == "passed":
        return say("passes, though {function} is a stub", function=task.name)
    because = check.because.text if check.because is not None else say("not written yet")
    return say("does not pass: {because}", because=because)
