"""Reads a notebook file and returns its code cells. Nothing is run, and nothing that the file says is trusted.

Outputs, metadata and kernel names are dropped here; only the source of code cells goes on, and where a person reads a
task, the texts, ids and tags that say where. The reader is our own because nbformat raises six kinds of error on
hostile files and takes seconds over large outputs.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from grader.errors import SubmissionError
from grader.messages.sentences import clean, joined, say
from grader.model import Cell, Submission
from grader.submission.folders import helpers_digest
from grader.submission.leaving_out import (
    MOST_TOKENS,
    NotJsonError,
    TooDeepError,
    TooManyOutputsError,
    TooMuchError,
    without_outputs,
)
from grader.submission.other_files import not_json, not_utf8, other_json
from grader.wire.json_text import has_more_tokens_than

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from grader.model import Text

LARGEST_NOTEBOOK_BYTES = 64 * 2**20
LARGEST_SOURCE_CHARACTERS = 4 * 2**20
LARGEST_SOURCE_BYTES = 3 * LARGEST_SOURCE_CHARACTERS
MOST_CELLS = 10_000
PART_BYTES = 2**20
READABLE_FORMAT = 4


def read_submission(path: Path, *, student: str, helpers: Path | None = None, handed_in: bool = False) -> Submission:
    """Read one notebook; raise SubmissionError, with the remedy, for any other file.

    Helper files that were `handed_in` with the notebook are part of the submission, and go into its digest.
    """
    content = bytes_of(path)
    cells = _cells_of(path, content)
    return Submission(
        student=student,
        path=path,
        cells=tuple(cell for cell in cells if cell.kind == "code"),
        sha256=hashlib.sha256(content).hexdigest(),
        helpers=helpers,
        helpers_sha256=helpers_digest(helpers) if helpers is not None and handed_in else None,
        texts=tuple(cell for cell in cells if cell.kind != "code"),
    )


@dataclass(frozen=True, slots=True)
class OutlineCell:
    """Any cell of a notebook, with what tells to which task it belongs: never its outputs.

    `ids` are its own id, the one that Colab writes beside it, and nbgrader's grade_id.
    """

    kind: str
    source: str
    ids: frozenset[str]
    tags: frozenset[str]


def outline_of(path: Path) -> tuple[OutlineCell, ...]:
    """Return every cell of a notebook, empty ones too; raise SubmissionError where it cannot be read.

    What is too long to be a heading's cell, or metadata of a student's own making, is left out of a cell.
    """
    form = _json_of(path, bytes_of(path), is_outline=True)
    cells = form.get("cells") if isinstance(form, dict) else None
    return outlined(path, cells) if isinstance(cells, list) else ()


def outlined(path: Path, cells: Iterable[Any]) -> tuple[OutlineCell, ...]:
    """Return the cells of a notebook's JSON as those of an outline; raise SubmissionError for what is no cell."""
    return tuple(_outlined(path, cell) for cell in cells)


def _outlined(path: Path, cell: Any) -> OutlineCell:  # noqa: ANN401 (whatever the file says)
    kind, source = _kind_of(path, cell), _source_of(path, cell)
    found = cell.get("metadata")
    metadata: dict[str, Any] = found if isinstance(found, dict) else {}
    nbgrader, tags = metadata.get("nbgrader"), metadata.get("tags")
    graded = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    ids = (one for one in (cell.get("id"), metadata.get("id"), graded) if isinstance(one, str))
    return OutlineCell(
        kind,
        source,
        ids=frozenset(ids),
        tags=frozenset(one for one in (tags if isinstance(tags, list) else ()) if isinstance(one, str)),
    )


def defines(source: str, function: str) -> bool:
    """Say whether a cell's text has a `def` of this function, even where the cell does not parse."""
    return re.search(rf"^[ \t]*(?:async[ \t]+)?def[ \t]+{function}\b", source, re.MULTILINE) is not None


def gives(source: str, name: str) -> bool:
    """Say whether a cell's text gives something this name: by `def`, by an assignment or by an import."""
    line = rf"^[ \t]*(?:{name}\b[^=\n]*=(?!=)|(?:from|import)\b.*\b{name}\b)"
    return defines(source, name) or re.search(line, source, re.MULTILINE) is not None


def bytes_of(path: Path) -> bytes:
    """Read a regular file of bounded size; a link, a pipe, a device or a folder is refused unread."""
    if os.path.islink(path) or os.path.isdir(path):  # noqa: PTH112, PTH114 (Path's raise where the name is too long)
        raise SubmissionError(_no_file(path))  # Windows would follow a link, and deny a folder
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError as error:
        raise SubmissionError(_no_such_file(path)) from error
    except OSError as error:
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
        return file.read(status.st_size)  # to ask for more takes as much memory as is asked for


def _no_such_file(path: Path) -> Text:
    """Return that nothing has this name, and what there is of almost this name."""
    there = [other.name for other in path.parent.glob("*") if other.suffix == ".ipynb" or other.is_dir()]
    near = next(iter(get_close_matches(path.name, there, n=1)), None)
    if path.suffix == ".ipynb":
        nothing = say("There is no notebook {file}.", file=path)
    else:
        nothing = say("There is no folder and no notebook {file}.", file=path)
    advice = say("Look at its name.") if near is None else say("Is it {near}?", near=clean(near))
    return joined([nothing, advice], " ")


def _no_file(path: Path) -> Text:
    return say("{file} is a link, a folder or a device, not a file: hand in the notebook itself.", file=path)


def _json_of(path: Path, content: bytes, *, is_outline: bool = False) -> Any:  # noqa: ANN401 (whatever the file says)
    """Return what the file says of its format and its cells; of an outline also their texts and metadata."""
    content = content.removeprefix(codecs.BOM_UTF8)
    if not content.strip():
        raise SubmissionError(
            say("{file} is empty: save the notebook again, see that the file has a size, and hand that in.", file=path)
        )
    if (byte := first_byte_that_is_no_text(content)) is not None:
        raise SubmissionError(not_utf8(path, content, byte))
    try:
        wanted = without_outputs(
            content, most_cells=MOST_CELLS, most_source=LARGEST_SOURCE_BYTES, is_outline=is_outline
        )
        if has_more_tokens_than(MOST_TOKENS, wanted):
            raise SubmissionError(_too_much(path))
        return json.loads(wanted.decode("utf-8", "replace"))
    except NotJsonError as error:
        raise SubmissionError(not_json(path, content, error.place)) from error
    except TooMuchError as error:
        raise SubmissionError(_too_much(path)) from error
    except TooManyOutputsError as error:
        text = say(
            "{file} has more in its outputs than is read: "
            "clear them in Jupyter (Edit > Clear Outputs of All Cells) and save it.",
            file=path,
        )
        raise SubmissionError(text) from error
    except (TooDeepError, RecursionError, ValueError) as error:
        raise SubmissionError(say("{file} is no notebook: its JSON cannot be read.", file=path)) from error


def first_byte_that_is_no_text(content: bytes) -> int | None:
    """Return the place of the first byte that is not UTF-8; the text itself, up to four times as long, is not kept."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content), PART_BYTES):
        end = start + PART_BYTES
        waiting = len(decoder.getstate()[0])
        try:
            decoder.decode(content[start:end], final=end >= len(content))
        except UnicodeDecodeError as error:
            return start - waiting + error.start
    return None


def _too_much(path: Path) -> Text:
    return say("{file} has more code than the notebook of any lab: hand in the notebook of this lab.", file=path)


def _cells_of(path: Path, content: bytes) -> tuple[Cell, ...]:
    notebook = _json_of(path, content)
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if version is None:
        raise SubmissionError(other_json(path, content))
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
    read = [(_kind_of(path, cell), _source_of(path, cell)) for cell in cells[:MOST_CELLS]]
    if len(cells) > MOST_CELLS or sum(len(source) for _, source in read) > LARGEST_SOURCE_CHARACTERS:
        raise SubmissionError(_too_much(path))
    return tuple(_numbered((kind, source) for kind, source in read if source.strip()))


def _numbered(read: Iterable[tuple[str, str]]) -> Iterator[Cell]:
    number = 0
    for kind, source in read:
        number += kind == "code"
        if kind == "code":
            yield Cell(number, source)
        elif kind in {"markdown", "raw"}:
            yield Cell(number, source, "markdown" if kind == "markdown" else "raw")


def _kind_of(path: Path, cell: Any) -> str:  # noqa: ANN401 (whatever the file says)
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        raise SubmissionError(say("{file} is no notebook: one of its cells has no type.", file=path))
    return str(cell["cell_type"])


def _source_of(path: Path, cell: Any) -> str:  # noqa: ANN401 (same)
    """Return a cell's source; nothing of a text cell without one, for it was left out."""
    source = cell.get("source", "" if cell["cell_type"] != "code" else None)
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        if cell["cell_type"] != "code":
            return ""
        raise SubmissionError(say("{file} is no notebook: one of its code cells has no source.", file=path))
    # A lone surrogate is legal JSON, but it cannot be encoded and sent.
    return source.encode("utf-8", "replace").decode("utf-8")
