"""`grade LAB [PATH]`: grades one notebook, or a folder of them.

The user's mistakes are found before any process starts. The forkserver, the worker and its first kernel then start
while the rubric is read and the reference asked, which is most of the time that a single grading takes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.course.folder import KitFolder
from grader.errors import LabError, SubmissionError
from grader.messages.sentences import say
from grader.output import ready_folder
from grader.sandbox.pool import Pool
from grader.sandbox.runner import imports
from grader.workflow.context import ask_reference, fresh_seed, grade_one, grading_context, not_graded
from grader.workflow.inputs import class_folder, course_of, find_notebook, found_class, other_names, read_input
from grader.workflow.log import Log
from grader.workflow.output_folder import check_output, told_from_others
from grader.workflow.status import Status
from grader.workflow.store import Store, store_somehow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.model import Submission
    from grader.sandbox.runner import Runner
    from grader.workflow.options import Options
    from grader.workflow.progress import Reporter

NETWORK_PACKAGES = ("tensorflow", "keras", "torch")


def mark(options: Options, reporter: Callable[[], Reporter]) -> Status:
    """Grade what the options name; report each record as soon as it is stored.

    `reporter` is called while the workers start, so that its imports cost no time.

    For a single submission the status says whether it has full marks; for a folder, whether all were graded.
    Raises LabError and SandboxError where nothing can be graded.
    """
    with Log(options.output) as log, log.guard(options.lab):
        course = course_of(options)
        if (folder := class_folder(options)) is not None:
            if isinstance(course, KitFolder):
                raise LabError(
                    say(
                        "A class is graded with the course, and {folder} has a student's kit. Go to the course's "
                        "folder, or name it with --course.",
                        folder=course.folder,
                    )
                )
            from grader.workflow.whole_class import mark_class  # noqa: PLC0415 (a single notebook does without)

            with found_class(folder, options.lab, course) as found:
                if options.output is not None:
                    ready_folder(options.output)
                return mark_class(options, course, found, reporter=reporter(), log=log)
        if options.cluster is not None:
            raise LabError(say("--cluster is for a folder of submissions: name the folder, or leave out --cluster."))
        return _mark_notebook(options, course, reporter, log=log)


def _mark_notebook(options: Options, course: Course, reporter: Callable[[], Reporter], log: Log) -> Status:
    """Grade one notebook. Where our machinery fails, what is stored says so, and SandboxError is raised."""
    named = find_notebook(options, course)
    submission = told_from_others(read_input(named), options.output)
    found = replace(named, student=submission.student)
    if options.output is not None:
        ready_folder(options.output)
    with (
        Pool() as pool,
        _runner(pool, submission, course, lab=options.lab) as runner,
        Store(options, is_class=False) as store,
    ):
        check_output(options, [submission.student], is_class=False)
        report = reporter()
        lab, key = ask_reference(course, options, fresh_seed() if options.seed is None else options.seed)
        report.speak(lab.languages)
        context = grading_context(lab, key, [runner], options=options, is_class=False)
        try:
            record = grade_one(context, submission, runner, course=course)
        except SubmissionError:
            raise
        except Exception as error:
            failed = log.failure(error, submission.path)
            lost = not_graded(lab, key, found, error=failed, submission=submission)
            store_somehow(lost, store, log)
            raise log.placed(failed) from error
        is_stored = False
        try:
            store.add(record, path=submission.path)
            is_stored = True
        finally:  # a result that cannot be written is still shown, so that it is not lost
            report.graded_file(found.path, other_names(options, found))
            if is_stored and options.output is not None:
                report.written(options.output, store.files(submission.student))
            report.page(record)
    return Status.FULL if record.is_full else Status.LESS


def _runner(pool: Pool, submission: Submission, course: Course, *, lab: str) -> Runner:
    """Return a runner. What both kernels of a submission with networks need is imported once before, for both."""
    packages = [package for package in NETWORK_PACKAGES if imports(submission.cells, package)]
    if packages:
        from grader.course.lab import load_rubric  # noqa: PLC0415 (heavy; loads while the forkserver starts)

        if load_rubric(course, lab).has_networks:
            pool.preload(packages)
    return pool.runner()


def list_labs(course: Course) -> Iterator[tuple[str, Lab | LabError]]:
    """Yield every lab of a course by its name, or what is wrong with it."""
    from grader.course.lab import load_lab  # noqa: PLC0415 (heavy)

    for name in course.lab_names():
        try:
            yield name, load_lab(course, name)
        except LabError as error:
            yield name, error
