"""Wraps text in a terminal: a line may end between any two Chinese characters, and else only between words.

rich breaks lines only at blanks, and Chinese has none: it would break a Chinese sentence just where it has a few Latin
words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.text import Text

_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60]"
_LATIN = r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60]"
_OPENING = r"[「『（《〈【〔]"
_CLOSING = r"[，。、；：？！）」』》〉】〕…)\]}]"
_PIECE = re.compile(rf"(?:{_OPENING}\s*)*(?:(?:{_LATIN}*[(\[{{])?{_WIDE}|{_LATIN}+){_CLOSING}*\s*|\s+")
"""A character or a word, with the punctuation that may not be parted from it."""


class WrappedText:
    """A text that rich prints in lines as full as they can be, all but the first one behind `indent` blanks."""

    def __init__(self, text: Text, indent: int = 0) -> None:
        self._text = text
        self._indent = indent

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        text = self._text
        lines = text.divide(list(_breaks(text.plain, options.max_width, self._indent)))
        for number, line in enumerate(lines):
            line.rstrip()
            line.pad_left(self._indent if number else 0)
            line.overflow = "fold"
            yield line


def _breaks(text: str, width: int, indent: int) -> Iterator[int]:
    """Yield where a new line begins, which is shorter by `indent`."""
    begun = used = 0
    for piece in _PIECE.finditer(text):
        size = cell_len(piece[0].rstrip())
        if used > begun and used + size > width:
            yield piece.start()
            begun = used = indent
        used += cell_len(piece[0])
