"""Text of a student as it may stand in a page: nothing that colours it, hides a part of it or turns its direction."""

from __future__ import annotations

import re
import unicodedata

ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")


def plain_output(text: str) -> str:
    """Return what a program printed, without the marks that move a cursor or colour a terminal; lines stay lines."""
    return "".join(_last_written(line) for line in re.split(r"(?<=\n)", _visible(ANSI.sub("", text), "")))


def plain_source(text: str) -> str:
    """Return a cell's source, with a mark in place of each character that nobody sees."""
    return _visible(text, "\N{REPLACEMENT CHARACTER}")


def _visible(text: str, instead: str) -> str:
    text = text.replace("\r\n", "\n")
    return "".join(c if c in "\n\t\r" or unicodedata.category(c)[0] != "C" else instead for c in text)


def _last_written(line: str) -> str:
    """Return what a terminal shows of a line that was written several times, as a bar of progress is."""
    end = "\n" if line.endswith("\n") else ""
    return line.removesuffix("\n").rstrip("\r").rpartition("\r")[2] + end
