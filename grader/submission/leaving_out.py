"""Leaves out of a notebook's text what is never looked at, before it is read as JSON: outputs, metadata, attachments.

15 MB of empty objects take 400 MB once they are read. So the text is gone through from name to name; what is not wanted
is passed over by its brackets alone, and only the rest, of a bounded size, is read.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from grader.wire.json_text import STRING, has_more_tokens_than

if TYPE_CHECKING:
    from collections.abc import Callable

SPACE = rb"[ \t\r\n]*+"
FLAT = rb'(?:[^"\[\]{}]++|' + STRING + rb")*+"
HOLDING = rb'(?:[^"\[\]{}]++|' + STRING + rb"|\{%b\}|\[%b\])*+"
ALMOST_FLAT = HOLDING % ((HOLDING % (FLAT, FLAT),) * 2)

_SPACE = re.compile(SPACE)
_MEMBER = re.compile(rb"[{,]" + SPACE + rb"(" + STRING + rb")" + SPACE + rb":" + SPACE, re.DOTALL)
_ELEMENT = re.compile(rb"[\[,]" + SPACE)
_NOTHING = re.compile(rb"\{" + SPACE + rb"\}|\[" + SPACE + rb"\]")
_UNTIL_BRACKET = re.compile(ALMOST_FLAT, re.DOTALL)
_SCALAR = re.compile(STRING + rb"|[^\s,:\[\]{}\"]++", re.DOTALL)

DEEPEST = 1000
MOST_TOKENS = 1_000_000
"""Strings and marks of the JSON that is kept: about two for each line of code."""
MOST_STEPS = 1_000_000
"""A bracket is one, of a value with others in it which have others in turn; so is a fourth of a name."""
STEPS_OF_A_NAME = 4
LONGEST_WORD = 10_000
"""In bytes: of a version or the type of a cell, which are a number and a word."""
LONGEST_TEXT = 50_000
"""In bytes: of a text cell that is kept, because a function may be written in it."""
NO_WORD = b"0"
WITHOUT_CODE = (b'"markdown"', b'"raw"')
OF_AN_OUTLINE = frozenset({b'"id"', b'"metadata"'})


class NotJsonError(Exception):
    """The text is no JSON, at a place in it."""

    def __init__(self, place: int) -> None:
        super().__init__(f"byte {place}")
        self.place = place


class TooDeepError(Exception):
    """Values lie too deep in one another."""


class TooMuchError(Exception):
    """More is left than any notebook has."""


class TooManyOutputsError(Exception):
    """More is left out than can be passed over in a moment."""


def without_outputs(content: bytes, *, most_cells: int, most_source: int, is_outline: bool = False) -> bytes:
    """Return a notebook as JSON with its format and its cells' types and sources.

    Of an outline also the ids, the metadata and every text cell, as far as there is room for them.
    What has another form than a notebook comes back so that it still has none. Raises NotJsonError, TooDeepError,
    TooManyOutputsError, or TooMuchError where there are more cells, or bytes of sources, than that.
    """
    return _Notebook(content, most_cells, most_source, is_outline=is_outline).read()


class _Notebook:
    """A notebook's text, and what is kept of it so far. Each method takes a place in the text, and returns the next."""

    def __init__(self, content: bytes, most_cells: int, most_source: int, *, is_outline: bool) -> None:
        self._text = content
        self._is_outline = is_outline
        self._kept = bytearray()
        self._cells_left = most_cells
        self._source_left = most_source
        self._text_left = most_source
        self._steps_left = MOST_STEPS
        self._wanted: dict[bytes, Callable[[int], int]] = {b'"nbformat"': self._word, b'"cells"': self._cells}

    def read(self) -> bytes:
        place = self._after_space(0)
        if self._text[place : place + 1] == b"[":
            self._kept += b"[]"
            place = self._after(place)
        elif self._text[place : place + 1] == b"{":
            place = self._members(place, self._take)
        else:
            place = self._word(place)
        if (rest := self._after_space(place)) < len(self._text):
            raise NotJsonError(rest)
        return bytes(self._kept)

    def _take(self, name: bytes, place: int) -> int:
        """Keep a member of the notebook, if it is wanted."""
        if name not in self._wanted:
            return self._after(place)
        self._kept += (b"," if self._kept[-1:] != b"{" else b"") + name + b":"
        return self._wanted[name](place)

    def _members(self, place: int, take: Callable[[bytes, int], int]) -> int:
        self._kept += b"{"
        if nothing := _NOTHING.match(self._text, place):
            self._kept += b"}"
            return nothing.end()
        while (member := _MEMBER.match(self._text, place)) is not None:
            self._take_steps(STEPS_OF_A_NAME)
            place = self._after_space(take(member[1], member.end()))
            if self._text[place : place + 1] == b"}":
                self._kept += b"}"
                return place + 1
        raise NotJsonError(place)

    def _cells(self, place: int) -> int:
        if self._text[place : place + 1] != b"[":
            return self._word(place)
        self._kept += b"["
        if nothing := _NOTHING.match(self._text, place):
            self._kept += b"]"
            return nothing.end()
        first = True
        while (element := _ELEMENT.match(self._text, place)) is not None:
            self._kept += b"" if first else b","
            first = False
            place = self._after_space(self._cell(element.end()))
            if self._text[place : place + 1] == b"]":
                self._kept += b"]"
                return place + 1
        raise NotJsonError(place)

    def _cell(self, place: int) -> int:
        """Keep the type of a cell, and its source where it may be code."""
        self._cells_left -= 1
        if self._cells_left < 0:
            raise TooMuchError
        if self._text[place : place + 1] != b"{":
            return self._word(place)
        found: dict[bytes, tuple[int, int]] = {}

        def take(name: bytes, start: int) -> int:
            end = self._after(start)
            if name in {b'"cell_type"', b'"source"'} or (self._is_outline and name in OF_AN_OUTLINE):
                found[name] = start, end
            return end

        end = self._members(place, take)
        self._kept.pop()
        self._keep_cell(found)
        self._kept += b"}"
        return end

    def _keep_cell(self, found: dict[bytes, tuple[int, int]]) -> None:
        if b'"cell_type"' not in found:
            return
        start, end = found[b'"cell_type"']
        kind = self._text[start:end] if end - start <= LONGEST_WORD else NO_WORD
        self._kept += b'"cell_type":' + kind
        for name in OF_AN_OUTLINE & found.keys():
            self._keep_if_there_is_room(name, *found[name])
        if b'"source"' not in found:
            return
        start, end = found[b'"source"']
        if kind in WITHOUT_CODE and self._is_outline:
            self._keep_if_there_is_room(b'"source"', start, end)
            return
        if kind in WITHOUT_CODE and not (end - start <= LONGEST_TEXT and b"def " in self._text[start:end]):
            return
        self._source_left -= end - start
        if self._source_left < 0 or has_more_tokens_than(MOST_TOKENS, self._text[start:end]):
            raise TooMuchError
        self._kept += b',"source":' + self._read(start, end)

    def _keep_if_there_is_room(self, name: bytes, start: int, end: int) -> None:
        """Keep a member of a cell that the notebook can be read without."""
        longest = self._text_left if name == b'"source"' else min(self._text_left, LONGEST_WORD)
        if end - start <= longest and not has_more_tokens_than(MOST_TOKENS // 10, self._text[start:end]):
            self._text_left -= end - start
            self._kept += b"," + name + b":" + self._read(start, end)

    def _read(self, start: int, end: int) -> bytes:
        """Return a part of the text, which is valid JSON: its errors are told by their places in the whole text."""
        part = self._text[start:end]
        text = part.decode("utf-8", "replace")  # of bytes, json would guess the encoding
        try:
            json.loads(text)
        except json.JSONDecodeError as error:
            before = text[: error.pos]
            raise NotJsonError(start + len(before.encode())) from error
        return part

    def _word(self, place: int) -> int:
        """Keep a value as it is, unless it is too long for one that is looked at."""
        end = self._after(place)
        if end - place > LONGEST_WORD:
            raise TooMuchError
        self._kept += self._read(place, end)
        return end

    def _after(self, place: int) -> int:
        """Return where a value ends."""
        if self._text[place : place + 1] in {b"[", b"{"}:
            return self._after_brackets(place)
        scalar = _SCALAR.match(self._text, place)
        if scalar is None:
            raise NotJsonError(place)
        return scalar.end()

    def _after_brackets(self, place: int) -> int:
        depth = 0
        while place < len(self._text):
            match self._text[place : place + 1]:
                case b"[" | b"{":
                    depth += 1
                case b'"':  # it never ends
                    raise NotJsonError(place)
                case _:
                    depth -= 1
            if depth > DEEPEST:
                raise TooDeepError
            self._take_steps(1)
            if not depth:
                return place + 1
            place = self._until_bracket(place + 1)
        raise NotJsonError(place)

    def _take_steps(self, number: int) -> None:
        self._steps_left -= number
        if self._steps_left < 0:
            raise TooManyOutputsError

    def _until_bracket(self, place: int) -> int:
        found = _UNTIL_BRACKET.match(self._text, place)
        return place if found is None else found.end()

    def _after_space(self, place: int) -> int:
        found = _SPACE.match(self._text, place)
        return place if found is None else found.end()
