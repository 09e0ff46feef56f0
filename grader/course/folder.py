"""Finds a course, and the three files of a lab: labs/NAME.ipynb, reference/NAME.py, rubrics/NAME.yaml.

A source notebook, reference/NAME.ipynb, may take the place of the first two.

A student has no course: there a folder has LAB.kit.json and LAB.ipynb beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.messages.sentences import say

if TYPE_CHECKING:
    from grader.model import Text

KIT = ".kit.json"
"""How the name of a student's kit ends; before it stands the lab's."""


@dataclass(frozen=True, slots=True)
class Course:
    """A folder with rubrics/, reference/ and labs/."""

    folder: Path

    def lab_names(self) -> tuple[str, ...]:
        """Return the names of the labs, sorted as people count: lab2 before lab10."""
        return tuple(sorted((path.stem for path in (self.folder / "rubrics").glob("*.yaml")), key=_counted))

    def rubric_path(self, lab: str) -> Path:
        """Return where a lab's rubric stands; raise LabError, naming the labs, for an unknown lab."""
        self.check(lab)
        return self.folder / "rubrics" / f"{lab}.yaml"

    def check(self, lab: str) -> None:
        """Raise LabError, naming the labs, for an unknown lab."""
        if lab not in self.lab_names():
            raise LabError(self._no_lab(lab))

    def _no_lab(self, lab: str) -> Text:
        labs = ", ".join(self.lab_names()) or "-"
        near = next(iter(get_close_matches(lab.lower(), self.lab_names(), n=1)), None)
        if near is None:
            return say(
                'There is no lab "{lab}" in {course}. The labs are: {labs}.', lab=lab, course=self.folder, labs=labs
            )
        return say(
            'There is no lab "{lab}" in {course}. Is it {near}? The labs are: {labs}.',
            lab=lab,
            course=self.folder,
            near=near,
            labs=labs,
        )

    def reference_path(self, lab: str) -> Path:
        """Return where a lab's reference stands: in a file of Python, or in a source notebook where there is none."""
        python, notebook = (self.folder / "reference" / f"{lab}{ending}" for ending in (".py", ".ipynb"))
        return notebook if notebook.is_file() and not python.is_file() else python

    def mistakes_folder(self, lab: str) -> Path:
        """Return where the known mistakes of a lab stand."""
        return self.folder / "reference" / "mistakes" / lab

    def laws_folder(self, lab: str) -> Path:
        """Return where the laws of a lab stand."""
        return self.folder / "reference" / "laws" / lab

    def probes_path(self, lab: str) -> Path:
        """Return where the probes of a lab stand."""
        return self.folder / "probes" / f"{lab}.py"

    def notebook_path(self, lab: str) -> Path:
        """Return where a lab's notebook stands."""
        return self.folder / "labs" / f"{lab}.ipynb"

    def file_path(self, file: str) -> Path:
        """Return where a data file stands, by its name."""
        return self.folder / "labs" / file


class KitFolder(Course):
    """A student's folder: kits, and the notebooks that were given out with them."""

    def lab_names(self) -> tuple[str, ...]:
        """Return the names of the labs that there are kits of, sorted."""
        names = (path.name.removesuffix(KIT) for path in self.folder.glob(f"*{KIT}"))
        return tuple(sorted(names, key=_counted))

    def kit_path(self, lab: str) -> Path:
        """Return where a lab's kit stands; raise LabError, naming the labs, for an unknown lab."""
        self.check(lab)
        return self.folder / f"{lab}{KIT}"

    def notebook_path(self, lab: str) -> Path:
        """Return where a lab's notebook stands."""
        return self.folder / f"{lab}.ipynb"

    def file_path(self, file: str) -> Path:
        """Return where a data file stands, by its name: beside the kit."""
        return self.folder / file


def _counted(name: str) -> tuple[tuple[str | int, ...], str]:
    """Return a name's texts and numbers, in turn, and the name itself, which decides between lab2 and lab02."""
    parts = re.split(r"([0-9]+)", name)
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts)), name


def here() -> Path:
    """Return the current folder; raise LabError where it has been deleted."""
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise LabError(say("The current folder does not exist any more: go to another one.")) from error


def find_course(start: Path) -> Course:
    """Return the course that a folder lies in; raise LabError where it lies in none."""
    for folder in (start, *start.parents):
        if _is_course(folder):
            return Course(folder)
    raise LabError(
        say(
            "No course here: neither {folder} nor a folder above it has rubrics/ and reference/. "
            "Go to the course's folder or name it with --course.",
            folder=start,
        )
    )


def open_course(folder: Path) -> Course:
    """Return the course in a folder that the user named."""
    if _is_course(folder):
        return Course(folder.resolve())
    raise LabError(say("{folder} is no course: it needs the folders rubrics/ and reference/.", folder=folder))


def named_course(folder: Path | None) -> Course:
    """Return the course in a folder that the user named, or else the one that the current folder lies in."""
    return find_course(here()) if folder is None else open_course(folder)


def course_or_kits(folder: Path | None, beside: Path | None = None) -> Course:
    """Return what a notebook is graded with: a course, or a student's kits.

    It is in the folder that the user named; else kits in the current folder go before the course that this lies in,
    and that before kits beside the notebook, whose folder is `beside`. Raises LabError where there is none of them.
    """
    if folder is not None:
        return KitFolder(folder.resolve()) if _has_kits(folder) else open_course(folder)
    start = here()
    if _has_kits(start):
        return KitFolder(start)
    try:
        return find_course(start)
    except LabError as error:
        if beside is not None and _has_kits(beside):
            return KitFolder(beside)
        problem = say(
            "No course here, and no kit: {folder} has no LAB.kit.json, which a student keeps beside the notebook, and "
            "neither it nor a folder above it has rubrics/ and reference/. Go to the right folder, or name it with "
            "--course.",
            folder=start,
        )
        raise LabError(problem) from error


def _is_course(folder: Path) -> bool:
    return (folder / "rubrics").is_dir() and (folder / "reference").is_dir()


def _has_kits(folder: Path) -> bool:
    return next(folder.glob(f"*{KIT}"), None) is not None
