"""What is to be graded: one notebook, or every submission in a folder; each is read, or there is a reason why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.course.folder import KitFolder, course_or_kits, here
from grader.errors import SubmissionError
from grader.submission.folders import find_submissions
from grader.submission.names import student_name
from grader.submission.notebooks import read_submission

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from grader.course.folder import Course
    from grader.errors import SandboxError
    from grader.model import Submission
    from grader.workflow.log import Log
    from grader.workflow.options import Options


@dataclass(frozen=True, slots=True)
class Input:
    """A notebook to grade: the student, the file, and the folder whose other files belong to it."""

    student: str
    path: Path
    helpers: Path | None


def class_folder(options: Options) -> Path | None:
    """Return the folder of submissions that is to be graded; None where it is one notebook."""
    return options.path if options.path is not None and options.path.is_dir() else None


def course_of(options: Options) -> Course:
    """Return the course that has the lab, or the student's kit of it; raise LabError where there is neither."""
    course = course_or_kits(options.course, None if options.path is None else options.path.parent)
    course.check(options.lab)
    return course


def find_class(folder: Path, lab: str) -> tuple[Input, ...]:
    """Return every submission of a folder, in the order of the students."""
    return tuple(Input(*found) for found in find_submissions(folder, lab))


def find_notebook(options: Options, course: Course) -> Input:
    """Return the notebook that the options name, else the lab's in this folder, else the course's own."""
    path = options.path
    if path is None:
        own = here() / f"{options.lab}.ipynb"
        path = own if own.is_file() else course.notebook_path(options.lab)
    return Input(student_name(path.stem), path, _helpers(path, course))


def _helpers(path: Path, course: Course) -> Path | None:
    """Return the folder of a single notebook, unless it may have files that are not the notebook's."""
    folder = path.parent
    alone = len(list(folder.glob("*.ipynb"))) <= 1
    inside = not isinstance(course, KitFolder) and folder.resolve().is_relative_to(course.folder.resolve())
    return folder if alone and not inside else None


def read_input(found: Input, *, handed_in: bool = False) -> Submission:
    """Read one input; raise SubmissionError where it is no notebook."""
    return read_submission(found.path, student=found.student, helpers=found.helpers, handed_in=handed_in)


def read_class(inputs: Iterable[Input], log: Log) -> tuple[Submission | SubmissionError | SandboxError, ...]:
    """Return each submission, or why it cannot be read: as no notebook, or because something of ours failed."""
    return tuple(_read_or_error(found, log) for found in inputs)


def _read_or_error(found: Input, log: Log) -> Submission | SubmissionError | SandboxError:
    try:
        return read_input(found, handed_in=True)
    except SubmissionError as error:
        return error
    except Exception as error:  # noqa: BLE001 (logged, and the submission's own record says so)
        return log.failure(error, found.path)
