"""The files that a student is given for a lab: LAB.ipynb, LAB.kit.json, a README and data, in a folder or a zip."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.course.folder import KIT
from grader.course.kit import METADATA, given_with, notebook_digest, read_kit
from grader.course.lab import load_lab
from grader.course.stub import stub_notebook
from grader.errors import LabError
from grader.messages.sentences import say
from grader.output import ready_folder, replace_file
from grader.pages.templates import environment, worded
from grader.releasing.make_kit import NothingPublicError, make_kit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.course.folder import Course
    from grader.course.lab import Lab
    from grader.model import Language

PROGRAM = "labgrader"
EXTRAS = ("tensorflow", "torch")
"""The extras of the program for networks, each named after the package that a lab imports."""
DISTRIBUTIONS = {"sklearn": "scikit-learn", "cv2": "opencv-python", "PIL": "pillow", "skimage": "scikit-image"}
"""What is installed for a package that is imported by another name."""
INSTALLED = frozenset({"numpy", "tensorflow", "keras", "torch"})
"""What comes with the program, or with its extra for networks."""
BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a zip: the same release has the same bytes."""


@dataclass(frozen=True, slots=True)
class Release:
    """What a student is given for a lab: the content of each file by its name."""

    lab: str
    files: Mapping[str, bytes]
    languages: tuple[Language, ...]
    """Those of the lab, which its files are in."""
    is_asked: bool = True
    """Whether anything of the lab is graded without a person."""

    @property
    def has_kit(self) -> bool:
        """Say whether students can grade it themselves: whether any question of it is public."""
        return any(name.endswith(KIT) for name in self.files)

    @property
    def zip_name(self) -> str:
        """Return what the zip is called."""
        return f"{self.lab}.zip"

    def zipped(self) -> bytes:
        """Return the files as a zip, in a folder of the lab's name."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.files.items():
                archive.writestr(zipfile.ZipInfo(f"{self.lab}/{name}", BEGINNING), data, zipfile.ZIP_DEFLATED)
        return content.getvalue()


def make_release(course: Course, name: str, install: str | None = None) -> Release:
    """Make what students are given for a lab; raise LabError for a mistake in its files.

    `install` is what `pip install` is to be told, by default the program's name with what the lab needs.
    """
    lab = load_lab(course, name)
    extras = ",".join(extra for extra in EXTRAS if extra in lab.rubric.packages)
    spec = install or (f"{PROGRAM}[{extras}]" if extras else PROGRAM)
    stub = stub_notebook(course, name)
    data = {file.name: file.path.read_bytes() for file in lab.files}
    notebook = _marked([_for_colab(lab, spec), *stub["cells"]], stub, lab)
    try:
        kit = make_kit(course, lab, notebook)
    except NothingPublicError:  # students cannot grade it themselves; they work on it all the same
        files = {f"{name}.ipynb": _json(_marked(stub["cells"], stub, lab)), **data}
        return Release(name, files, lab.languages, is_asked=bool(lab.rubric.asked))
    files = {f"{name}.ipynb": _json(notebook), f"{name}{KIT}": _json(kit), f"README-{name}.md": _readme(lab, spec)}
    return Release(name, {**files, **data}, lab.languages)


def write_releases(releases: Sequence[Release], folder: Path, *, as_zip: bool) -> tuple[Path, ...]:
    """Write releases into a folder, and return the paths.

    Raises LabError, with nothing written, where a file there is not a release's own.
    """
    ready_folder(folder)
    wanted = {folder / name: content for release in releases for name, content in _files_of(release, folder, as_zip)}
    for path, content in wanted.items():
        if path.exists() and _content(path) != content and not _is_of_a_release(path):
            raise LabError(
                say("{file} was not written by `grade release`: move it away, or name another folder.", file=path)
            )
    for path, content in wanted.items():
        ready_folder(path.parent)
        replace_file(path, content)
    return tuple(wanted)


def _files_of(release: Release, folder: Path, as_zip: bool) -> Iterator[tuple[str, bytes]]:  # noqa: FBT001 (as it is typed)
    """Yield what is to be written; a zip that lies there already is written anew, for it is what students may get."""
    yield from release.files.items()
    if as_zip or (folder / release.zip_name).exists():
        yield release.zip_name, release.zipped()


def differences(release: Release, folder: Path) -> tuple[str, ...]:
    """Return the names of the files in a folder that are not as they would be written today, or are missing.

    The three files, or the zip alone, are enough; what lies there is compared.
    """
    wanted = {**release.files, release.zip_name: release.zipped()}
    found = {name: content for name in wanted if (content := _content(folder / name)) is not None}
    needed = {release.zip_name} if found.keys() == {release.zip_name} else {*release.files, *found}
    return tuple(name for name, content in wanted.items() if name in needed and found.get(name) != content)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _is_of_a_release(path: Path) -> bool:
    """Say whether a file is as `grade release` wrote it once, so that nothing is lost with it."""
    if path.name.endswith(KIT):
        return _is_kit(path)
    if path.suffix == ".ipynb":
        digest = given_with(path)
        return digest is not None and digest == notebook_digest(json.loads(path.read_bytes())["cells"])
    if path.suffix == ".zip":
        return zipfile.is_zipfile(path) and _holds_a_kit(path)
    return path.name.startswith("README-")


def _is_kit(path: Path) -> bool:
    try:
        read_kit(path)
    except LabError:
        return False
    return True


def _holds_a_kit(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        notebooks = (archive.read(name) for name in names if name.endswith(".ipynb"))
        return any(name.endswith(KIT) for name in names) or any(METADATA.encode() in content for content in notebooks)


def _for_colab(lab: Lab, install: str) -> dict[str, Any]:
    """Return the first cell of a notebook, which installs the program in Colab."""
    source = environment("grader.releasing", is_html=False).get_template("colab.py.jinja")
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": "colab",
        "metadata": {},
        "outputs": [],
        "source": source.render(lab=lab.name, install=install, **worded(lab.languages)).rstrip("\n"),
    }


def _marked(cells: Sequence[Mapping[str, Any]], notebook: Mapping[str, Any], lab: Lab) -> dict[str, Any]:
    """Return a notebook of these cells, with their digest in its metadata."""
    metadata = {**notebook.get("metadata", {}), METADATA: {"lab": lab.name, "notebook_sha256": notebook_digest(cells)}}
    return {**notebook, "cells": list(cells), "metadata": metadata}


def _readme(lab: Lab, install: str) -> bytes:
    values = {"lab": lab.name, "title": lab.title, "install": install, "files": [file.name for file in lab.files]}
    read = [name for name, task in lab.rubric.tasks.items() if task.manual is not None]
    others = [DISTRIBUTIONS.get(name, name) for name in lab.rubric.packages if name not in INSTALLED]
    template = environment("grader.releasing", is_html=False).get_template("README.md.jinja")
    return template.render(**values, packages=others, read=read, **worded(lab.languages)).encode()


def _json(form: Mapping[str, Any]) -> bytes:
    return (json.dumps(form, ensure_ascii=False, indent=1) + "\n").encode()
