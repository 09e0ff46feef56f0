"""Reads cells so that every line keeps its number, and names code by the cell that is running."""

from __future__ import annotations

import ast
import codeop
import warnings
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.inputtransformer2 import TransformerManager


class Compiler(CachingCompiler):
    """Names code by the cell that is running, also where a magic compiles a part of it or runs it by itself."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.cell: int | None = None
        """The number of the running cell, from 1; None outside of any."""
        self.body: str | None = None
        """The name of the code behind a cell magic, while that runs."""

    def __call__(self, codestr: Any, filename: str, symbol: str) -> Any:  # noqa: ANN401 (as in codeop)
        """Compile code."""
        return super().__call__(codestr, self._named(filename), symbol)

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> ast.AST:
        """Parse code. Without the flag, Python says which bracket is open instead of "incomplete input"."""
        self.flags &= ~getattr(codeop, "PyCF_ALLOW_INCOMPLETE_INPUT", 0)
        return super().ast_parse(source, self._named(filename), symbol)

    def cache(self, transformed_code: str, number: int = 0, raw_code: str | None = None) -> str:
        """Name code by the running cell; IPython would count the code behind a magic as the next one."""
        return super().cache(transformed_code, self.cell or number, raw_code)

    def is_notebook(self, filename: str) -> bool:
        """Say whether a file name is that of a cell."""
        return filename in self._filename_map

    def _named(self, filename: str) -> str:
        return filename if self.body is None or self.is_notebook(filename) else self.body


class KeepsLines(TransformerManager):
    """Turns IPython's syntax into Python, line by line: what comes after stays in its line."""

    def do_one_token_transform(self, lines: list[str]) -> tuple[bool, list[str]]:
        """Replace one piece of syntax. If it went over several lines, blank ones follow it."""
        changed, after = super().do_one_token_transform(lines)  # type: ignore[no-untyped-call]
        if changed and len(after) < len(lines):
            place = next((at for at, (old, new) in enumerate(zip(lines, after, strict=False)) if old != new), 0)
            after = [*after[: place + 1], *["\n"] * (len(lines) - len(after)), *after[place + 1 :]]
        return changed, after


def blank_lines(cell: str) -> str:
    """Return the blank lines at a cell's beginning, which IPython takes away."""
    lines = cell.splitlines(keepends=True)
    first = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    return "\n" * first


def is_plain(cell: str) -> bool:
    """Say whether a cell is Python in which IPython would change nothing, in a tenth of the time that it takes itself.

    In valid Python, IPython changes single lines (a name may be called without brackets), blank lines and spaces at
    the beginning, and what could be a prompt.
    """
    if "\n" not in cell.strip() or cell[0].isspace() or "..." in cell or "In [" in cell:
        return False
    try:
        with warnings.catch_warnings():  # they are given again when it is compiled
            warnings.simplefilter("ignore")
            ast.parse(cell)
    except (SyntaxError, ValueError, RecursionError, MemoryError, SystemError):  # IPython reports them in its own way
        return False
    return True
