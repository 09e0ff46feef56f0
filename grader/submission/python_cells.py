"""The code cells of a notebook as Python's syntax trees, with the lines that they have there. Nothing is run.

What IPython adds to Python is taken out line by line. A cell that cannot be read as a whole is read statement by
statement; what is too much is left out.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.submission.definitions import PYTHON_MAGICS, foreign_magic, without_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.model import Cell, CellStopped

MOST_CHARACTERS = 200_000
"""How much code is looked at: Python needs up to 16 microseconds for a character."""
MOST_IN_A_CELL = 100_000
BROKEN = frozenset({"SyntaxError", "IndentationError", "TabError"})

_IPYTHON = re.compile(r"[ \t]*(?:[%!?]|[\w.,\[\]() \t]+=[ \t]*[%!](?!=))|.*\?[ \t]*$")
_TIMED = re.compile(r"([ \t]*)%time[ \t]+(?=\S)")
_PROMPT = re.compile(r"[ \t]*(?:>>>|\.\.\.|In \[\d+\]:|\.{3,}:)(?: |$)")
_GOES_ON = re.compile(r"(?:[ \t)\]}]|(?:elif|else|except|finally)\b)")
_OPEN, _CLOSE = re.compile(r"[(\[{]"), re.compile(r"[)\]}]")


@dataclass(frozen=True, slots=True, eq=False)
class PythonCell:
    """A code cell: its number, its statements, and whether Python reads it as a whole."""

    number: int
    statements: tuple[ast.stmt, ...]
    is_whole: bool = True


def python_cells(cells: Iterable[Cell], stops: Iterable[CellStopped] = ()) -> tuple[PythonCell, ...]:
    """Return the code cells in their order. What a cell that stopped did not come to is left out."""
    stopped = {stop.place.cell: stop for stop in stops}
    left = MOST_CHARACTERS
    found: list[PythonCell] = []
    with warnings.catch_warnings():  # of the student's code: nobody asked for them here
        warnings.simplefilter("ignore")
        for cell in cells:
            if cell.kind != "code" or len(cell.source) > MOST_IN_A_CELL or foreign_magic(cell.source) is not None:
                continue
            left -= len(cell.source)
            if left < 0:
                break
            read = _read(cell)
            found.append(read if cell.number not in stopped else _until(read, stopped[cell.number]))
    return tuple(found)


def _until(cell: PythonCell, stop: CellStopped) -> PythonCell:
    """Return what Python came to in a cell that stopped, as far as that is known."""
    if stop.how == "not_run" or stop.kind in BROKEN:
        return PythonCell(cell.number, ())
    line = stop.place.line
    at = [one for one in cell.statements if line is not None and one.lineno <= line <= (one.end_lineno or one.lineno)]
    if not at or isinstance(at[0], ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return cell  # it stopped in a function, and nobody knows which statement called that
    reached = tuple(one for one in cell.statements if one.lineno <= at[0].lineno)
    return PythonCell(cell.number, reached, cell.is_whole)


def _read(cell: Cell) -> PythonCell:
    source = cell.source.replace("\r\n", "\n").replace("\r", "\n")
    if (statements := _parsed(source)) is not None:
        return PythonCell(cell.number, statements)
    lines = without_ipython(source)
    if (statements := _parsed("\n".join(lines))) is not None:
        return PythonCell(cell.number, statements)
    return PythonCell(cell.number, tuple(_in_pieces(lines)), is_whole=False)


def _parsed(source: str) -> tuple[ast.stmt, ...] | None:
    try:
        return tuple(ast.parse(source).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError, SystemError):  # Python says that it cannot read it
        return None


def without_ipython(source: str) -> list[str]:
    """Return the lines of a cell with `pass` for each line that is IPython's."""
    lines = _without_margin(source)
    for at, begins in _ipython_lines(lines):
        lines[at] = _replaced(lines[at]) if begins else ""
    return lines


def as_python(source: str) -> str:
    """Return a cell as a file of Python has it: what Python cannot read of it stands in comments, line by line."""
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")  # no file of Python has a zero byte
    if foreign_magic(source) is not None:
        return "\n".join(map(_commented, source.split("\n")))
    lines = _without_margin(source)
    for at, begins in _ipython_lines(lines):
        lines[at] = _kept_apart(lines[at]) if begins else _commented(lines[at])
    if _parsed("\n".join(lines)) is not None:
        return "\n".join(lines)
    statements = [] if len(source) > MOST_IN_A_CELL else list(_in_pieces(lines))
    readable = {line for one in statements for line in range(_first_line(one), (one.end_lineno or one.lineno) + 1)}
    return "\n".join(line if at in readable else _commented(line) for at, line in enumerate(lines, start=1))


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(one.lineno for one in decorators)])


def _commented(line: str) -> str:
    text = line.strip(" \t\f")  # what else is blank for `strip`, Python does not read
    return line if not text or text.startswith("#") else f"# {line}"


def _kept_apart(line: str) -> str:
    """Return a line of IPython's as a comment; what `%time` measures is the notebook's own, and stays."""
    if _TIMED.match(line):
        return _TIMED.sub(r"\1", line)
    indentation = line[: len(line) - len(line.lstrip())]
    return f"{indentation}pass  # {line.lstrip()}" if indentation else _commented(line)


def _ipython_lines(lines: Sequence[str]) -> Iterator[tuple[int, bool]]:
    """Yield the places of the lines that are IPython's, and whether a statement begins there or goes on."""
    plain = without_texts("\n".join(lines))[0].split("\n")
    depth, goes_on, is_magic = 0, False, False
    for at, line in enumerate(plain):
        if goes_on and is_magic:
            goes_on = lines[at].endswith("\\")
            yield at, False
            continue
        begins = depth == 0 and not goes_on and bool(line.strip())
        is_magic = begins and _IPYTHON.match(line) is not None
        goes_on = lines[at].endswith("\\")
        if is_magic:
            yield at, True
        else:
            depth = max(0, depth + len(_OPEN.findall(line)) - len(_CLOSE.findall(line)))


def _without_margin(source: str) -> list[str]:
    """Return the lines of a cell without prompts that were pasted, and without the first line's indentation."""
    lines = source.split("\n")
    if _PROMPT.match(source.lstrip()):
        lines = [_PROMPT.sub("", line) for line in lines]
    first = next((line for line in lines if line.strip()), "")
    margin = first[: len(first) - len(first.lstrip())]
    return [line.removeprefix(margin) for line in lines]


def _replaced(line: str) -> str:
    if _TIMED.match(line):
        return _TIMED.sub(r"\1", line)
    is_cell_magic = line.split(maxsplit=1)[0] in PYTHON_MAGICS
    return "" if is_cell_magic else line[: len(line) - len(line.lstrip())] + "pass"


def _in_pieces(lines: Sequence[str]) -> Iterator[ast.stmt]:
    """Yield the statements of a cell that can be read each by itself."""
    plain = without_texts("\n".join(lines))[0].split("\n")
    starts = [at for at, line in enumerate(plain) if line and not _GOES_ON.match(line)]
    starts = [at for at, before in zip(starts, [-1, *starts], strict=False) if not _is_decorator(plain, before)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        for statement in _parsed("\n".join(lines[start:end])) or ():
            yield ast.increment_lineno(statement, start)


def _is_decorator(plain: Sequence[str], at: int) -> bool:
    return at >= 0 and plain[at].startswith("@")
