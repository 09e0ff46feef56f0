"""`grade export sources`: a class's notebooks as files of Python, in the folders that JPlag, Dolos and MOSS ask for.

DIR/submissions/STUDENT/LAB.py is what a student handed in, with the student's own modules beside it, and
DIR/given/LAB.py what all were given: what stands in it is nobody's copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.course.stub import stub_notebook
from grader.errors import LabError, SubmissionError
from grader.messages.sentences import say
from grader.output import ready_folder, write_file
from grader.source.json_form import source_of
from grader.submission.folders import helper_files
from grader.submission.python_cells import as_python
from grader.workflow.inputs import found_class, read_input

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from grader.course.folder import Course
    from grader.model import LeftOut, Text
    from grader.submission.entries import Input

SUBMISSIONS, GIVEN = "submissions", "given"
MODULE = ".py"


@dataclass(frozen=True, slots=True)
class Sources:
    """What was written of a class, and what was not: who handed in no notebook, and what is nobody's submission."""

    folder: Path
    students: tuple[str, ...]
    unread: tuple[tuple[str, Text], ...]
    left_out: tuple[LeftOut, ...]
    no_stub: Text | None
    """Why there is no file of what was given; None where there is one."""

    def told(self) -> Iterator[Text]:
        """Yield what a teacher has to know."""
        yield say("Written in {folder}: the code of {count} students", folder=self.folder, count=len(self.students))
        for student, because in self.unread:
            yield say("{student}: {because}", student=student, because=because)
        for one in self.left_out:
            yield say("left out: {name}: {because}", name=one.name, because=one.because)
        if self.no_stub is not None:
            yield say("What students were given cannot be told from what they wrote: {because}", because=self.no_stub)


def write_sources(course: Course, lab: str, place: Path, *, folder: Path) -> Sources:
    """Write the code of everybody in a class folder, or a zip of one; raise LabError where there is no submission."""
    course.check(lab)
    ready_folder(folder)
    unread: list[tuple[str, Text]] = []
    students: list[str] = []
    with found_class(place, lab, course) as found:
        for one in found.inputs:
            try:
                files = dict(_files_of(one, lab))
            except SubmissionError as error:
                unread.append((one.student, error.text))
                continue
            for name, content in files.items():
                _write(folder, f"{SUBMISSIONS}/{one.student}/{name}", content)
            students.append(one.student)
        left_out = found.left_out
    return Sources(folder, tuple(students), tuple(unread), left_out=left_out, no_stub=_write_stub(course, lab, folder))


def _files_of(found: Input, lab: str) -> Iterator[tuple[str, bytes]]:
    """Yield a student's modules, and then the notebook, whose name none of them keeps; raise SubmissionError."""
    submission = read_input(found, handed_in=True)
    if found.helpers is not None:
        for path in helper_files(found.helpers):
            if path.suffix == MODULE:
                yield path.relative_to(found.helpers).as_posix(), path.read_bytes()
    yield f"{lab}{MODULE}", _as_file(cell.source for cell in submission.cells).encode()


def _as_file(sources: Iterable[str]) -> str:
    """Return cells in their order as one file, each below its number."""
    cells = (f"# %% In [{number}]\n{as_python(source).rstrip()}\n" for number, source in enumerate(sources, start=1))
    return "\n".join(cells)


def _write_stub(course: Course, lab: str, folder: Path) -> Text | None:
    try:
        cells = stub_notebook(course, lab)["cells"]
    except LabError as error:
        return error.text
    sources = [source_of(cell) for cell in cells if cell["cell_type"] == "code"]
    _write(folder, f"{GIVEN}/{lab}{MODULE}", _as_file(source for source in sources if source.strip()).encode())
    return None


def _write(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    ready_folder(path.parent)
    write_file(path, content, list_in=folder)
