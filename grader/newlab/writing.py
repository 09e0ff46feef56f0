"""Writes the three files of a new lab, or none of them, and never replaces a file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from grader.course.folder import Course, find_course, here
from grader.course.settings import read_languages
from grader.errors import LabError
from grader.messages.sentences import say
from grader.output import ready_folder, write_new_file
from grader.pages.templates import environment, worded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from grader.model import Language

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,60}")


@dataclass(frozen=True, slots=True)
class NewLab:
    """The paths of a new lab's files, and the languages that they are in."""

    paths: tuple[Path, ...]
    languages: tuple[Language, ...]


def write_lab(
    folder: Path | None, name: str, title: str | None, *, taken: Iterable[str], languages: tuple[Language, ...]
) -> NewLab:
    """Write labs/NAME.ipynb, reference/NAME.py and rubrics/NAME.yaml, in these languages or in the course's own.

    They go into the course `folder`, else into the one that the current folder lies in, else into the current folder
    if that is empty. `taken` are names that a lab cannot have. Raises LabError where a file exists already.
    """
    check_name(name, taken)
    course = Course(home(folder))
    paths = (course.notebook_path(name), course.reference_path(name), course.folder / "rubrics" / f"{name}.yaml")
    for path in paths:
        if path.exists():
            raise LabError(say("{file} exists already: nothing was written.", file=path))
    languages = read_languages(course.folder) or languages
    contents = _contents(name, title or name, languages)
    for path in paths:
        ready_folder(path.parent)
    for path, content in zip(paths, contents, strict=True):
        write_new_file(path, content)
    return NewLab(paths, languages)


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


def home(folder: Path | None, notebook: Path | None = None) -> Path:
    """Return the folder of the course that a lab is written into; raise LabError where none is meant.

    A course may begin in an empty folder, or in the one where the `notebook` lies that it is made of.
    """
    if folder is not None:
        return folder.resolve()
    start = here()
    try:
        return find_course(start).folder
    except LabError as error:
        is_beside = notebook is not None and notebook.resolve().parent == start.resolve()
        if not is_beside and any(not path.name.startswith(".") for path in start.iterdir()):
            problem = say(
                "No course here, and {folder} is not empty: go to a course, to an empty folder, or name one with "
                "--course.",
                folder=start,
            )
            raise LabError(problem) from error
        return start


def _contents(name: str, title: str, languages: Sequence[Language]) -> tuple[str, str, str]:
    """Return the notebook, the reference and the rubric."""
    templates = environment("grader.newlab", is_html=False)  # a notebook, Python and YAML
    plain = " ".join(title.replace('"', "'").replace("\\", "/").split())
    values = {"name": name, "title": plain, "said": partial(_said, languages), **worded(languages)}
    cells = templates.get_template("lab.md.jinja").render(values)
    reference = templates.get_template("reference.py.jinja").render(values)
    rubric = templates.get_template("rubric.yaml.jinja").render(values)
    return json.dumps(_notebook(name, cells), ensure_ascii=False, indent=1) + "\n", reference, rubric


def _said(languages: Sequence[Language], chinese: str, english: str) -> str:
    """Return a text as a rubric writes it: of one language a string, of two a mapping."""
    told = {"zh-TW": json.dumps(chinese, ensure_ascii=False), "en": json.dumps(english, ensure_ascii=False)}
    if len(languages) == 1:
        return told[languages[0]]
    return f"{{{', '.join(f'{language}: {told[language]}' for language in languages)}}}"


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
