"""Writes the three files of a new lab, or none of them, and never replaces a file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from grader.course.folder import Course, find_course, here
from grader.errors import LabError
from grader.messages.sentences import say
from grader.output import ready_folder, write_new_file
from grader.pages.templates import environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,60}")


def write_lab(folder: Path | None, name: str, title: str | None, *, taken: Iterable[str]) -> tuple[Path, ...]:
    """Write labs/NAME.ipynb, reference/NAME.py and rubrics/NAME.yaml; return their paths.

    They go into the course `folder`, else into the one that the current folder lies in, else into the current folder
    if that is empty. `taken` are names that a lab cannot have. Raises LabError where a file exists already.
    """
    check_name(name, taken)
    course = Course(home(folder))
    paths = (course.notebook_path(name), course.reference_path(name), course.folder / "rubrics" / f"{name}.yaml")
    for path in paths:
        if path.exists():
            raise LabError(say("{file} exists already: nothing was written.", file=path))
    contents = _contents(name, title or name)
    for path in paths:
        ready_folder(path.parent)
    for path, content in zip(paths, contents, strict=True):
        write_new_file(path, content)
    return paths


def check_name(name: str, taken: Iterable[str]) -> None:
    """Raise LabError for a name that a lab cannot have, such as one of those `taken` by commands."""
    if not NAME.fullmatch(name) or name in taken:
        raise LabError(
            say(
                'A lab cannot be called "{name}": a name is a letter and then letters, digits, "-" or "_", and none '
                "of {taken}.",
                name=name,
                taken=", ".join(taken),
            )
        )


def home(folder: Path | None) -> Path:
    """Return the folder of the course that a lab is written into; raise LabError where none is meant."""
    if folder is not None:
        return folder.resolve()
    start = here()
    try:
        return find_course(start).folder
    except LabError as error:
        if any(not path.name.startswith(".") for path in start.iterdir()):
            problem = say(
                "No course here, and {folder} is not empty: go to a course, to an empty folder, or name one with "
                "--course.",
                folder=start,
            )
            raise LabError(problem) from error
        return start


def _contents(name: str, title: str) -> tuple[str, str, str]:
    """Return the notebook, the reference and the rubric."""
    templates = environment("grader.newlab", is_html=False)  # a notebook, Python and YAML
    plain = " ".join(title.replace('"', "'").replace("\\", "/").split())
    values = {"name": name, "title": plain, "quoted": json.dumps(plain, ensure_ascii=False)}
    cells = templates.get_template("lab.md.jinja").render(values)
    reference = templates.get_template("reference.py.jinja").render(values)
    rubric = templates.get_template("rubric.yaml.jinja").render(values)
    return json.dumps(_notebook(name, cells), ensure_ascii=False, indent=1) + "\n", reference, rubric


def _notebook(name: str, written: str) -> Mapping[str, object]:
    """Return a notebook from the text of its cells, each of which stands below a line `%% markdown` or `%% code`."""
    cells: list[Mapping[str, object]] = []
    for number, part in enumerate(re.split(r"^%% ", written, flags=re.MULTILINE)[1:]):
        kind, _, source = part.partition("\n")
        cell: dict[str, object] = {
            "cell_type": kind,
            "id": f"{name}-{number}",
            "metadata": {},
            "source": source.strip("\n"),
        }
        code: dict[str, object] = {"execution_count": None, "outputs": []} if kind == "code" else {}
        cells.append({**cell, **code})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
