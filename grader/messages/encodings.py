"""What a page says where its encoding lacks a character: Big5 and ASCII have no ✓, and "?" is a mark itself."""

from __future__ import annotations

import codecs
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

ERRORS = "labgrader.instead"
"""The name under which codecs know `instead`."""

INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "✓": "+",
        "✗": "x",
        "○": "o",
        "●": "*",
        "█": "#",
        "→": "->",
        "…": "...",
        "─": "-",
        "–": "-",
        "—": "-",
        "·": "-",
        "│": "|",
        "└": "+",
        "−": "-",
        "×": "x",
        "≤": "<=",
        "≥": ">=",
        "≈": "~",
        "ŷ": "y^",
        "Σ": "sum",
        "√": "sqrt",
        "∞": "inf",
        "¹": "^1",
        "²": "^2",
        "³": "^3",
        "½": "1/2",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "，": ", ",
        "。": ". ",
        "：": ": ",
        "；": "; ",
        "、": ", ",
        "（": " (",
        "）": ") ",
        "「": '"',
        "」": '"',
    }
)
"""ASCII for the characters that our own pages have. No two marks of a verdict have one, and none has "?"."""


def instead(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for the characters that cannot be encoded, and where to go on: a codec's error handler."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_in_ascii, error.object[error.start : error.end])), error.end


def register_instead() -> None:
    """Make the error handler known to codecs."""
    codecs.register_error(ERRORS, instead)


def has_chinese(stream: TextIO | None) -> bool:
    """Say whether a stream can show Chinese."""
    try:
        "批改".encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _in_ascii(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return INSTEAD.get(character) or plain or "?"
