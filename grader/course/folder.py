"""Finds a course, and the three files of a lab: labs/NAME.ipynb, reference/NAME.py, rubrics/NAME.yaml."""

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


@dataclass(frozen=True, slots=True)
class Course:
    """A folder with rubrics/, reference/ and labs/."""

    folder: Path

    def lab_names(self) -> tuple[str, ...]:
        """Return the names of the labs, sorted as people count: lab2 before lab10."""
        return tuple(sorted((path.stem for path in (self.folder / "rubrics").glob("*.yaml")), key=_counted))

    def rubric_path(self, lab: str) -> Path:
        """Return where a lab's rubric stands; raise LabError, naming the labs, for an unknown lab."""
        if lab not in self.lab_names():
            raise LabError(self._no_lab(lab))
        return self.folder / "rubrics" / f"{lab}.yaml"

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
        """Return where a lab's reference stands."""
        return self.folder / "reference" / f"{lab}.py"

    def mistakes_folder(self, lab: str) -> Path:
        """Return where the known mistakes of a lab stand."""
        return self.folder / "reference" / "mistakes" / lab

    def laws_folder(self, lab: str) -> Path:
        """Return where the laws of a lab stand."""
        return self.folder / "reference" / "laws" / lab

    def notebook_path(self, lab: str) -> Path:
        """Return where a lab's notebook stands."""
        return self.folder / "labs" / f"{lab}.ipynb"


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
        if (folder / "rubrics").is_dir() and (folder / "reference").is_dir():
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
    if (folder / "rubrics").is_dir() and (folder / "reference").is_dir():
        return Course(folder.resolve())
    raise LabError(say("{folder} is no course: it needs the folders rubrics/ and reference/.", folder=folder))


def named_course(folder: Path | None) -> Course:
    """Return the course in a folder that the user named, or else the one that the current folder lies in."""
    return find_course(here()) if folder is None else open_course(folder)
