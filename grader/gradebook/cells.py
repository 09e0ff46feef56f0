"""Tables as CSV (RFC 4180: CRLF, quotes doubled) in which no cell is a formula, whoever wrote its text."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from grader.messages.sentences import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

BYTE_ORDER_MARK = "\ufeff"
"""It tells Excel that a CSV file is UTF-8; without it Chinese is garbled there."""

LONGEST_CELL = 32_000
"""Excel's limit is 32,767 characters."""

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?|-")
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")


def write_csv(rows: Iterable[Iterable[str]]) -> str:
    """Return rows as CSV, each cell harmless, and quoted so that no other separator can split it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: str) -> str:
    """Return a cell's text on one line; what a spreadsheet would take for a formula gets an apostrophe before it.

    Numbers and a single dash stay as they are. Spreadsheets in Chinese and Japanese take full-width signs for formulas
    too (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    text = _one_line(cell)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _one_line(text: str) -> str:
    indent = text[: len(text) - len(text.lstrip(" "))]
    return indent + clean(text, longest=LONGEST_CELL)
