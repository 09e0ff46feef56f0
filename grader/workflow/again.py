"""Grades some students of a class anew, from what they have handed in, while everybody else's results stay.

It is what `whole_class` does, for a few: the same course, the class's own seed, the same store.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from grader.errors import LabError, SubmissionError
from grader.gradebook.entries import names_text
from grader.messages.sentences import say
from grader.sandbox.pool import Pool
from grader.workflow.context import (
    as_handed_in,
    ask_reference,
    fresh_seed,
    grade_one,
    grading_context,
    is_installed,
    not_graded,
)
from grader.workflow.inputs import class_folder, course_of, found_class, read_input
from grader.workflow.log import Log
from grader.workflow.side_by_side import cores, do_all
from grader.workflow.store import Store, stored_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.grading.grade import GradingContext
    from grader.records.record import Record
    from grader.sandbox.runner import Runner
    from grader.submission.entries import Input
    from grader.workflow.options import Options


def grade_again(options: Options, students: Sequence[str], report: Callable[[Record], None]) -> tuple[str, ...]:
    """Grade students anew from the folder that the options name; return those who have handed in nothing there.

    Each record is stored, and then reported. Raises LabError and SandboxError where nothing can be graded.
    """
    with Log(options.output) as log, log.guard(options.lab):
        course = course_of(options)
        folder = class_folder(options)
        if folder is None:
            raise LabError(say("There is no folder of submissions and no zip of them: {file}.", file=options.path))
        with found_class(folder, options.lab, course) as found:
            inputs = [one for one in found.inputs if one.student in students]
            here = {one.student for one in inputs}
            missing = tuple(student for student in students if student not in here)
            if not inputs:
                raise LabError(
                    say("{folder} has nothing of {students}.", folder=options.path, students=names_text(missing))
                )
            _grade(options, inputs, report, log=log)
        return missing


def _grade(options: Options, inputs: Sequence[Input], report: Callable[[Record], None], *, log: Log) -> None:
    course = course_of(options)
    jobs = min(len(inputs), cores() if options.jobs is None else options.jobs)
    with ExitStack() as stack:
        pool = stack.enter_context(Pool(jobs))
        seed = stored_seed(options.output, options.lab) if options.seed is None else options.seed
        lab, key = ask_reference(course, options, fresh_seed() if seed is None else seed)
        if len(inputs) > jobs:  # else nobody would use twice what is imported
            pool.preload([package for package in lab.rubric.packages if is_installed(package)])
        runners = [stack.enter_context(pool.runner()) for _ in range(jobs)]
        store = stack.enter_context(Store(options, is_class=True))
        context = grading_context(lab, key, runners, options=options, is_class=True)

        def grade(one: Input, runner: Runner) -> Record:
            return _record(context, one, runner, options=options, log=log)

        with closing(do_all(inputs, grade, runners)) as finished:
            for one in finished:
                record = as_handed_in(one.result, inputs[one.place])
                store.add(record, path=inputs[one.place].path)
                report(record)
        for runner in runners:
            runner.leave()


def _record(context: GradingContext, found: Input, runner: Runner, *, options: Options, log: Log) -> Record:
    """Return the record of one student; where there is no score, it says why."""
    try:
        submission = read_input(found, handed_in=True)
        return grade_one(context, submission, runner, course=course_of(options), handed_in=True)
    except SubmissionError as error:
        return not_graded(context.lab, context.key, found, error=error)
    except Exception as error:
        if runner.is_stopped:  # nobody reads this any more
            raise
        return not_graded(context.lab, context.key, found, error=log.failure(error, found.path))
