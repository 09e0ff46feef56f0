"""`grade LAB --watch`: grades a notebook again on every save, with a kernel that is ready before the save comes.

The questions stay the same as long as it lasts, so that what changes on the page is what the student changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchfiles import watch

from grader.course.folder import find_course, here, open_course
from grader.errors import LabError, SubmissionError
from grader.messages.sentences import say
from grader.output import ready_folder
from grader.sandbox.pool import single_runner
from grader.sandbox.runner import imports
from grader.workflow.context import find_entries, fresh_seed, furnish, grade_one, lay_desk, read_entry
from grader.workflow.store import Keeper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.model import Submission
    from grader.records.record import Record
    from grader.sandbox.runner import Runner
    from grader.workflow.context import Desk, Order
    from grader.workflow.marking import Tell

QUIET_MILLISECONDS, STEP_MILLISECONDS, LOOK_MILLISECONDS = 60, 20, 250
"""A save is over when nothing has changed for the second, at the latest after the first: editors write in steps."""


def keep_grading(order: Order, telling: Callable[[], Tell]) -> None:
    """Grade the notebook now and after every save, until it is interrupted.

    A notebook that cannot be graded at the moment is told, and waited for. Raises LabError and SandboxError where
    nothing can be graded at all.
    """
    course = open_course(order.course) if order.course else find_course(here())
    course.rubric_path(order.lab)
    entries, is_class = find_entries(order, course)
    if is_class:
        raise LabError(say("--watch is for one notebook: name it, or leave out the path."))
    if order.output is not None:
        ready_folder(order.output)
    first = read_entry(entries[0], handed_in=False)
    desk = lay_desk(course, order, fresh_seed() if order.seed is None else order.seed)
    packages = [name for name in desk.lab.rubric.packages if imports(first.cells, name)]
    with single_runner(packages=packages) as runner:
        tell = telling()
        furnished = furnish(desk, order, [runner], is_class=False)
        before: Record | None = None
        last: str | None = None
        for path in _saves(entries[0].path):
            try:
                submission = read_entry(entries[0], handed_in=False)
                if submission.sha256 != last:
                    before = _grade_again(furnished, submission, runner, order, tell, before)
                    last = submission.sha256
            except SubmissionError as error:
                last = None
                tell.problem(error.text)
            tell.waiting(path)


def _grade_again(
    desk: Desk, submission: Submission, runner: Runner, order: Order, tell: Tell, before: Record | None
) -> Record:
    record = grade_one(desk, submission, runner)
    try:
        with Keeper(order, is_class=False) as keeper:
            keeper.keep(record)
    finally:
        tell.one(record)
        if before is not None:
            tell.change(before, record)
    return record


def _saves(path: Path) -> Iterator[Path]:
    """Yield now, and whenever the file has changed, however an editor writes it: in place, or by replacing it.

    The look at the file itself is for what happened while nobody watched, such as during a grading.
    """
    place = path.resolve()
    seen = _state(place)
    yield path
    for _ in watch(
        place.parent,
        watch_filter=lambda _, name: name == str(place),
        debounce=QUIET_MILLISECONDS,
        step=STEP_MILLISECONDS,
        rust_timeout=LOOK_MILLISECONDS,
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
