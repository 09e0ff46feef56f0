"""`gradescope`: an autograder zip: setup.sh, run_autograder, this grader's own code, and the one lab.

Source: gradescope-autograders.readthedocs.io/en/latest/specs. Gradescope unpacks it to /autograder/source, runs
setup.sh once and /autograder/run_autograder for each submission, which leaves /autograder/results/results.json.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import grader
from grader.course.lab import load_lab
from grader.course.settings import FILE as SETTINGS
from grader.course.settings import read_languages
from grader.errors import LabError
from grader.messages.languages import spoken
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.model import Language, Level, Text

PROGRAM = "labgrader"
PACKAGE = Path(grader.__file__).parent
TEMPLATES = Path(__file__).parent / "templates"
OLDEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold; the same one in every file makes the same lab the same bytes."""

UNIX = 3
"""The number by which a zip says that its file modes are those of Unix."""

PROGRAM_MODE, FILE_MODE = 0o100755, 0o100644
OWN_ENTRIES = frozenset({"setup.sh", "run_autograder", "grader/exporting/gradescope.py"})
"""What every such zip has, and no other."""
SOLUTIONS = "solutions"
"""The one folder of reference/ that grading does not need."""


def export(course: Course, lab: str, *, language: Language, level: Level) -> bytes:
    """Return the zip to upload to Gradescope; its reports are in one language, which the lab has."""
    read = load_lab(course, lab)
    values = {"@LAB@": lab, "@LANGUAGE@": spoken(read.languages, language), "@LEVEL@": level}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("setup.sh", "run_autograder"):
            script = (TEMPLATES / f"gradescope_{name}").read_text("utf-8")
            for placeholder, value in values.items():
                script = script.replace(placeholder, value)
            _add(archive, name, script.encode(), mode=PROGRAM_MODE)
        _add(archive, "requirements.txt", "".join(f"{line}\n" for line in _requirements(read.rubric.packages)).encode())
        for name, text in _failures(lab).items():
            _add(archive, f"failures/{name}.json", _results(text, read.languages).encode())
        if read_languages(course.folder) is not None:  # else the rubric's own are found again
            _add(archive, f"course/{SETTINGS}", f"languages: [{', '.join(read.languages)}]\n".encode())
        for name, path in (*_own_files(), *_lab_files(course, read)):
            _add(archive, name, path.read_bytes())
    return content.getvalue()


def is_exported(path: Path) -> bool:
    """Say whether a file is such a zip, as it was written: what somebody adds to one has the time of that day."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (OSError, zipfile.BadZipFile):
        return False
    names = {entry.filename for entry in entries if entry.date_time == OLDEST}
    return names >= OWN_ENTRIES and len(names) == len(entries)


def _add(archive: zipfile.ZipFile, name: str, content: bytes, *, mode: int = FILE_MODE) -> None:
    entry = zipfile.ZipInfo(name, OLDEST)
    entry.external_attr = mode << 16
    entry.create_system = UNIX
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def _own_files() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"grader/{path.relative_to(PACKAGE).as_posix()}", path


def _lab_files(course: Course, lab: Lab) -> Iterator[tuple[str, Path]]:
    """Yield what grading this lab needs, and nothing of other labs: its files, and its folders in reference/."""
    name = lab.name
    files = [course.rubric_path(name), course.reference_path(name), course.notebook_path(name)]
    files += [course.probes_path(name), *(file.path for file in lab.files)]
    reference = course.folder / "reference"
    folders = [path for path in sorted(reference.glob(f"*/{name}")) if path.parent.name != SOLUTIONS]
    files += [path for folder in folders for path in sorted(folder.rglob("*"))]
    for path in files:
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"course/{path.relative_to(course.folder).as_posix()}", path


def _requirements(packages: Iterable[str]) -> list[str]:
    """Return what the grader needs, and what this lab's notebooks may import, as pip reads it."""
    try:
        declared = metadata.requires(PROGRAM) or []
    except metadata.PackageNotFoundError as error:
        problem = say(
            "{program} is not installed here, so what it needs is not known: pip install it.", program=PROGRAM
        )
        raise LabError(problem) from error
    always = [line for line in declared if "extra ==" not in line]
    optional = {_project(line): line.partition(";")[0].strip() for line in declared if "extra ==" in line}
    known = {_project(line) for line in always}
    return [*always, *(optional.get(name, name) for name in packages if name not in known)]


def _project(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return found.group().lower() if found else ""


def _failures(lab: str) -> dict[str, Text]:
    """Return what a student reads where there is no record, by the name of its file."""
    return {
        "no_notebook": say(
            "There is no notebook in this submission: hand in {lab}.ipynb. Nothing was graded.", lab=lab
        ),
        "many_notebooks": say(
            "Hand in one notebook, named {lab}.ipynb: there are several here. Nothing was graded.", lab=lab
        ),
        "not_graded": say("The grader failed. Nothing was graded, which is not zero. Please tell your teacher."),
    }


def _results(text: Text, languages: Sequence[Language]) -> str:
    """Return results without a score, which Gradescope shows as a failed run, in every language of the lab."""
    results = {
        "output": "\n".join(map(text.in_language, languages)),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [],
    }
    return json.dumps(results, ensure_ascii=False, indent=1) + "\n"
