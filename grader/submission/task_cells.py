"""Which cells of a notebook belong to a task that a person reads: by id, tag or heading, or where it is defined.

Cells are counted from 0, all of them, as the file has them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from grader.submission.notebooks import defines, gives

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.model import CellsWanted
    from grader.submission.notebooks import OutlineCell

LONGEST_HEADING = 500
"""In characters: a longer line is none, and is not searched."""

_FENCE = re.compile(r" {0,3}(```|~~~)")
_MARKED = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_MARKED_TITLE = re.compile(r"\A\s*#{1,6}\s+")
_CLOSED = re.compile(r"(?:^|[ \t])#+$")
_UNDERLINE = re.compile(r" {0,3}(?:(=)=*|--*)[ \t]*")
_PARAGRAPH = re.compile(r" {0,3}[^\s#>*+<|=-]")
_TAGGED = re.compile(r"<h([1-6])\b[^<>]*>(.*)</h[1-6]>", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\]\[]*)\]\([^)(]*\)")
_DRESS = re.compile(r"<[^<>]*>|[*`]")
_MARKS = re.compile(r"[_~\\]")
_RULES = re.compile(r"<[^<>]*>|[-*_\s]")
_NUMERALS = "一二三四五六七八九十百千零〇"
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


class Heading(NamedTuple):
    """A Markdown heading: its cell, its level from 1, and whether it is the first thing in its cell.

    `title` is as it is compared, `written` as the notebook has it, on one line and without the marks of a heading.
    """

    cell: int
    level: int
    title: str
    written: str
    is_first: bool


def cells_of(cells: Sequence[OutlineCell], wanted: CellsWanted, *, stub: Sequence[OutlineCell] = ()) -> tuple[int, ...]:
    """Return the numbers of the cells that belong to a task; none where the notebook has none of them.

    `stub` are the cells of the notebook that was given out: what a student has added behind a cell of the task belongs
    to it as well.
    """
    return (
        (wanted.id and _with_added(cells, _where(cells, lambda cell: wanted.id in cell.ids), stub))
        or (wanted.tag and _with_added(cells, _where(cells, lambda cell: wanted.tag in cell.tags), stub))
        or (wanted.heading and tuple(sorted(set(_under(cells, wanted.heading)))))
        or (wanted.name and _defining(cells, wanted.name))
        or ()
    )


def _where(cells: Sequence[OutlineCell], is_one: Callable[[OutlineCell], bool]) -> tuple[int, ...]:
    return tuple(number for number, cell in enumerate(cells) if is_one(cell))


def _with_added(cells: Sequence[OutlineCell], found: tuple[int, ...], stub: Sequence[OutlineCell]) -> tuple[int, ...]:
    """Return cells with those behind each that are not of the stub, up to the next one that is."""
    if not stub or not found:
        return found
    given = {cell.source.strip() for cell in stub}
    ids, tags = (frozenset().union(*(getattr(cell, name) for cell in stub)) for name in ("ids", "tags"))
    titles = {one.title for one in headings_in(stub)}
    kept = set(found)
    for number in range(found[0] + 1, len(cells)):
        cell = cells[number]
        is_given = cell.source.strip() in given or bool(cell.ids & ids) or bool(cell.tags & tags)
        is_given = is_given or any(one.title in titles for one in headings_in([cell]))
        if number - 1 in kept and not is_given:
            kept.add(number)
    return tuple(sorted(kept))


def _defining(cells: Sequence[OutlineCell], name: str) -> tuple[int, ...]:
    return _where(cells, lambda cell: cell.kind == "code" and defines(cell.source, name)) or _where(
        cells, lambda cell: cell.kind == "code" and gives(cell.source, name)
    )


def _under(cells: Sequence[OutlineCell], title: str) -> Iterator[int]:
    """Yield the cells of every section with a title, from its heading to the next one of its level or a higher one.

    Where no heading has just this title, one that begins with it counts: "Question 3: a plot" for "Question 3".
    """
    headings = list(headings_in(cells))
    wanted = _plain(_MARKED_TITLE.sub("", title)).rstrip(" :：.。")  # as a notebook has it, it may be pasted
    found = [place for place, one in enumerate(headings) if one.title == wanted]
    found = found or [place for place, one in enumerate(headings) if _begins(one.title, wanted)]
    for place in found:
        here = headings[place]
        after = next((one for one in headings[place + 1 :] if one.level <= here.level), None)
        end = len(cells) if after is None else after.cell if after.is_first else after.cell + 1
        yield from range(here.cell, max(end, here.cell + 1))


def headings_in(cells: Sequence[OutlineCell]) -> Iterator[Heading]:
    """Yield the headings of the Markdown cells, with plain titles."""
    for number, cell in enumerate(cells):
        if cell.kind == "markdown":
            yield from _in_cell(number, cell.source)


def _in_cell(number: int, source: str) -> Iterator[Heading]:
    before, fence, is_first = "", "", True
    for line in source.splitlines():
        if opened := _FENCE.match(line):
            fence = "" if fence == opened[1] else fence or opened[1]
        found = None if fence or len(line) > LONGEST_HEADING else _heading(line, before)
        if found is not None:
            written = _undressed(found[1])
            yield Heading(number, found[0], title=_plain(written), written=written, is_first=is_first)
        is_first = is_first and not (found or _RULES.sub("", line[:LONGEST_HEADING]))
        before = line


def _heading(line: str, before: str) -> tuple[int, str] | None:
    """Return the level and the title of a heading that ends in a line."""
    if marked := _MARKED.fullmatch(line):
        return len(marked[1]), _CLOSED.sub("", marked[2].rstrip())
    if (under := _UNDERLINE.fullmatch(line)) and _PARAGRAPH.match(before) and len(before) <= LONGEST_HEADING:
        return (1 if under[1] else 2), before
    if tagged := _TAGGED.search(line):
        return int(tagged[1]), tagged[2]
    return None


def _undressed(title: str) -> str:
    """Return a title without links, tags, and marks of Markdown, blanks folded to one."""
    return " ".join(_DRESS.sub("", _LINK.sub(r"\1", title)).split())


def _plain(title: str) -> str:
    """Return a title as it is compared: undressed, letters all small, wide ones as plain ones."""
    return " ".join(unicodedata.normalize("NFKC", _MARKS.sub("", _undressed(title))).casefold().split())


def _begins(title: str, wanted: str) -> bool:
    """Say whether a title begins with the wanted one, and not in the middle of a word or a number."""
    rest = title[len(wanted) :]
    if not wanted or not title.startswith(wanted) or re.match(r"[.\-]\d", rest) or rest[:1] in _NUMERALS:
        return False
    return not re.match(r"\w", rest) or not re.search(r"\w\Z", wanted) or _CJK.match(rest) is not None
