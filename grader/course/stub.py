"""The notebook that students are given: labs/LAB.ipynb, or what is made of the source notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.errors import LabError
from grader.model import Cell
from grader.source.json_form import notebook_in, source_of
from grader.source.reading import read_source
from grader.submission.definitions import Written
from grader.submission.notebooks import outlined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.course.folder import Course
    from grader.submission.notebooks import OutlineCell


def stub_notebook(course: Course, lab: str) -> dict[str, Any]:
    """Return the students' notebook as JSON; raise LabError where there is none, or the source cannot be read."""
    path = course.notebook_path(lab)
    source = course.reference_path(lab)
    return dict(read_source(source).stub) if source.suffix == path.suffix and not path.is_file() else notebook_in(path)


def given_functions(course: Course, lab: str, tasks: Iterable[str]) -> frozenset[str]:
    """Return the texts of the tasks' functions as students are given them; none where there is no notebook to give."""
    try:
        return functions_in_cells(stub_notebook(course, lab)["cells"], tasks)
    except LabError:  # grading does without it; what is wrong with it is told where it is given out
        return frozenset()


def given_cells(course: Course, lab: str) -> tuple[OutlineCell, ...]:
    """Return the cells that students are given; none where there is no notebook to give."""
    try:
        return outlined(course.notebook_path(lab), stub_notebook(course, lab)["cells"])
    except LabError:  # same
        return ()


def functions_in_cells(cells: Iterable[Mapping[str, Any]], tasks: Iterable[str]) -> frozenset[str]:
    """Return the texts of the tasks' unfinished functions in the cells of a notebook, as `Definition.text` has them.

    One that is given whole is none of them: students write what it calls.
    """
    code = [source_of(cell) for cell in cells if cell["cell_type"] == "code"]
    written = Written(tuple(Cell(number, source) for number, source in enumerate(code, start=1)))
    found = (one for task in tasks if (one := written.effective(task)) is not None)
    return frozenset(one.text for one in found if one.body != "written" or one.raises or "..." in one.text)
