"""The grading context of one call of `grade`, and the grading of one submission in it."""

from __future__ import annotations

import importlib.util
import os
import secrets
from typing import TYPE_CHECKING, Literal

from grader.errors import LabError, SandboxError, SubmissionError
from grader.messages.sentences import LONGEST_PATH, clean, say
from grader.model import Text
from grader.sandbox.runner import imports
from grader.submission.notebooks import defines, gives

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.grading.grade import GradingContext
    from grader.grading.key import Key
    from grader.model import Submission
    from grader.records.record import Record
    from grader.sandbox.runner import Runner
    from grader.workflow.inputs import Input
    from grader.workflow.options import Options

SEEDS = 2**53
"""How many there are: too many to try them all, and each is exact as a number of JSON and in a spreadsheet."""


def fresh_seed() -> int:
    """Draw a seed."""
    return secrets.randbelow(SEEDS)


def ask_reference(course: Course, options: Options, seed: int) -> tuple[Lab, Key]:
    """Read the lab and ask its reference; raise LabError for any mistake in its files."""
    from grader.course.lab import load_lab  # noqa: PLC0415 (heavy; loads while the worker starts)
    from grader.grading.make_key import make_key  # noqa: PLC0415 (same)

    lab = load_lab(course, options.lab)
    if lab.rubric.data is None and options.data is not None:
        raise LabError(say("{lab} uses no data: leave out --data.", lab=options.lab))
    return lab, make_key(lab, seed)


def grading_context(
    lab: Lab, key: Key, runners: Sequence[Runner], *, options: Options, is_class: bool
) -> GradingContext:
    """Return the context in which all runners grade.

    Raises SandboxError, before any student code runs, where the wall of a runner is weaker than it must be.
    """
    from grader.data.mnist import prepare_mnist  # noqa: PLC0415 (heavy; loads while the worker starts)
    from grader.grading.grade import GradingContext  # noqa: PLC0415 (same)
    from grader.sandbox.requirement import refuse_below, required  # noqa: PLC0415 (same)

    mnist = None if lab.rubric.data is None else prepare_mnist(options.data, runners[0].scratch)
    needed = required(options.isolation, os.environ, is_class=is_class)
    for runner in runners:
        refuse_below(needed, runner.isolation(lab.rubric.limits.limits))
    return GradingContext(lab, key, mnist, isolation=needed)


def grade_one(context: GradingContext, submission: Submission, runner: Runner, *, course: Course) -> Record:
    """Grade a submission; raise SubmissionError or SandboxError where there is no score."""
    from grader.grading.grade import grade  # noqa: PLC0415 (heavy; loads while the worker starts)

    _refuse_another_labs(submission, context.lab, course)
    for package in context.lab.rubric.packages:
        if imports(submission.cells, package) and not is_installed(package):
            raise SandboxError(
                say(
                    "The notebook imports {package}, which is not installed here. Nothing was graded. "
                    "Install it: pip install {package}",
                    package=package,
                )
            )
    return grade(context, submission, runner)


def is_installed(package: str) -> bool:
    """Say whether a package can be imported here; it is not imported."""
    return importlib.util.find_spec(package) is not None


def not_graded(
    lab: Lab, key: Key, found: Input, *, error: SubmissionError | SandboxError, submission: Submission | None = None
) -> Record:
    """Return the record of what could not be graded, with the reason; `submission` is given where it could be read.

    The reason names the file without its folder, since students read it.
    """
    from grader.grading.recording import ungraded  # noqa: PLC0415 (heavy; loads while the worker starts)

    fault: Literal["submission", "machinery"] = "submission" if isinstance(error, SubmissionError) else "machinery"
    folder = clean(str(found.path.parent), longest=LONGEST_PATH) + os.sep
    because = Text(error.text.zh_tw.replace(folder, ""), error.text.en.replace(folder, ""))
    file = clean(found.path.name) if submission is None else submission
    return ungraded(lab, key, found.student, file=file, because=because, fault=fault)


def _refuse_another_labs(submission: Submission, lab: Lab, course: Course) -> None:
    """Raise SubmissionError for a notebook that gives this lab no function, and defines one of another lab."""
    source = "\n".join(cell.source for cell in submission.cells)
    if any(gives(source, name) for name in lab.rubric.tasks):
        return
    from grader.course.rubric_file import read_rubric  # noqa: PLC0415 (heavy; and rarely needed)

    for other in course.lab_names():
        names = read_rubric(course.rubric_path(other))[0].tasks if other != lab.name else {}
        if any(defines(source, name) for name in names):
            raise SubmissionError(
                say(
                    "{file} is a notebook of {other}, not of {lab}: try `grade {other} {file}`.",
                    file=submission.path,
                    other=other,
                    lab=lab.name,
                )
            )
