"""Text that flows in a terminal: between Chinese characters a line may end anywhere, else only between words.

rich breaks lines at blanks alone, and Chinese has none: a sentence with a few Latin words in it would be torn there.
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
_OPENING = r"[「『（《〈【〔]"
_CLOSING = r"[，。、；：？！）」』》〉】〕…]"
_PIECE = re.compile(rf"{_OPENING}*(?:{_WIDE}|[^\s\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60]+){_CLOSING}*\s*|\s+")
"""A character or a word, with the marks that may not begin or end a line without it."""


class Flowing:
    """A text for rich to print, its lines as full as they can be."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        text = self._text
        lines = text.divide(list(_breaks(text.plain, options.max_width)))
        for line in lines:
            line.rstrip()
            line.overflow = "fold"
            yield line


def _breaks(text: str, width: int) -> Iterator[int]:
    """Yield where a new line begins."""
    used = 0
    for piece in _PIECE.finditer(text):
        size = cell_len(piece[0].rstrip())
        if used and used + size > width:
            yield piece.start()
            used = 0
        used += cell_len(piece[0])
