"""From the words on the command line to graded submissions: one, or a folder of them, many at once.

What the user got wrong is found before anything is started; the worker and its first kernel then start while the
rubric is read and the reference asked, which is most of the time that a single grading takes.
"""

from __future__ import annotations

import enum
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

from grader.course.folder import Course, find_course, here, open_course
from grader.errors import LabError, SandboxError, SubmissionError
from grader.output import ready_folder
from grader.sandbox.pool import Pool, single_runner
from grader.sandbox.runner import imports
from grader.workflow.batch import cores, do_all
from grader.workflow.context import (
    Desk,
    Entry,
    Order,
    find_entries,
    fresh_seed,
    furnish,
    grade_one,
    lay_desk,
    not_graded,
    read_entry,
)
from grader.workflow.store import Keeper, class_seed, keep_seed, kept_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from grader.course.lab import Lab
    from grader.model import Submission, Text
    from grader.records.record import Record
    from grader.sandbox.runner import Runner


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

    def problem(self, text: Text) -> None:
        """Show why a notebook cannot be graded at the moment."""

    def change(self, before: Record, after: Record) -> None:
        """Show what a save has changed."""

    def waiting(self, path: Path) -> None:
        """Show that the next save is waited for."""

    def whole(self, records: Sequence[Record]) -> None:
        """Show a class that has been graded."""


class Status(enum.IntEnum):
    """The exit statuses, worst last."""

    FULL = 0
    LESS = 1
    USER = 2
    MACHINERY = 3


def mark(order: Order, telling: Callable[[], Tell]) -> Status:
    """Grade what the order names; tell of each record as soon as it is kept.

    `telling` is called once the workers start, so that what it imports costs no time.

    For a single submission the status says whether it has full marks; for a folder, whether all were graded.
    Raises LabError and SandboxError where nothing can be graded.
    """
    course = open_course(order.course) if order.course else find_course(here())
    course.rubric_path(order.lab)
    entries, is_class = find_entries(order, course)
    if is_class:
        if order.output is not None:
            ready_folder(order.output)
        return _mark_class(order, course, entries, telling())
    submission = read_entry(entries[0], handed_in=False)
    if order.output is not None:
        ready_folder(order.output)
    with single_runner() as runner, Keeper(order, is_class=False) as keeper:
        tell = telling()
        desk = lay_desk(course, order, fresh_seed() if order.seed is None else order.seed)
        record = grade_one(furnish(desk, order, [runner], is_class=False), submission, runner)
        try:
            keeper.keep(record)
        finally:  # a result that cannot be written is told all the same, so that it is not lost
            tell.one(record)
    return Status.FULL if record.is_full else Status.LESS


def _mark_class(order: Order, course: Course, entries: Sequence[Entry], tell: Tell) -> Status:
    """Grade all entries; what cannot be graded is told and kept as such, and the others go on."""
    seed = class_seed(order.output, order.lab, order.seed)
    records: list[Record | None] = [None] * len(entries)
    told = 0
    with ExitStack() as stack:
        jobs = cores() if order.jobs is None else order.jobs
        pool = stack.enter_context(Pool(jobs))  # it begins while the lab is read
        handed_in = [_handed_in(entry) for entry in entries]
        pool.preload(_imported(course, order.lab, [one for one in handed_in if not isinstance(one, SubmissionError)]))
        runners = [stack.enter_context(pool.runner()) for _ in range(min(jobs + 1, len(entries)))]
        desk = lay_desk(course, order, fresh_seed() if seed is None else seed)
        keep_seed(order.output, order.lab, desk.key.seed)
        keeper = stack.enter_context(Keeper(order, is_class=True))
        stack.enter_context(tell.begin(len(entries)))
        for place, record in _graded(order, entries, handed_in, desk, runners):
            records[place] = record
            try:
                keeper.keep(record)
            finally:  # a result that cannot be written is told all the same
                tell.advance(record)
                while told < len(records) and (one := records[told]) is not None:
                    tell.line(one)
                    told += 1
        for runner in runners:
            runner.leave()
        done = [record for record in records if record is not None]
        keeper.keep_class(done)
    tell.whole(done)
    return max((_status(record) for record in done), default=Status.FULL)


def _status(record: Record) -> Status:
    if record.ungraded is None:
        return Status.FULL
    return Status.USER if record.fault == "submission" else Status.MACHINERY


def _handed_in(entry: Entry) -> Submission | SubmissionError:
    """Return what was handed in, or why it cannot be read."""
    try:
        return read_entry(entry, handed_in=True)
    except SubmissionError as error:
        return error


def _imported(course: Course, lab: str, submissions: Sequence[Submission]) -> tuple[str, ...]:
    """Return which of the lab's packages any submission imports."""
    from grader.course.rubric_file import read_rubric  # noqa: PLC0415 (heavy; loads while the workers start)

    packages = read_rubric(course.rubric_path(lab))[0].packages
    cells = [cell for submission in submissions for cell in submission.cells]
    return tuple(package for package in packages if imports(cells, package))


def _graded(
    order: Order,
    entries: Sequence[Entry],
    handed_in: Sequence[Submission | SubmissionError],
    desk: Desk,
    runners: Sequence[Runner],
) -> Iterator[tuple[int, Record]]:
    """Yield every entry's record with its place: first those that are there already, then each as it is finished."""
    waiting: list[tuple[int, Submission]] = []
    for place, (entry, submission) in enumerate(zip(entries, handed_in, strict=True)):
        if isinstance(submission, SubmissionError):
            yield place, not_graded(desk, entry, submission)
            continue
        record = None if order.again else kept_record(order.output, submission, desk.lab, desk.key.seed)
        if record is None:
            waiting.append((place, submission))
        else:
            yield place, record
    if waiting:
        yield from _grade_all(order, entries, desk, waiting, runners[: len(waiting)])


def _grade_all(
    order: Order,
    entries: Sequence[Entry],
    desk: Desk,
    waiting: Sequence[tuple[int, Submission]],
    runners: Sequence[Runner],
) -> Iterator[tuple[int, Record]]:
    """Grade what is waiting, side by side."""
    furnished = furnish(desk, order, runners, is_class=True)

    def do(job: tuple[int, Submission], runner: Runner) -> Record:
        place, submission = job
        try:
            return grade_one(furnished, submission, runner)
        except (SubmissionError, SandboxError) as error:
            return not_graded(furnished, entries[place], error, submission)

    for finished in do_all(waiting, do, runners):
        yield waiting[finished.place][0], finished.result


def list_labs(course: Course) -> Iterator[tuple[str, Lab | LabError]]:
    """Yield every lab of a course by its name, or what is wrong with it."""
    from grader.course.lab import load_lab  # noqa: PLC0415 (heavy)

    for name in course.lab_names():
        try:
            yield name, load_lab(course, name)
        except LabError as error:
            yield name, error
