"""Cells of a notebook as they stand in a page: the only place where what a student wrote becomes HTML.

Code is coloured by classes, Markdown is what `markdown` makes of it, saved outputs are text and pictures. Nothing of it
runs, leads anywhere or is asked of anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonLexer

from grader.messages.sentences import say
from grader.review.markdown import markdown_html
from grader.review.pictures import picture_address
from grader.review.plain import plain_output, plain_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.model import Text
    from grader.submission.saved_notebook import SavedCell, SavedNotebook, SavedOutput

LONGEST_SOURCE = 20_000
"""In characters: what is longer is shown in part, and as plain text, for colouring it could take long."""
LONGEST_OUTPUT = 20_000
MOST_OUTPUTS = 50
MOST_CELLS = 500


@dataclass(frozen=True, slots=True)
class ShownOutput:
    """A saved output: its text, or the address of its picture, and what it was where that is not all of it."""

    text: str = ""
    picture: str | None = None
    name: str = ""
    is_error: bool = False
    hidden: Text | None = None


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell: its place in the notebook, from 0, its content as HTML, its outputs, and what is not shown of it."""

    place: int
    kind: str
    html: Markup
    outputs: tuple[ShownOutput, ...]
    left: Text | None = None


def shown_cells(notebook: SavedNotebook, places: Sequence[int] | None = None) -> Iterator[ShownCell]:
    """Yield cells as they are shown: those at some places, from 0, or all of them; empty ones are left out."""
    wanted = range(len(notebook.cells)) if places is None else places
    for place in wanted[:MOST_CELLS]:
        if 0 <= place < len(notebook.cells):
            cell = notebook.cells[place]
            if cell.source.strip() or cell.outputs:
                yield _shown(place, cell)


def source_html(kind: str, source: str) -> Markup:
    """Return the content of a cell as HTML."""
    source = plain_source(source)
    if len(source) > LONGEST_SOURCE:
        return Markup("<pre>{}</pre>").format(source[:LONGEST_SOURCE])
    if kind == "markdown":
        return markdown_html(source)
    if kind == "code":
        coloured = highlight(source, _lexer(), _formatter()).removesuffix("\n")  # a line end of Pygments' own
        return Markup("<pre>{}</pre>").format(Markup(coloured))  # noqa: S704 (Pygments escapes)
    return Markup("<pre>{}</pre>").format(source)


def _shown(place: int, cell: SavedCell) -> ShownCell:
    more = len(cell.source) - LONGEST_SOURCE
    return ShownCell(
        place=place,
        kind=cell.kind,
        html=source_html(cell.kind, cell.source),
        outputs=tuple(map(_output, cell.outputs[:MOST_OUTPUTS])),
        left=say("{count} more characters are not shown.", count=more) if more > 0 else None,
    )


def _output(output: SavedOutput) -> ShownOutput:
    if output.kind in {"png", "jpeg"}:
        address = picture_address(output.text)
        hidden = say("A picture is not shown: it is none, or too large.") if address is None else None
        return ShownOutput(picture=address, name=plain_output(output.name), hidden=hidden)
    text = plain_output(output.text)
    return ShownOutput(
        text=text[:LONGEST_OUTPUT], is_error=output.kind == "error", hidden=_hidden(output, len(text) - LONGEST_OUTPUT)
    )


def _hidden(output: SavedOutput, more: int) -> Text | None:
    if more > 0:
        return say("{count} more characters are not shown.", count=more)
    if output.left_out:
        return say("Not shown: an output of the kind {kinds}.", kinds=plain_output(output.left_out))
    return None


@cache
def _lexer() -> PythonLexer:
    return PythonLexer(stripnl=False, ensurenl=False)


@cache
def _formatter() -> HtmlFormatter[str]:
    return HtmlFormatter(nowrap=True, classprefix="k-")
