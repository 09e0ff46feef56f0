"""What one call grades with: what it was told, what was handed in, the lab, and how one submission is graded."""

from __future__ import annotations

import importlib.util
import os
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from grader.course.folder import Course, here
from grader.errors import LabError, SandboxError, SubmissionError
from grader.messages.sentences import LONGEST_PATH, clean, say
from grader.model import Text
from grader.sandbox.runner import imports
from grader.submission.folders import find_submissions, student_name
from grader.submission.notebooks import defines, read_submission

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.course.lab import Lab
    from grader.data.mnist import Mnist
    from grader.grading.key import Key
    from grader.model import Language, Level, Submission
    from grader.records.record import Record
    from grader.sandbox.runner import Runner

LARGEST_SEED = 2**32


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be graded, and where the results go."""

    lab: str
    path: Path | None = None
    course: Path | None = None
    output: Path | None = None
    formats: tuple[str, ...] = ()
    seed: int | None = None
    data: Path | None = None
    language: Language = "en"
    jobs: int | None = None
    """How many submissions of a folder are graded at once: as many as there are cores, if nothing is said."""
    again: bool = False
    """Grade also what was graded before and has not changed."""
    book: str | None = None
    """The gradebook: a file or a URL. A folder that is graded with `output` has one there, if nothing is said."""
    isolation: Level | None = None
    """How strong the wall must be: good where results count, if nothing is said."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing handed in: whose, where, and the folder whose other files belong to it."""

    student: str
    path: Path
    helpers: Path | None


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """What every submission of one call is graded with."""

    course: Course
    lab: Lab
    key: Key
    mnist: Mnist | None = None
    isolation: Level = "none"


def fresh_seed() -> int:
    """Draw a seed."""
    return secrets.randbelow(LARGEST_SEED)


def find_entries(order: Order, course: Course) -> tuple[tuple[Entry, ...], bool]:
    """Return what was handed in, and whether it is a folder of submissions."""
    if order.path is not None and order.path.is_dir():
        return tuple(Entry(*found) for found in find_submissions(order.path, order.lab)), True
    path = order.path
    if path is None:
        own = here() / f"{order.lab}.ipynb"
        path = own if own.is_file() else course.notebook_path(order.lab)
    student = student_name(path.stem)
    return (Entry(student, path, _helpers(path, course)),), False


def _helpers(path: Path, course: Course) -> Path | None:
    """Return the folder of a single notebook if nothing but its own files can be in it."""
    folder = path.parent
    alone = len(list(folder.glob("*.ipynb"))) <= 1
    inside = folder.resolve().is_relative_to(course.folder.resolve())
    return folder if alone and not inside else None


def read_entry(entry: Entry, *, handed_in: bool) -> Submission:
    """Read what was handed in; raise SubmissionError where it is no notebook."""
    return read_submission(entry.path, student=entry.student, helpers=entry.helpers, handed_in=handed_in)


def lay_desk(course: Course, order: Order, seed: int) -> Desk:
    """Read the lab and ask its reference; raise LabError for any mistake in its files."""
    from grader.course.lab import load_lab  # noqa: PLC0415 (same)
    from grader.grading.key import make_key  # noqa: PLC0415 (heavy; loads while the worker starts)

    lab = load_lab(course, order.lab)
    if lab.rubric.data is None and order.data is not None:
        raise LabError(say("{lab} uses no data: leave out --data.", lab=order.lab))
    return Desk(course, lab, make_key(lab, seed))


def furnish(desk: Desk, order: Order, runners: Sequence[Runner], *, is_class: bool) -> Desk:
    """Add what needs the runners: the data, and the strength of their wall.

    Raises SandboxError, before any student code runs, where the wall is weaker than is needed.
    """
    from grader.data.mnist import prepare_mnist  # noqa: PLC0415 (heavy; loads while the worker starts)
    from grader.sandbox.requirement import refuse_below, required  # noqa: PLC0415 (same)

    mnist = None if desk.lab.rubric.data is None else prepare_mnist(order.data, runners[0].scratch)
    needed = required(order.isolation, os.environ, is_class=is_class)
    processes = desk.lab.rubric.limits.limits.processes > 0
    for runner in runners:
        refuse_below(needed, runner.isolation(processes=processes))
    return replace(desk, mnist=mnist, isolation=needed)


def grade_one(desk: Desk, submission: Submission, runner: Runner) -> Record:
    """Grade a submission. Raises SubmissionError and SandboxError where there is no score."""
    from grader.grading.grade import grade  # noqa: PLC0415 (heavy; loads while the worker starts)

    _refuse_another_labs(submission, desk.lab, desk.course)
    for package in desk.lab.rubric.packages:
        if imports(submission.cells, package) and importlib.util.find_spec(package) is None:
            raise SandboxError(
                say(
                    "The notebook imports {package}, which is not installed here. Nothing was graded. "
                    "Install it: pip install {package}",
                    package=package,
                )
            )
    return grade(desk.lab, desk.key, submission, runner, desk.mnist, isolation=desk.isolation)


def not_graded(
    desk: Desk, entry: Entry, error: SubmissionError | SandboxError, submission: Submission | None = None
) -> Record:
    """Return the record of what could not be graded, with the reason; `submission` where it could be read at least.

    The reason names the file and not its folder: students read it, and the folder is the grader's.
    """
    from grader.grading.grade import ungraded  # noqa: PLC0415 (heavy; loads while the worker starts)

    fault: Literal["submission", "machinery"] = "submission" if isinstance(error, SubmissionError) else "machinery"
    folder = clean(str(entry.path.parent), longest=LONGEST_PATH) + os.sep
    because = Text(error.text.zh_tw.replace(folder, ""), error.text.en.replace(folder, ""))
    file = clean(entry.path.name) if submission is None else submission
    return ungraded(desk.lab, desk.key, entry.student, file, because, fault=fault)


def _refuse_another_labs(submission: Submission, lab: Lab, course: Course) -> None:
    """Raise SubmissionError for a notebook that has nothing of this lab and a function of another one."""
    source = "\n".join(cell.source for cell in submission.cells)
    if any(name in source for name in lab.rubric.tasks):
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
