"""Makes a lab of a solved notebook with marks: the notebook as it is, a rubric of its tests, and the files it names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import yaml

from grader.course.folder import Course
from grader.course.languages import languages_used
from grader.course.rubric import Rubric
from grader.errors import LabError
from grader.messages.languages import written_in
from grader.messages.sentences import say
from grader.newlab.beside import named_beside
from grader.newlab.carried import CarriedOver, NotCarried
from grader.newlab.carrying import carry_over
from grader.newlab.listening import listen
from grader.newlab.skeleton import Skeleton, rubric_text, title_of
from grader.newlab.writing import check_name, home
from grader.output import ready_folder, write_new_file
from grader.source.reading import read_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from grader.model import Language
    from grader.source.model import Source


@dataclass(frozen=True, slots=True)
class SaidOfLab:
    """What the user said of a new lab: its title and its language; None where nothing was said."""

    title: str | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """What of a notebook becomes a lab, and the files that are written for it."""

    carried: CarriedOver
    files: Mapping[Path, bytes]


def plan_move(folder: Path | None, name: str, notebook: Path, *, said: SaidOfLab, taken: Iterable[str]) -> Move:
    """Run a solved notebook, and return the lab that it becomes; nothing is written.

    Raises LabError for a notebook without marks, for a name that is taken, and where a file exists already.
    """
    check_name(name, taken)
    course = Course(home(folder, notebook))
    source = read_source(notebook)
    heard = listen(source)
    carried = carry_over(source, heard)
    if heard.stopped:
        text = say("the notebook takes too long: what comes after that was not run")
        carried = replace(carried, left=(*carried.left, NotCarried(0, 0, "", because=text)))
    beside = _beside(source)
    skeleton = Skeleton(name, said.title or title_of(source, name), tuple(beside), seconds=heard.seconds)
    files = {
        course.folder / "reference" / f"{name}.ipynb": notebook.read_bytes(),
        course.folder / "rubrics" / f"{name}.yaml": _rubric(source, carried, skeleton, language=said.language).encode(),
        **{course.file_path(file): path.read_bytes() for file, path in beside.items()},
    }
    if carried.probes:
        files[course.probes_path(name)] = carried.probes.encode()
    _refuse_others(course, name, files)
    return Move(carried, files)


def write_move(move: Move) -> Iterator[Path]:
    """Write the files of a move, and yield the path of each; those that are there already are left as they are."""
    for path in move.files:
        ready_folder(path.parent)
    for path, content in move.files.items():
        if not path.exists():
            write_new_file(path, content)
            yield path


def _rubric(source: Source, carried: CarriedOver, skeleton: Skeleton, *, language: Language | None) -> str:
    """Return the rubric, in a form that shows which language it is in: the one that was said, or the notebook's."""
    text = rubric_text(source, carried, skeleton)
    wanted = language or written_in(source.texts or (text,))
    if not (carried.tasks or carried.manual) or languages_used(Rubric.model_validate(yaml.safe_load(text))) == (
        wanted,
    ):
        return text
    return rubric_text(source, carried, replace(skeleton, language=wanted))


def _beside(source: Source) -> dict[str, Path]:
    """Return the files that the notebook names, by their names as they are seen from where it lies."""
    folder = source.path.resolve().parent
    found = {path.resolve().relative_to(folder).as_posix(): path for path in named_beside(source)}
    return {name: path for name, path in found.items() if not any(part.startswith(".") for part in name.split("/"))}


def _refuse_others(course: Course, name: str, files: Mapping[Path, bytes]) -> None:
    """Raise LabError where a file of the lab stands already, or another one under the name of a data file."""
    own = (course.notebook_path(name), course.folder / "reference" / f"{name}.py")
    for path in (*own, *files):
        is_data = path.is_relative_to(course.folder / "labs") and path in files
        is_same = is_data and path.is_file() and path.read_bytes() == files[path]
        if path.exists() and not is_same:
            raise LabError(say("{file} exists already: nothing was written.", file=path))
