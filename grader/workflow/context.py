"""The grading context of one call of `grade`, and the grading of one submission in it."""

from __future__ import annotations

import importlib.util
import os
import secrets
from typing import TYPE_CHECKING, Literal

from grader.errors import LabError, SandboxError, SubmissionError
from grader.messages.sentences import LONGEST_PATH, clean, say, typed
from grader.model import Text
from grader.sandbox.runner import imports
from grader.submission.notebooks import defines, gives

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.course.folder import Course
    from grader.course.kit import KitFacts
    from grader.course.lab import Lab
    from grader.grading.grade import GradingContext
    from grader.grading.key import Key
    from grader.model import Submission
    from grader.records.record import Record
    from grader.sandbox.runner import Runner
    from grader.submission.entries import Input
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

    Raises SandboxError, before any student code runs, where the wall of a runner is weaker than it must be, and where a
    package is missing of which the questions' arguments are.
    """
    from grader.data.mnist import prepare_mnist  # noqa: PLC0415 (heavy; loads while the worker starts)
    from grader.grading.grade import GradingContext  # noqa: PLC0415 (same)
    from grader.sandbox.requirement import refuse_below, required  # noqa: PLC0415 (same)

    _need_libraries(key)
    mnist = None if lab.rubric.data is None else prepare_mnist(options.data, runners[0].scratch)
    needed = required(options.isolation, os.environ, is_class=is_class)
    for runner in runners:
        refuse_below(needed, runner.isolation(lab.rubric.limits.limits))
    return GradingContext(lab, key, mnist, isolation=needed)


def _need_libraries(key: Key) -> None:
    """Raise SandboxError where an argument is of a package that is not installed: no notebook could be asked."""
    from grader.wire.given import library_of  # noqa: PLC0415 (heavy; loads while the worker starts)

    values = (value for question in key.questions for value in question.arguments)
    for package in sorted({package for value in values if (package := library_of(value)) is not None}):
        if not is_installed(package):
            raise SandboxError(
                say(
                    "The questions of this lab hand over values of {package}, which is not installed here. Nothing was "
                    "graded. Install it: pip install {package}",
                    package=package,
                )
            )


def grade_one(
    context: GradingContext, submission: Submission, runner: Runner, *, course: Course, handed_in: bool = False
) -> Record:
    """Grade a submission, which was `handed_in` or is on its student's screen.

    Raises SubmissionError or SandboxError where there is no score.
    """
    from grader.grading.grade import grade  # noqa: PLC0415 (heavy; loads while the worker starts)

    _refuse_another_labs(submission, context.lab, course, handed_in=handed_in)
    for package in context.lab.rubric.packages:
        if imports(submission.cells, package) and not is_installed(package):
            raise SandboxError(
                say(
                    "The notebook imports {package}, which is not installed here. Nothing was graded. "
                    "Install it: pip install {package}",
                    package=package,
                )
            )
    record = grade(context, submission, runner)
    return record if context.lab.kit is None else _noted(record, submission, context.lab.kit)


def _noted(record: Record, submission: Submission, kit: KitFacts) -> Record:
    """Return a record that says so where the notebook was given out with another kit."""
    from grader.course.kit import given_with  # noqa: PLC0415 (heavy; loads while the worker starts)
    from grader.records.record import words  # noqa: PLC0415 (same)

    if given_with(submission.path) in {None, kit.notebook_sha256}:
        return record
    note = say(
        "This notebook is of another version of the lab than the kit beside it: what a task asks may have changed. "
        "Get both again from your teacher, and copy your functions into the new notebook."
    )
    return record.model_copy(update={"notes": (words(note), *record.notes)})


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


def as_handed_in(record: Record, found: Input) -> Record:
    """Return a record that says under which name, and when, it was handed in."""
    from grader.records.record import words  # noqa: PLC0415 (heavy; loads while the worker starts)

    said = {
        "submitted": None if found.submitted is None else found.submitted.isoformat(timespec="seconds"),
        "late": found.late,
        "notes": tuple(map(words, found.notes)),
    }
    return record.model_copy(update={"submission": record.submission.model_copy(update=said)})


def _refuse_another_labs(submission: Submission, lab: Lab, course: Course, *, handed_in: bool) -> None:
    """Raise SubmissionError for a notebook of another lab: it defines none of this lab's functions.

    What only has a name of this lab's, such as a variable `softmax` or a heading, weighs less than the functions of
    another lab.
    """
    source = "\n".join(cell.source for cell in submission.cells)
    if any(defines(source, name) for name in lab.rubric.asked):
        return
    from grader.course.lab import load_rubric  # noqa: PLC0415 (same)
    from grader.grading.reading import cells_to_read  # noqa: PLC0415 (heavy; and rarely needed)

    read = cells_to_read(lab, submission.path)
    headings = sum(lab.rubric.tasks[name].cells is not None for name, cells in read.items() if cells)
    given = sum(gives(source, name) for name in lab.rubric.asked) + headings
    for other in course.lab_names():
        names = load_rubric(course, other).asked if other != lab.name else {}
        if sum(defines(source, name) for name in names) > given:
            raise SubmissionError(_another_labs(submission.path, other, lab.name, handed_in=handed_in))


def _another_labs(path: Path, other: str, lab: str, *, handed_in: bool) -> Text:
    """Return what a student can do: hand in the right notebook, or name the right lab."""
    if handed_in:
        return say(
            "{file} is a notebook of {other}, not of {lab}: hand in {lab}.ipynb.", file=path, other=other, lab=lab
        )
    return say(
        "{file} is a notebook of {other}, not of {lab}: try `grade {other} {quoted}`.",
        file=path,
        quoted=typed(path),
        other=other,
        lab=lab,
    )
