"""A class: find what was handed in, keep what is still good, grade the rest side by side, and report the class."""

from __future__ import annotations

import re
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from grader.errors import SaidError, SubmissionError
from grader.messages.sentences import say
from grader.records.brief import Brief, Briefs
from grader.workflow.addresses import executor_of
from grader.workflow.context import as_handed_in, ask_reference, fresh_seed, not_graded
from grader.workflow.inputs import read_or_error
from grader.workflow.output_folder import check_output
from grader.workflow.status import Status
from grader.workflow.store import Store, store_seed, store_somehow, stored_record, stored_seed

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.errors import SandboxError
    from grader.grading.key import Key
    from grader.model import LeftOut, Submission, Text
    from grader.records.record import Record
    from grader.submission.entries import ClassFolder, Input
    from grader.workflow.executors import Executor
    from grader.workflow.log import Log
    from grader.workflow.options import Options
    from grader.workflow.progress import Reporter


IMPORTED = re.compile(r"^[ \t]*(?:import|from)[ \t]+([\w.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, eq=False)
class HandedIn:
    """One submission of a class, or why it cannot be read; `place` counts from 0 in the order of the students.

    Of a submission only that is kept which tells it from others, and not its text: a class may have thousands.
    """

    place: int
    found: Input
    submission: Submission | SubmissionError | SandboxError


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """A submission of a class that is to be graded."""

    place: int
    found: Input
    submission: Submission


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    """What all four steps share."""

    options: Options
    course: Course
    lab: Lab
    key: Key
    log: Log

    def failed(self, one: HandedIn | Waiting, error: Exception) -> Record:
        """Return the record of a submission at which our machinery failed; every other one is graded all the same."""
        submission = None if isinstance(one.submission, SaidError) else one.submission
        failed = self.log.failure(error, one.found.path)
        return not_graded(self.lab, self.key, one.found, error=failed, submission=submission)


def mark_class(options: Options, course: Course, found: ClassFolder, *, reporter: Reporter, log: Log) -> Status:
    """Grade a class; what cannot be graded is reported and stored as ungraded. Return the exit status."""
    inputs = found.inputs
    with ExitStack() as stack:
        made = executor_of(options.cluster).executor(options, course, reporter.problem)
        executor: Executor = stack.enter_context(made)  # what it starts, starts while the lab is read
        handed_in, names = _find(inputs, log)
        executor.prepare(_imported(course, options.lab, names), len(inputs))
        check_output(options, [one.student for one in inputs], is_class=True)
        seed = stored_seed(options.output, options.lab) if options.seed is None else options.seed
        lab, key = ask_reference(course, options, fresh_seed() if seed is None else seed)
        reporter.speak(lab.languages)
        store_seed(options.output, options.lab, key.seed)
        store = stack.enter_context(Store(options, is_class=True))
        the_class = Class(options, course, lab, key=key, log=log)
        waiting: list[Waiting] = []
        with reporter.progress(len(inputs)), closing(_grade(the_class, waiting, executor)) as graded:
            each = _stored(chain(_keep(the_class, handed_in, waiting), graded), handed_in, the_class, store=store)
            records = _report_each(each, reporter)
        kept = len(inputs) - len(waiting) - sum(isinstance(one.submission, SaidError) for one in handed_in)
        executor.leave()
        status = _report(records, found.left_out, store, reporter=reporter, log=log)
        if options.output is not None:
            reporter.written(options.output, store.files("STUDENT"))
        if kept:
            reporter.note(_kept_text(kept, len(inputs)))
        return status


def _find(inputs: Sequence[Input], log: Log) -> tuple[tuple[HandedIn, ...], frozenset[str]]:
    """Read what was handed in; return it, and what any of it imports."""
    handed_in, names = [], set[str]()
    for place, found in enumerate(inputs):
        read = read_or_error(found, log)
        if not isinstance(read, SaidError):
            names.update(name for cell in read.cells for name in IMPORTED.findall(cell.source))
            read = replace(read, cells=(), texts=())
        handed_in.append(HandedIn(place, found, read))
    return tuple(handed_in), frozenset(names)


def _imported(course: Course, lab: str, names: frozenset[str]) -> tuple[str, ...]:
    """Return which of the lab's packages any submission imports."""
    from grader.course.lab import load_rubric  # noqa: PLC0415 (heavy; loads while the forkserver starts)

    packages = load_rubric(course, lab).packages
    return tuple(
        package for package in packages if any(name == package or name.startswith(f"{package}.") for name in names)
    )


def _keep(of: Class, handed_in: Sequence[HandedIn], waiting: list[Waiting]) -> Iterator[tuple[int, Record]]:
    """Yield the records that need no grading, by their place, and put the submissions that do into `waiting`.

    A submission needs no grading if it was graded before and has not changed, or cannot be read.
    """
    for one in handed_in:
        if isinstance(one.submission, SaidError):
            yield one.place, not_graded(of.lab, of.key, one.found, error=one.submission)
            continue
        try:
            output = None if of.options.again else of.options.output
            record = stored_record(output, one.submission, of.lab, seed=of.key.seed)
        except Exception as error:  # noqa: BLE001 (logged, and the submission's own record says so)
            yield one.place, of.failed(one, error)
            continue
        if record is None:
            waiting.append(Waiting(one.place, one.found, one.submission))
        else:
            yield one.place, record


def _grade(of: Class, waiting: Sequence[Waiting], executor: Executor) -> Generator[tuple[int, Record]]:
    """Grade what is waiting, side by side; yield the place and the record of each as it is finished."""
    if not waiting:
        return
    with closing(executor.grade(of.lab, of.key, [one.found for one in waiting])) as graded:
        for finished in graded:
            one = waiting[finished.place]
            yield one.place, _record_of(of, one, finished.result)


def _record_of(of: Class, one: Waiting, result: Record | Exception) -> Record:
    """Return the record of a submission, also of one that could not be graded."""
    if isinstance(result, SubmissionError):
        return not_graded(of.lab, of.key, one.found, error=result, submission=one.submission)
    return of.failed(one, result) if isinstance(result, Exception) else result


def _stored(
    records: Iterable[tuple[int, Record]], handed_in: Sequence[HandedIn], of: Class, *, store: Store
) -> Iterator[tuple[int, Record]]:
    """Store each record as it comes, and yield it; one that cannot be stored counts as ungraded, and says why."""
    for place, graded in records:
        record = as_handed_in(graded, handed_in[place].found)
        try:
            store.add(record, path=handed_in[place].found.path)
        except Exception as error:  # noqa: BLE001 (logged, and the submission's own record says so)
            instead = of.failed(handed_in[place], error)
            store_somehow(instead, store, of.log)
            yield place, instead
        else:
            yield place, record


def _report_each(records: Iterable[tuple[int, Record]], reporter: Reporter) -> tuple[Brief, ...]:
    """Report each record as it comes, and return all of them in brief, in the order of the students."""
    briefs, reported = Briefs(), dict[int, Brief]()
    for place, record in records:
        reported[place] = briefs.brief(record)
        reporter.graded(place, record)
    return tuple(reported[place] for place in sorted(reported))


def _report(
    records: Sequence[Brief], left_out: Sequence[LeftOut], store: Store, *, reporter: Reporter, log: Log
) -> Status:
    """Store and report the class; return the exit status."""
    try:
        store.add_class(records, left_out)
    finally:  # a class that cannot be written is still shown
        reporter.whole_class(records, left_out)
    if log.path is not None:
        reporter.problem(say("What failed in the grader is in {file}.", file=log.path))
    return max((_status(record) for record in records), default=Status.FULL)


def _kept_text(kept: int, of: int) -> Text:
    return say(
        "{kept} of {of} have not changed since they were graded, so their results were kept; --again grades all anew.",
        kept=kept,
        of=of,
    )


def _status(record: Brief) -> Status:
    if record.ungraded is None:
        return Status.FULL
    return Status.USER if record.fault == "submission" else Status.MACHINERY
