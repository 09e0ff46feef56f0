"""What is to be graded: one notebook, or every submission in a folder; each is read, or there is a reason why not."""

from __future__ import annotations

import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from grader.course.folder import KitFolder, course_or_kits, here
from grader.errors import SubmissionError
from grader.output import is_our_folder, is_ours
from grader.sandbox.folder import make_folder
from grader.submission.archives import is_zip_name
from grader.submission.choosing import Labs, is_notebook_name, names_lab
from grader.submission.class_folder import read_class_folder
from grader.submission.entries import Input
from grader.submission.names import student_name
from grader.submission.notebooks import read_submission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.course.folder import Course
    from grader.errors import SandboxError
    from grader.model import Submission
    from grader.submission.entries import ClassFolder
    from grader.workflow.log import Log
    from grader.workflow.options import Options


def class_folder(options: Options) -> Path | None:
    """Return the folder of submissions that is to be graded, or a zip of them; None where it is one notebook."""
    path = options.path
    return path if path is not None and (path.is_dir() or (is_zip_name(path.name) and path.is_file())) else None


def course_of(options: Options) -> Course:
    """Return the course that has the lab, or the student's kit of it; raise LabError where there is neither."""
    course = course_or_kits(options.course, None if options.path is None else options.path.parent)
    course.check(options.lab)
    return course


@contextmanager
def found_class(place: Path, lab: str, course: Course) -> Iterator[ClassFolder]:
    """Give every submission in a folder or a zip, in the order of the students; what was unpacked stays so long."""
    others = tuple(name for name in course.lab_names() if name != lab)
    scratch = make_folder()
    try:
        found = read_class_folder(place, Labs(lab, others), scratch=scratch, is_ours=_is_ours)
        with suppress(OSError):  # what was unpacked is in it; else a grader that is killed leaves no folder
            scratch.rmdir()
        yield found
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _is_ours(path: Path) -> bool:
    return is_our_folder(path) if path.is_dir() else is_ours(path)


def find_notebook(options: Options, course: Course) -> Input:
    """Return the notebook that the options name, else the lab's in this folder, else the course's own."""
    path = options.path
    if path is None:
        own = here() / f"{options.lab}.ipynb"
        path = own if own.is_file() else _own_notebook(course, options.lab)
    return Input(student_name(path.stem), path, _helpers(path, course))


def _own_notebook(course: Course, lab: str) -> Path:
    """Return the course's notebook of a lab: the one for students, else the source notebook, which is solved."""
    given = course.notebook_path(lab)
    source = given if isinstance(course, KitFolder) else course.reference_path(lab)
    return source if source.suffix == given.suffix and source.is_file() and not given.is_file() else given


def other_names(options: Options, found: Input) -> tuple[Path, ...]:
    """Return the notebooks in this folder that have the lab's name among other words, where none was named."""
    if options.path is not None or found.path.parent == here():
        return ()
    notebooks = (path for path in sorted(here().iterdir()) if is_notebook_name(path.name))
    return tuple(path for path in notebooks if names_lab(path.name, options.lab))


def _helpers(path: Path, course: Course) -> Path | None:
    """Return the folder of a single notebook, unless it may have files that are not the notebook's."""
    folder = path.parent
    alone = len(list(folder.glob("*.ipynb"))) <= 1
    inside = not isinstance(course, KitFolder) and folder.resolve().is_relative_to(course.folder.resolve())
    return folder if alone and not inside else None


def read_input(found: Input, *, handed_in: bool = False) -> Submission:
    """Read one input; raise SubmissionError where it is no notebook."""
    if found.problem is not None:
        raise SubmissionError(found.problem)
    return read_submission(found.path, student=found.student, helpers=found.helpers, handed_in=handed_in)


def read_or_error(found: Input, log: Log) -> Submission | SubmissionError | SandboxError:
    """Return a submission, or why it cannot be read: as no notebook, or because something of ours failed."""
    try:
        return read_input(found, handed_in=True)
    except SubmissionError as error:
        return error
    except Exception as error:  # noqa: BLE001 (logged, and the submission's own record says so)
        return log.failure(error, found.path)
