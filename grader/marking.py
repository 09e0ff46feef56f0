"""From the words on the command line to graded submissions: one, or a folder of them, many at once.

What the user got wrong is found before anything is started; the worker and its first kernel then start while the
rubric is read and the reference asked, which is most of the time that a single grading takes.
"""

from __future__ import annotations

import enum
import importlib.util
import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from grader.batch import cores, do_all
from grader.course import Course, find_course, here, open_course
from grader.errors import LabError, SandboxError, SubmissionError
from grader.kept import class_seed, keep_seed, kept_record
from grader.messages import clean, say
from grader.output import ready_folder, write_file
from grader.sandbox.runner import Runner, imports
from grader.submission import LONGEST_STUDENT, defines, find_submissions, read_submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from grader.data.mnist import Mnist
    from grader.key import Key
    from grader.lab import Lab
    from grader.model import Language, Submission
    from grader.record import Record

LARGEST_SEED = 2**32


class Tell(Protocol):
    """Shows the user what has been graded, as soon as it is kept."""

    def one(self, record: Record) -> None:
        """Show a single submission's page."""

    def begin(self, count: int) -> AbstractContextManager[object]:
        """Show how far a class of `count` submissions is, as long as the context lasts."""

    def line(self, record: Record) -> None:
        """Show one submission of a class, briefly. They come in the order of the students."""

    def advance(self, record: Record) -> None:
        """Show that one more has been graded, or was already. They come as they finish."""

    def whole(self, records: Sequence[Record]) -> None:
        """Show a class that has been graded."""


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
    jobs: int | None = None
    """How many submissions of a folder are graded at once: as many as there are cores, if nothing is said."""
    again: bool = False
    """Grade also what was graded before and has not changed."""


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
    mnist: Mnist | None


def mark(order: Order, telling: Callable[[], Tell]) -> Status:
    """Grade what the order names; tell of each record as soon as it is kept.

    `telling` is called once the workers start, so that what it imports costs no time.

    For a single submission the status says whether it has full marks; for a folder, whether all were graded.
    Raises LabError and SandboxError where nothing can be graded.
    """
    course = open_course(order.course) if order.course else find_course(here())
    course.rubric_path(order.lab)
    entries, is_class = _entries(order, course)
    first = None if is_class else _read(entries[0], handed_in=False)
    if order.output is not None:
        ready_folder(order.output)
    with ExitStack() as stack:
        runners = [stack.enter_context(Runner()) for _ in range(min(_jobs(order), len(entries)))]
        tell = telling()
        if first is not None:
            desk = _desk(course, order, runners[0], _seed(order))
            record = _grade(desk, first, runners[0])
            try:
                _keep(record, order)
            finally:  # a result that cannot be written is told all the same, so that it is not lost
                tell.one(record)
            return Status.FULL if record.is_full else Status.LESS
        desk = _desk(course, order, runners[0], class_seed(order.output, order.lab, order.seed) or _seed(order))
        keep_seed(order.output, order.lab, desk.key.seed)
        return _mark_class(order, entries, desk, runners, tell)


def _jobs(order: Order) -> int:
    return cores() if order.jobs is None else order.jobs


def _seed(order: Order) -> int:
    return secrets.randbelow(LARGEST_SEED) if order.seed is None else order.seed


def _mark_class(order: Order, entries: Sequence[Entry], desk: Desk, runners: Sequence[Runner], tell: Tell) -> Status:
    """Grade all entries; what cannot be graded is told and kept as such, and the others go on."""
    records: list[Record | None] = [None] * len(entries)
    told = 0
    with tell.begin(len(entries)):
        for place, record in _graded(order, entries, desk, runners):
            records[place] = record
            try:
                _keep(record, order)
            finally:  # a result that cannot be written is told all the same
                tell.advance(record)
                while told < len(records) and (one := records[told]) is not None:
                    tell.line(one)
                    told += 1
    done = [record for record in records if record is not None]
    tell.whole(done)
    return max((_status(record) for record in done), default=Status.FULL)


def _status(record: Record) -> Status:
    if record.ungraded is None:
        return Status.FULL
    return Status.USER if record.fault == "submission" else Status.MACHINERY


def _graded(
    order: Order, entries: Sequence[Entry], desk: Desk, runners: Sequence[Runner]
) -> Iterator[tuple[int, Record]]:
    """Yield every entry's record with its place: first those that are there already, then each as it is finished."""
    waiting: list[tuple[int, Submission]] = []
    for place, entry in enumerate(entries):
        try:
            submission = _read(entry, handed_in=True)
        except SubmissionError as error:
            yield place, _ungraded(desk, entry.student, entry.path.name, error)
            continue
        record = None if order.again else kept_record(order.output, submission, desk.lab, desk.key.seed)
        if record is None:
            waiting.append((place, submission))
        else:
            yield place, record

    def do(job: tuple[int, Submission], runner: Runner) -> Record:
        place, submission = job
        try:
            return _grade(desk, submission, runner)
        except (SubmissionError, SandboxError) as error:
            return _ungraded(desk, submission.student, entries[place].path.name, error)

    for finished in do_all(waiting, do, runners):
        yield waiting[finished.place][0], finished.result


def _ungraded(desk: Desk, student: str, file: str, error: SubmissionError | SandboxError) -> Record:
    from grader.grade import ungraded  # noqa: PLC0415 (heavy; loads while the worker starts)

    fault: Literal["submission", "machinery"] = "submission" if isinstance(error, SubmissionError) else "machinery"
    return ungraded(desk.lab, desk.key, student, clean(file), error.text, fault=fault)


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


def _read(entry: Entry, *, handed_in: bool) -> Submission:
    return read_submission(entry.path, student=entry.student, helpers=entry.helpers, handed_in=handed_in)


def _desk(course: Course, order: Order, runner: Runner, seed: int) -> Desk:
    from grader.data.mnist import prepare_mnist  # noqa: PLC0415 (heavy; loads while the worker starts)
    from grader.key import make_key  # noqa: PLC0415 (same)
    from grader.lab import load_lab  # noqa: PLC0415 (same)

    lab = load_lab(course, order.lab)
    key = make_key(lab, seed)
    if lab.rubric.data is None and order.data is not None:
        raise LabError(say("{lab} uses no data: leave out --data.", lab=order.lab))
    mnist = None if lab.rubric.data is None else prepare_mnist(order.data, runner.scratch)
    return Desk(course, lab, key, mnist)


def _grade(desk: Desk, submission: Submission, runner: Runner) -> Record:
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
    return grade(desk.lab, desk.key, submission, runner, desk.mnist)


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
