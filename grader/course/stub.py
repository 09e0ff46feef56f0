"""The notebook that students are given: labs/LAB.ipynb, or what is made of the source notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.source.json_form import notebook_in
from grader.source.reading import read_source

if TYPE_CHECKING:
    from grader.course.folder import Course


def stub_notebook(course: Course, lab: str) -> dict[str, Any]:
    """Return the students' notebook as JSON; raise LabError where there is none, or the source cannot be read."""
    path = course.notebook_path(lab)
    source = course.reference_path(lab)
    return dict(read_source(source).stub) if source.suffix == path.suffix and not path.is_file() else notebook_in(path)
