"""From the words on the command line to graded submissions, one after another.

What the user got wrong is found before anything is started; the worker and its first kernel then start while the
rubric is read and the reference asked, which is most of the time that a single grading takes.
"""

from __future__ import annotations

import enum
import importlib.util
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from grader.course import Course, find_course, here, open_course
from grader.errors import LabError, SandboxError, SubmissionError
from grader.messages import clean, say
from grader.output import ready_folder, write_file
from grader.sandbox.runner import Runner, imports
from grader.submission import LONGEST_STUDENT, defines, find_submissions, read_submission

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.data.mnist import Mnist
    from grader.key import Key
    from grader.lab import Lab
    from grader.model import Language, Submission
    from grader.record import Record

LARGEST_SEED = 2**32


class Tell(Protocol):
    """Shows a record to the user as soon as it is kept; one of a class is shown briefly."""

    def __call__(self, record: Record, *, is_class: bool) -> None:
        """Show it."""


class Status(enum.IntEnum):
    """The exit statuses, worst last."""

    FULL = 0
    LESS = 1
    USER = 2
    MACHINERY = 3


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
    runner: Runner
    mnist: Mnist | None


def mark(order: Order, tell: Tell) -> Status:
    """Grade what the order names; tell of each record as soon as it is kept.

    For a single submission the status says whether it has full marks; for a folder, whether all were graded.
    Raises LabError and SandboxError where nothing can be graded.
    """
    course = open_course(order.course) if order.course else find_course(here())
    course.rubric_path(order.lab)
    entries, is_class = _entries(order, course)
    first = None if is_class else _read(entries[0])
    if order.output is not None:
        ready_folder(order.output)
    with Runner() as runner:
        desk = _desk(course, order, runner)
        if first is not None:
            record = _grade(desk, first)
            _keep_and_tell(record, order, tell, is_class=False)
            return Status.FULL if record.is_full else Status.LESS
        return max(_mark_class(order, entries, desk, tell), default=Status.FULL)


def _mark_class(order: Order, entries: Sequence[Entry], desk: Desk, tell: Tell) -> Iterator[Status]:
    """Grade all entries; what cannot be graded is told and kept as such, and the others go on."""
    from grader.grade import ungraded  # noqa: PLC0415 (heavy; loads while the worker starts)

    for entry in entries:
        status, file = Status.FULL, clean(entry.path.name)
        try:
            record = _grade(desk, _read(entry))
        except (SubmissionError, SandboxError) as error:
            status = Status.USER if isinstance(error, SubmissionError) else Status.MACHINERY
            record = ungraded(desk.lab, desk.key, entry.student, file, error.text)
        _keep_and_tell(record, order, tell, is_class=True)
        yield status


def _entries(order: Order, course: Course) -> tuple[tuple[Entry, ...], bool]:
    """Return what was handed in, and whether it is a folder of submissions."""
    if order.path is not None and order.path.is_dir():
        return tuple(Entry(*found) for found in find_submissions(order.path, order.lab)), True
    path = order.path
    if path is None:
        own = here() / f"{order.lab}.ipynb"
        path = own if own.is_file() else course.notebook_path(order.lab)
    student = clean(path.stem, longest=LONGEST_STUDENT)
    return (Entry(student, path, _helpers(path, course)),), False


def _helpers(path: Path, course: Course) -> Path | None:
    """Return the folder of a single notebook if nothing but its own files can be in it."""
    folder = path.parent
    alone = len(list(folder.glob("*.ipynb"))) <= 1
    inside = folder.resolve().is_relative_to(course.folder.resolve())
    return folder if alone and not inside else None


def _read(entry: Entry) -> Submission:
    return read_submission(entry.path, student=entry.student, helpers=entry.helpers)


def _desk(course: Course, order: Order, runner: Runner) -> Desk:
    from grader.data.mnist import prepare_mnist  # noqa: PLC0415 (heavy; loads while the worker starts)
    from grader.key import make_key  # noqa: PLC0415 (same)
    from grader.lab import load_lab  # noqa: PLC0415 (same)

    lab = load_lab(course, order.lab)
    key = make_key(lab, secrets.randbelow(LARGEST_SEED) if order.seed is None else order.seed)
    if lab.rubric.data is None and order.data is not None:
        raise LabError(say("{lab} uses no data: leave out --data.", lab=order.lab))
    mnist = None if lab.rubric.data is None else prepare_mnist(order.data, runner.scratch)
    return Desk(course, lab, key, runner, mnist)


def _grade(desk: Desk, submission: Submission) -> Record:
    from grader.grade import grade  # noqa: PLC0415 (heavy; loads while the worker starts)

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
    return grade(desk.lab, desk.key, submission, desk.runner, desk.mnist)


def _refuse_another_labs(submission: Submission, lab: Lab, course: Course) -> None:
    """Raise SubmissionError for a notebook that has nothing of this lab and a function of another one."""
    source = "\n".join(cell.source for cell in submission.cells)
    if any(name in source for name in lab.rubric.tasks):
        return
    from grader.rubric_file import read_rubric  # noqa: PLC0415 (heavy; and rarely needed)

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


def _keep_and_tell(record: Record, order: Order, tell: Tell, *, is_class: bool) -> None:
    """Write first, then tell; a result that cannot be written is told all the same, so that it is not lost."""
    try:
        _keep(record, order)
    finally:
        tell(record, is_class=is_class)


def _keep(record: Record, order: Order) -> None:
    """Write the record and the reports that were asked for."""
    if order.output is None:
        return
    from grader import reports  # noqa: PLC0415 (heavy; loads while the worker starts)
    from grader.registry import module_in  # noqa: PLC0415 (same)

    for name in dict.fromkeys(("json", *order.formats)):
        report = module_in(reports, name)
        write_file(order.output / f"{record.student}.{report.ENDING}", report.render(record, order.language))


def list_labs(course: Course) -> Iterator[tuple[str, Lab | LabError]]:
    """Yield every lab of a course by its name, or what is wrong with it."""
    from grader.lab import load_lab  # noqa: PLC0415 (heavy)

    for name in course.lab_names():
        try:
            yield name, load_lab(course, name)
        except LabError as error:
            yield name, error
