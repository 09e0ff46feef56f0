"""Where in a notebook's text a function is written, and how, also where Python would not define it there.

The text is gone through line by line and never parsed as Python: a cell may hold anything, and one that Python cannot
read is looked at as well.
"""

from __future__ import annotations

import difflib
import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.model import Cell, CellStopped

MOST_CHARACTERS = 400_000
"""How much of a notebook's text is looked at: many times what a lab has."""
TAB = 8
NEAR = 0.8
"""From which likeness on, of 1, a name is taken for a slip of another one."""
PYTHON_MAGICS = frozenset({"%%time", "%%capture", "%%prun"})
"""Cell magics after which the rest of a cell is still the notebook's own code."""

Where: TypeAlias = Literal["top", "class", "function", "condition", "magic", "markdown", "raw", "comment", "text"]
Body: TypeAlias = Literal["stub", "empty", "written"]

_PIECE = re.compile(r"\"\"\"|'''|\\.|[\"'#\n\\]|[^\"'#\\\n]+", re.DOTALL)
_DEF = re.compile(r"(?:async[ \t]+)?def[ \t]+(\w+)")
_BLOCK = re.compile(
    r"(class|def|async|if|elif|else|try|except|finally|for|while|with|match|case)\b[ \t]*(?:def\b)?[ \t]*(\w*)"
)
_NAMED = re.compile(r"^(?:(?:async[ \t]+)?def[ \t]+(\w+)|class[ \t]+(\w+)|(\w+)[ \t]*=[ \t]*lambda\b)", re.MULTILINE)
_VALUE = re.compile(r"^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_RAISE = re.compile(r"raise[ \t]+NotImplementedError\b[ \t]*(?:\((?:[^()]|\([^()]*\))*\))?")
_NOTHING = re.compile(r"(?:pass|\.\.\.|return(?:[ \t]+None)?|\"\")[ \t]*;?")
_RETURN = re.compile(r"^[ \t]*(?:.*[:;][ \t]*)?(?:return[ \t]+(?!None[ \t]*(?:$|;))\S|yield\b)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Definition:
    """A `def` of a function in a notebook: its cell, its line there, what it stands in, and what its body is.

    `inside` is the name of the class or function around it, or the magic of its cell. `raises` are the lines of its
    body that raise NotImplementedError. A text cell has the number of the code cell before it.
    """

    cell: int
    line: int
    where: Where
    inside: str = ""
    body: Body = "written"
    raises: tuple[int, ...] = ()
    returns: bool = True
    prints: bool = False
    decorated: bool = False
    text: str = ""
    """What is written from `def` to its end, without texts and comments, blanks folded to one."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a notebook has written in its cells, the names of the lab's tasks, and the cells that stopped."""

    cells: tuple[Cell, ...]
    tasks: frozenset[str] = frozenset()
    stops: tuple[CellStopped, ...] = ()

    def of(self, function: str) -> tuple[Definition, ...]:
        """Return every place where a function of this name is written, in the notebook's order."""
        return _definitions(self.cells, function)

    def effective(self, function: str) -> Definition | None:
        """Return the definition that counts: the last one that Python takes for the notebook's own."""
        found = [one for one in self.of(function) if one.where in {"top", "condition"}]
        return found[-1] if found else None

    def given(self, name: str) -> Definition | None:
        """Return where the notebook gives a value, a class or an import this name, at the left edge of a cell."""
        named = re.escape(name)
        pattern = (
            rf"^(?:{named}[ \t]*(?::[^=\n]*)?=(?!=)|class[ \t]+{named}\b|(?:from|import)\b.*\b{named}[ \t]*(?:$|,))"
        )
        for cell in _looked_at(self.cells):
            if cell.kind == "code" and foreign_magic(cell.source) is None and name in cell.source:
                code = without_texts(cell.source)[0]
                if found := re.search(pattern, code, re.MULTILINE):
                    return Definition(cell.number, 1 + code.count("\n", 0, found.start()), "top")
        return None

    def near(self, function: str) -> tuple[str, int] | None:
        """Return a name like this one that the notebook gives to a function or class of its own, and its cell."""
        return _near(self.cells, function, self.tasks, pattern=_NAMED)

    def near_value(self, name: str) -> tuple[str, int] | None:
        """Return a name like this one to which the notebook gives a value, and its cell."""
        return _near(self.cells, name, self.tasks, pattern=_VALUE)

    def deleted(self, function: str, *, after: Definition) -> int | None:
        """Return the cell that deletes a name, or all names, from the cell of a definition on."""
        line = re.compile(rf"^[ \t]*(?:del\b.*\b{re.escape(function)}\b|%reset\b)", re.MULTILINE)
        later = (cell for cell in _looked_at(self.cells) if cell.number >= after.cell)
        return next((cell.number for cell in later if line.search(cell.source)), None)


@functools.lru_cache(maxsize=256)  # every question of every check that fails asks again
def _definitions(cells: tuple[Cell, ...], function: str) -> tuple[Definition, ...]:
    found: list[Definition] = []
    for cell in _looked_at(cells):
        if re.search(rf"\bdef[ \t]+{re.escape(function)}\b", cell.source):
            found += _in_cell(cell, function)
    return tuple(found)


@functools.lru_cache(maxsize=256)
def _near(
    cells: tuple[Cell, ...], function: str, tasks: frozenset[str], *, pattern: re.Pattern[str]
) -> tuple[str, int] | None:
    names = {
        name: cell.number
        for cell in _looked_at(cells)
        if cell.kind == "code" and foreign_magic(cell.source) is None
        for match in pattern.finditer(without_texts(cell.source)[0])
        if (name := str(match[match.lastindex or 0])) not in tasks
    }
    same = [name for name in names if _plain(name) == _plain(function)]
    like = same or difflib.get_close_matches(function.lower(), [name.lower() for name in names], n=1, cutoff=NEAR)
    chosen = next((name for name in names if like and name.lower() == like[0].lower()), None)
    return None if chosen is None else (chosen, names[chosen])


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _looked_at(cells: Sequence[Cell]) -> Iterator[Cell]:
    left = MOST_CHARACTERS
    for cell in cells:
        left -= len(cell.source)
        if left < 0:
            return
        yield cell


def foreign_magic(source: str) -> str | None:
    """Return the magic that makes a cell something else than the notebook's own Python."""
    first = source.lstrip().split(maxsplit=1)[:1]
    return first[0] if first and first[0].startswith("%%") and first[0] not in PYTHON_MAGICS else None


def _in_cell(cell: Cell, function: str) -> Iterator[Definition]:
    code, commented = without_texts(cell.source)
    lines = code.split("\n")
    magic = foreign_magic(cell.source)
    seen = False
    stack: list[tuple[int, str, str]] = []
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text:
            continue
        depth = _depth(line)
        while stack and stack[-1][0] >= depth:
            stack.pop()
        is_def = _DEF.match(text)
        if is_def and is_def[1] == function:
            seen = True
            where, inside = _place(cell, magic, stack)
            yield _read(lines, number, cell=cell.number, where=where, inside=inside)
        if block := _BLOCK.match(text):
            kind = "def" if is_def else block[1]
            stack.append((depth, kind, is_def[1] if is_def else block[2]))
    if not seen:
        yield from _hidden(cell, function, commented=commented)


def _place(cell: Cell, magic: str | None, stack: Sequence[tuple[int, str, str]]) -> tuple[Where, str]:
    if cell.kind != "code":
        return cell.kind, ""
    if magic is not None:
        return "magic", magic
    for _, kind, name in reversed(stack):
        if kind in {"class", "def"}:
            return ("class" if kind == "class" else "function"), name
    return ("condition" if stack else "top"), ""


def _hidden(cell: Cell, function: str, *, commented: frozenset[int]) -> Iterator[Definition]:
    """Yield a definition that stands in a comment or between quotes, or behind something else in its line."""
    pattern = re.compile(rf"\bdef[ \t]+{re.escape(function)}[ \t]*\(")
    code = without_texts(cell.source)[0].split("\n")
    for number, line in enumerate(cell.source.split("\n"), start=1):
        if pattern.search(line):
            where: Where = "top" if pattern.search(code[number - 1]) else "comment" if number in commented else "text"
            yield Definition(cell.number, number, cell.kind if cell.kind != "code" else where)
            return


def _read(lines: Sequence[str], number: int, *, cell: int, where: Where, inside: str) -> Definition:
    """Return the definition at a line, with what its body is."""
    depth = _depth(lines[number - 1])
    end = number
    while end < len(lines) and (not lines[end].strip() or _depth(lines[end]) > depth or lines[end].lstrip()[:1] == ")"):
        end += 1
    text = "\n".join(lines[number - 1 : end])
    start = _end_of_signature(text)
    body = text[start:]
    first = number + text.count("\n", 0, start)
    raises = tuple(first + body.count("\n", 0, match.start()) for match in _RAISE.finditer(body))
    rest = [line.strip() for line in _RAISE.sub("", body).split("\n")]
    is_bare = all(not line or _NOTHING.fullmatch(line) for line in rest)
    return Definition(
        cell,
        number,
        where,
        inside=inside,
        body="written" if not is_bare else "stub" if raises else "empty",
        raises=raises,
        returns=_RETURN.search(body) is not None or _DEF.search(body) is not None,
        prints=re.search(r"\b(?:print|display)[ \t]*\(", body) is not None,
        decorated=number > 1 and lines[number - 2].lstrip()[:1] == "@",
        text=" ".join(text.split()),
    )


def _end_of_signature(text: str) -> int:
    """Return where the body of a function begins: after the first colon outside of brackets."""
    open_brackets = 0
    for place, character in enumerate(text):
        if character in "([{":
            open_brackets += 1
        elif character in ")]}":
            open_brackets -= 1
        elif character == ":" and open_brackets <= 0:
            return place + 1
    return len(text)


def _depth(line: str) -> int:
    return len(line.expandtabs(TAB)) - len(line.expandtabs(TAB).lstrip())


def without_texts(source: str) -> tuple[str, frozenset[int]]:
    """Return code with `""` for each text and without comments, in as many lines; and the lines that are comments."""
    kept: list[str] = []
    commented: set[int] = set()
    quote, line = "", 1
    for match in _PIECE.finditer(source):
        piece = match[0]
        if piece in {"\n", "\\\n"}:
            quote = "" if quote == "#" or (len(quote) == 1 and piece == "\n") else quote
            kept.append("\n")
            line += 1
        elif quote:
            quote = "" if piece == quote else quote
        elif piece == "#":
            quote = "#"
            commented.add(line)
        elif piece[0] in "\"'":
            quote = piece
            kept.append('""')
        else:
            kept.append(piece)
    return "".join(kept), frozenset(commented)
