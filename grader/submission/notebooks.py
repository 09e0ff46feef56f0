"""A notebook file -> its code cells. Reads, never runs, and trusts nothing that the file says.

Outputs, metadata, tags and kernel names are dropped here; only the source of code cells goes on. The reader is our
own because nbformat raises six kinds of error on hostile files and takes seconds over large outputs.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import LabError, SubmissionError
from grader.messages.sentences import clean, say
from grader.model import Cell, Submission, Text

if TYPE_CHECKING:
    from collections.abc import Iterator


LARGEST_NOTEBOOK_BYTES = 64 * 2**20
LARGEST_SOURCE_CHARACTERS = 4 * 2**20
MOST_CELLS = 10_000
MOST_HELPER_BYTES = 64 * 2**20
MOST_HELPER_ENTRIES = 1000
"""How many files and folders are looked at: the notebook may lie in somebody's home."""

READABLE_FORMAT = 4
LONGEST_STUDENT = 100
"""A student's name becomes the name of a file, to which an ending is added."""


def read_submission(path: Path, *, student: str, helpers: Path | None = None, handed_in: bool = False) -> Submission:
    """Read one notebook; raise SubmissionError, with the remedy, for anything that is none.

    Where the folder of helper files was `handed_in` with it, they are part of what is graded, and are digested.
    """
    content = _bytes_of(path)
    notebook = _json_of(path, content)
    cells = _cells_of(path, notebook)
    return Submission(
        student,
        path,
        cells,
        hashlib.sha256(content).hexdigest(),
        helpers,
        _helpers_digest(helpers if handed_in else None),
    )


def find_submissions(folder: Path, lab: str) -> tuple[tuple[str, Path, Path | None], ...]:
    """Return (student, notebook, folder of helper files or None) of everything handed in, sorted by student.

    Each `*.ipynb` directly in the folder is a submission (student = file stem), and each subfolder that holds
    LAB.ipynb (student = folder name). Raises LabError where there is none, or two of one student.
    """
    found: dict[str, tuple[Path, Path | None]] = {}
    helpers: Path | None
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise LabError(say("{file} cannot be read: {reason}.", file=folder, reason=error.strerror)) from error
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink() and os.path.lexists(entry / f"{lab}.ipynb"):
            student, path, helpers = student_name(entry.name), entry / f"{lab}.ipynb", entry
        elif entry.suffix == ".ipynb" and not entry.is_dir():
            student, path, helpers = student_name(entry.stem), entry, None
        else:
            continue
        if student in found:
            sentence = say(
                "{student} handed in twice, as {one} and {other}: keep one of them.",
                student=student,
                one=found[student][0],
                other=path,
            )
            raise LabError(sentence)
        found[student] = path, helpers
    if not found:
        raise LabError(
            say(
                "There is no submission in {folder}: expected *.ipynb, or folders that hold {lab}.ipynb.",
                folder=folder,
                lab=lab,
            )
        )
    return tuple((student, *place) for student, place in sorted(found.items()))


def student_name(name: str) -> str:
    """Return a student's name from a file's, made safe; one of which nothing is left gets a name all the same."""
    return clean(name, longest=LONGEST_STUDENT) or f"unnamed-{hashlib.sha256(os.fsencode(name)).hexdigest()[:8]}"


def defines(source: str, function: str) -> bool:
    """Say whether a cell's text has a `def` of this function, also where the cell does not parse."""
    return re.search(rf"^[ \t]*(?:async[ \t]+)?def[ \t]+{function}\b", source, re.MULTILINE) is not None


def helper_files(folder: Path) -> Iterator[Path]:
    """Yield the files beside a notebook that belong to it: readable regular files, nothing hidden, no notebooks.

    What is beyond the bounds is left out, in the order of the names.
    """
    left = MOST_HELPER_BYTES
    for path, size in _regular_files(folder):
        if size <= left and os.access(path, os.R_OK):
            left -= size
            yield path


def _regular_files(folder: Path) -> Iterator[tuple[Path, int]]:
    looked_at = 0
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                looked_at += 1
                if looked_at > MOST_HELPER_ENTRIES:
                    return
                if entry.name.startswith(".") or entry.name.endswith(".ipynb"):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif stat.S_ISREG((status := entry.stat(follow_symlinks=False)).st_mode):
                    yield Path(entry.path), status.st_size


def _helpers_digest(folder: Path | None) -> str | None:
    """Return a digest of the helper files, None where there are none."""
    digest, found = hashlib.sha256(), False
    for path in helper_files(folder) if folder is not None else ():
        found = True
        digest.update(os.fsencode(path.name) + b"\0")
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest() if found else None


def _bytes_of(path: Path) -> bytes:
    """Read a regular file of bounded size; a link, a pipe, a device or a folder is refused unread."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError as error:
        raise SubmissionError(say("There is no notebook {file}.", file=path)) from error
    except OSError as error:
        if os.path.islink(path):  # noqa: PTH114 (Path.is_symlink raises where the name is too long)
            raise SubmissionError(_no_file(path)) from error
        raise SubmissionError(say("{file} cannot be read: {reason}.", file=path, reason=error.strerror)) from error
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise SubmissionError(_no_file(path))
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > LARGEST_NOTEBOOK_BYTES:
            raise SubmissionError(
                say(
                    "{file} has {size} MB, more than the {largest} MB that are read: "
                    "clear its outputs in Jupyter (Edit > Clear Outputs of All Cells) and save it.",
                    file=path,
                    size=status.st_size // 2**20,
                    largest=LARGEST_NOTEBOOK_BYTES // 2**20,
                )
            )
        return file.read(LARGEST_NOTEBOOK_BYTES + 1)


def _no_file(path: Path) -> Text:
    return say("{file} is a link, a folder or a device, not a file: hand in the notebook itself.", file=path)


def _json_of(path: Path, content: bytes) -> Any:  # noqa: ANN401 (whatever the file says)
    if not content.strip():
        raise SubmissionError(say("{file} is empty: save the notebook again in Jupyter.", file=path))
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        text = say("{file} is not UTF-8 text (byte {byte}), so it is no notebook.", file=path, byte=error.start)
        raise SubmissionError(text) from error
    except json.JSONDecodeError as error:
        text = say(
            "{file} is no notebook: line {line} is not valid JSON. Save it again in Jupyter.",
            file=path,
            line=error.lineno,
        )
        raise SubmissionError(text) from error
    except (RecursionError, ValueError) as error:
        raise SubmissionError(say("{file} is no notebook: its JSON cannot be read.", file=path)) from error


def _cells_of(path: Path, notebook: Any) -> tuple[Cell, ...]:  # noqa: ANN401 (whatever the file says)
    if not isinstance(notebook, dict):
        raise SubmissionError(say("{file} is no notebook: it is JSON, but not of a notebook's form.", file=path))
    version = notebook.get("nbformat")
    if version != READABLE_FORMAT:
        raise SubmissionError(
            say(
                "{file} is a notebook of format {version}, and format 4 is read: "
                "open it in a current Jupyter and save it.",
                file=path,
                version=clean(str(version), longest=20),
            )
        )
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise SubmissionError(say("{file} is no notebook: it has no list of cells.", file=path))
    sources = [source for cell in cells[:MOST_CELLS] if (source := _source_of(path, cell)).strip()]
    if len(cells) > MOST_CELLS or sum(map(len, sources)) > LARGEST_SOURCE_CHARACTERS:
        raise SubmissionError(say("{file} has more code than any notebook of a lab: hand in the lab's.", file=path))
    return tuple(Cell(number, source) for number, source in enumerate(sources, start=1))


def _source_of(path: Path, cell: Any) -> str:  # noqa: ANN401 (whatever the file says)
    """Return a code cell's source, and nothing for a cell of another type."""
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        raise SubmissionError(say("{file} is no notebook: one of its cells has no type.", file=path))
    if cell["cell_type"] != "code":
        return ""
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise SubmissionError(say("{file} is no notebook: one of its code cells has no source.", file=path))
    # A lone surrogate is legal JSON and no text: it cannot be sent anywhere.
    return source.encode("utf-8", "replace").decode("utf-8")
