"""A class on this machine: one forkserver, and as many submissions at once as there are cores."""

from __future__ import annotations

import platform
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from grader.sandbox.pool import Pool, single_runner
from grader.sandbox.requirement import Machine, remedy_text
from grader.workflow.context import grade_one, grading_context
from grader.workflow.executors import Host
from grader.workflow.inputs import read_input
from grader.workflow.side_by_side import cores, do_all

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.grading.key import Key
    from grader.model import Text
    from grader.records.record import Record
    from grader.sandbox.runner import Runner
    from grader.submission.entries import Input
    from grader.workflow.options import Options
    from grader.workflow.side_by_side import Finished

WORDS = ("",)


@contextmanager
def executor(options: Options, course: Course, tell: Callable[[Text], None]) -> Iterator[LocalExecutor]:
    """Give an executor whose forkserver starts while the lab is read."""
    del tell
    jobs = cores() if options.jobs is None else options.jobs
    with ExitStack() as stack:
        yield LocalExecutor(options, course, jobs, stack=stack)


def hosts(address: str, tell: Callable[[Text], None]) -> Iterator[Host]:
    """Yield this machine."""
    del address, tell
    with single_runner() as runner:
        isolation = runner.isolation()
    remedy = None if isolation.level == "strong" else remedy_text(isolation, Machine())
    yield Host(name=platform.node(), slots=cores(), isolation=isolation, remedy=remedy)


class LocalExecutor:
    """Grades `jobs` submissions at once. What it starts is left with the stack."""

    def __init__(self, options: Options, course: Course, jobs: int, *, stack: ExitStack) -> None:
        self._options, self._course, self._jobs, self._stack = options, course, jobs, stack
        self._pool = stack.enter_context(Pool(jobs))
        self._runners: list[Runner] = []

    def prepare(self, packages: Sequence[str], count: int) -> None:
        """Preload the packages, and launch a worker for each job and one more, which is judged meanwhile."""
        self._pool.preload(packages)
        for _ in range(min(self._jobs + 1, count)):
            self._runners.append(self._stack.enter_context(self._pool.runner()))

    def grade(self, lab: Lab, key: Key, inputs: Sequence[Input]) -> Generator[Finished[Record | Exception]]:
        """Grade in this process, which speaks with no kernel."""
        used = self._runners[: len(inputs)]
        context = grading_context(lab, key, used, options=self._options, is_class=True)

        def grade(found: Input, runner: Runner) -> Record | Exception:
            try:
                submission = read_input(found, handed_in=True)
                return grade_one(context, submission, runner, course=self._course, handed_in=True)
            except Exception as error:
                if runner.is_stopped:  # Ctrl-C: nobody reads this any more
                    raise
                return error

        yield from do_all(inputs, grade, used)

    def leave(self) -> None:
        """Let the workers end side by side."""
        for runner in self._runners:
            runner.leave()
