"""`grade LAB --watch`: grades a notebook again on every save, with a kernel that is ready beforehand.

The questions stay the same all the time, so that only the student's changes change the page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from watchfiles import watch

from grader.errors import LabError, SubmissionError
from grader.messages.sentences import say
from grader.output import ready_folder
from grader.sandbox.pool import single_runner
from grader.sandbox.runner import imports
from grader.workflow.context import ask_reference, fresh_seed, grade_one, grading_context
from grader.workflow.inputs import class_folder, course_of, find_notebook, read_input
from grader.workflow.log import Log
from grader.workflow.output_folder import check_output, told_from_others
from grader.workflow.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.records.record import Record
    from grader.workflow.options import Options
    from grader.workflow.progress import Reporter

QUIET_MILLISECONDS, STEP_MILLISECONDS, POLL_MILLISECONDS = 60, 20, 250
"""Editors save in steps: a save is over after a STEP without a change, and at the latest after QUIET."""


def keep_grading(options: Options, reporter: Callable[[], Reporter]) -> None:
    """Grade the notebook now and after every save, until it is interrupted.

    A notebook that cannot be graded at the moment is reported, and the next save waited for. Raises LabError and
    SandboxError where nothing can be graded at all.
    """
    with Log(options.output) as log, log.guard(options.lab):
        _keep_grading(options, reporter)


def _keep_grading(options: Options, reporter: Callable[[], Reporter]) -> None:
    course = course_of(options)
    if class_folder(options) is not None:
        raise LabError(say("--watch is for one notebook: name it, or leave out the path."))
    if options.cluster is not None:
        raise LabError(say("--watch grades on this computer: leave out --cluster."))
    found = find_notebook(options, course)
    first = told_from_others(read_input(found), options.output)
    found = replace(found, student=first.student)
    if options.output is not None:
        ready_folder(options.output)
    check_output(options, [found.student], is_class=False)
    cells = first.cells
    lab, key = ask_reference(course, options, fresh_seed() if options.seed is None else options.seed)
    with single_runner(packages=[name for name in lab.rubric.packages if imports(cells, name)]) as runner:
        report = reporter()
        report.speak(lab.languages)
        context = grading_context(lab, key, [runner], options=options, is_class=False)
        before: Record | None = None
        graded: str | None = None
        for path in _saves(found.path):
            try:
                submission = read_input(found)
                if submission.sha256 != graded:
                    record = grade_one(context, submission, runner, course=course)
                    _report(record, before, report, options=options)
                    before, graded = record, submission.sha256
            except SubmissionError as error:
                graded = None
                report.problem(error.text)
            report.waiting(path)


def _report(record: Record, before: Record | None, report: Reporter, *, options: Options) -> None:
    try:
        with Store(options, is_class=False) as store:
            store.add(record)
    finally:
        report.page(record)
        if before is not None:
            report.change(before, record)


def _saves(path: Path) -> Iterator[Path]:
    """Yield now, and whenever the file has changed, whether an editor writes in place or replaces it.

    The file is polled as well, for changes while nobody watched, such as during a grading.
    """
    place = path.resolve()
    seen = _state(place)
    yield path
    for _ in watch(
        place.parent,
        watch_filter=lambda _, name: name == str(place),
        debounce=QUIET_MILLISECONDS,
        step=STEP_MILLISECONDS,
        rust_timeout=POLL_MILLISECONDS,
        yield_on_timeout=True,
        recursive=False,
        raise_interrupt=True,
    ):
        if (state := _state(place)) != seen:
            seen = state
            yield path


def _state(place: Path) -> tuple[int, int, int] | None:
    try:
        found = place.stat()
    except OSError:  # being replaced at this moment
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
