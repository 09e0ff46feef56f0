"""A notebook as it was handed in, for people to read: every cell with its text and what it had shown when saved.

Of outputs only text and pictures (PNG, JPEG) are taken, within bounds; HTML, SVG and scripts are never. Nothing is run,
and nothing that the file says is trusted.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from grader.errors import SubmissionError
from grader.submission.leaving_out import NotJsonError, TooDeepError, TooManyOutputsError, TooMuchError, without_outputs
from grader.submission.notebooks import (
    LARGEST_SOURCE_BYTES,
    MOST_CELLS,
    bytes_of,
    first_byte_that_is_no_text,
)
from grader.wire.json_text import has_more_tokens_than

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

LARGEST_WITH_OUTPUTS = 16 * 2**20
"""In bytes: the outputs of a larger file are not read."""
MOST_TOKENS = 300_000
"""Strings and marks of the JSON of a file with its outputs, of which each takes some 100 bytes."""
LONGEST_TEXT = 20_000
LARGEST_PICTURE = 3 * 2**19
"""In characters of base64: 1.1 MiB."""
LARGEST_OUTPUTS = 4 * 2**20
"""In characters: of all outputs of a notebook."""
MOST_OUTPUTS = 100
"""Of a cell, where text that follows text is one."""
MOST_TAGS = 50
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}

CellKind: TypeAlias = Literal["code", "markdown", "raw"]
OutputKind: TypeAlias = Literal["text", "error", "png", "jpeg", "nothing"]


@dataclass(frozen=True, slots=True)
class SavedOutput:
    """Something that a cell had shown: text, or a picture as base64; `nothing` where no form of it is taken.

    `left_out` names the forms that are not (`text/html`). A picture pasted into a Markdown cell has a `name`, by which
    the cell's text means it: `attachment:NAME`.
    """

    kind: OutputKind
    text: str = ""
    left_out: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class SavedCell:
    """A cell with its text, its tags, its id and what it had shown."""

    kind: CellKind
    source: str
    tags: tuple[str, ...] = ()
    id: str = ""
    outputs: tuple[SavedOutput, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedNotebook:
    """Every cell of a notebook in its order, also empty ones, so that the number of a cell, from 0, finds it.

    `content` is the file's sha256. Where it has more than is read, it is `without_outputs`, tags and ids.
    """

    content: str
    cells: tuple[SavedCell, ...]
    without_outputs: bool = False

    def digest(self, numbers: Sequence[int]) -> str:
        """Return a digest of the text of some cells."""
        texts = [self.cells[number].source.strip() for number in numbers if 0 <= number < len(self.cells)]
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def read_saved_notebook(path: Path, content: str) -> SavedNotebook | None:
    """Return a notebook with what it had shown; None where the file is not the one of this sha256, or no notebook."""
    try:
        found = bytes_of(path)
    except (SubmissionError, OSError):  # it was there when it was graded
        return None
    if hashlib.sha256(found).hexdigest() != content:
        return None
    whole, notebook = _form(found)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        return None
    budget = _Budget()
    return SavedNotebook(content, tuple(_cell(cell, budget) for cell in cells[:MOST_CELLS]), without_outputs=not whole)


@dataclass(slots=True)
class _Budget:
    """What may still be taken of a notebook's outputs, in characters."""

    left: int = field(default=LARGEST_OUTPUTS)

    def take(self, text: str) -> bool:
        """Take a text off, if that much is left; say whether it was."""
        fits = len(text) <= self.left
        self.left -= len(text) if fits else 0
        return fits


def _form(content: bytes) -> tuple[bool, Any]:
    """Return the notebook as its JSON says, and before it whether all of it was read; None where nothing can be."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    if first_byte_that_is_no_text(content) is not None:
        return False, None
    if len(content) <= LARGEST_WITH_OUTPUTS and not has_more_tokens_than(MOST_TOKENS, content):
        try:
            return True, json.loads(content)
        except (RecursionError, ValueError):
            return False, None
    try:
        return False, json.loads(without_outputs(content, most_cells=MOST_CELLS, most_source=LARGEST_SOURCE_BYTES))
    except (NotJsonError, TooDeepError, TooManyOutputsError, TooMuchError, RecursionError, ValueError):
        return False, None


def _cell(cell: Any, budget: _Budget) -> SavedCell:  # noqa: ANN401 (whatever the file says)
    form = cell if isinstance(cell, dict) else {}
    metadata = form.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    name = form.get("id")
    named = form.get("cell_type")
    kind: CellKind = "code" if named == "code" else "markdown" if named == "markdown" else "raw"
    outputs = _shown(form.get("outputs")) if kind == "code" else _pasted(form.get("attachments"))
    return SavedCell(
        kind,
        _text(form.get("source")),
        tags=tuple(_plain(tag) for tag in tags[:MOST_TAGS] if isinstance(tag, str)) if isinstance(tags, list) else (),
        id=_plain(name) if isinstance(name, str) else "",
        outputs=tuple(_within(outputs, budget)),
    )


def _within(outputs: Iterator[SavedOutput], budget: _Budget) -> Iterator[SavedOutput]:
    """Yield what a cell had shown, as far as there is room: text that follows text is one."""
    kept: list[SavedOutput] = []
    for output in outputs:
        if kept and kept[-1].kind == output.kind == "text" and not kept[-1].left_out + output.left_out:
            kept[-1] = SavedOutput("text", _cut(kept[-1].text + output.text))
        elif len(kept) < MOST_OUTPUTS:
            kept.append(output)
    for output in kept:
        yield output if budget.take(output.text) else SavedOutput("nothing", left_out=output.kind)


def _shown(outputs: Any) -> Iterator[SavedOutput]:  # noqa: ANN401 (whatever the file says)
    for output in outputs if isinstance(outputs, list) else ():
        match output:
            case {"output_type": "stream", "text": text}:
                yield SavedOutput("text", _cut(_text(text)))
            case {"output_type": "error", "traceback": [*lines]} if lines:
                yield SavedOutput("error", _cut("\n".join(map(_text, lines))))
            case {"output_type": "error"}:
                yield SavedOutput("error", _cut(f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}"))
            case {"data": {**forms}}:
                yield _displayed(forms)


def _displayed(forms: Mapping[Any, Any]) -> SavedOutput:
    """Return the best form of what was displayed: a picture, or else its text."""
    others = ", ".join(_plain(str(name)) for name in list(forms)[:MOST_TAGS] if name not in {*PICTURES, "text/plain"})
    for kind in PICTURES:
        if (picture := _picture(kind, forms.get(kind))) is not None:
            return picture
    if "text/plain" in forms:
        return SavedOutput("text", _cut(_text(forms["text/plain"])), left_out=others)
    return SavedOutput("nothing", left_out=others or ", ".join(kind for kind in PICTURES if kind in forms))


def _pasted(attachments: Any) -> Iterator[SavedOutput]:  # noqa: ANN401 (whatever the file says)
    """Yield the pictures that were pasted into a text cell."""
    for name, forms in attachments.items() if isinstance(attachments, dict) else ():
        for kind in PICTURES if isinstance(forms, dict) else ():
            if (picture := _picture(kind, forms.get(kind), name=_plain(name))) is not None:
                yield picture
                break


def _picture(kind: str, form: Any, *, name: str = "") -> SavedOutput | None:  # noqa: ANN401 (whatever the file says)
    """Return a picture as base64 on one line; None where it is none of this kind, or too large."""
    text = "".join(_text(form).split())
    if not text or len(text) > LARGEST_PICTURE:
        return None
    try:
        picture = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    if not picture.startswith(PICTURES[kind]):
        return None
    return SavedOutput("png" if kind == "image/png" else "jpeg", text, name=name)


def _text(form: Any) -> str:  # noqa: ANN401 (whatever the file says)
    """Return a text, which notebooks also write as a list of its lines; "" for anything else."""
    if isinstance(form, list):
        form = "".join(line for line in form if isinstance(line, str))
    return _plain(form) if isinstance(form, str) else ""


def _plain(text: str) -> str:
    # A lone surrogate is legal JSON, but it cannot be encoded and kept; PostgreSQL refuses a zero.
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "�")


def _cut(text: str) -> str:
    """Return the beginning and the end of what is too long: an error's message stands last."""
    half = LONGEST_TEXT // 2
    return text if len(text) <= LONGEST_TEXT else f"{text[:half]}\n…\n{text[-half:]}"
