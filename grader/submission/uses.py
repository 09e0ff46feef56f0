"""What a function of a notebook uses: packages, what Python itself offers, the notebook's own functions, loops.

It is told from the code alone, which is never run. The notebook's own functions that the function uses are looked into
as well, and so is what they use: whether they are called or handed on, stand in the function, in a class or above it.
What is only mentioned (a comment, a text, an import, a function that nobody calls, code behind a `return`) is no use.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.model import Place
from grader.submission.meanings import Meanings, TooManyStepsError
from grader.submission.python_cells import python_cells
from grader.submission.scopes import FUNCTIONS, Own, notebook_scope
from grader.submission.walking import Walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.model import Cell, CellStopped
    from grader.submission.meanings import Referent
    from grader.submission.scopes import Binding
    from grader.submission.walking import Use


@dataclass(frozen=True, slots=True)
class Code:
    """A function as it is written: where it begins, what it uses, and whether it is more than a stub.

    `imported` is the whole name of what it is, where it comes from outside.
    """

    place: Place
    uses: tuple[Use, ...]
    is_written: bool = True
    imported: str | None = None


@dataclass(frozen=True, slots=True)
class TooMuch:
    """The code is too large, too deep or too tangled to be looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadNotebook:
    """A notebook's code, read once for all of its functions."""

    meanings: Meanings
    own_methods: frozenset[str]
    """The names of all methods of the notebook's classes."""

    def gives(self, name: str) -> bool:
        """Say whether a cell gives something this name."""
        return name in self.meanings.notebook.names

    def code_of(self, function: str) -> Code | TooMuch | None:
        """Return the code of a function, the last one of its name; None where no cell has it."""
        bindings = self.meanings.notebook.bound(function, None)
        if not bindings or bindings[-1].value is None:
            return None
        try:
            return _code(self, function, bindings[-1])
        except (RecursionError, TooManyStepsError):
            return TooMuch()


def read_notebook(cells: Iterable[Cell], stops: Iterable[CellStopped] = ()) -> ReadNotebook:
    """Read a notebook's code. What a cell that stopped did not come to is left out."""
    read = python_cells(cells, stops)
    classes = [node for cell in read for top in cell.statements for node in _classes(top)]
    methods = {one.name for node in classes for one in node.body if isinstance(one, FUNCTIONS[:2])}
    return ReadNotebook(Meanings(notebook_scope(read)), frozenset(methods))


def _classes(statement: ast.stmt) -> Iterable[ast.ClassDef]:
    return [node for node in ast.walk(statement) if isinstance(node, ast.ClassDef)]


def _code(notebook: ReadNotebook, function: str, binding: Binding) -> Code:
    place = Place(binding.cell, binding.line)
    roots = notebook.meanings.given(binding)
    walk = Walk(notebook.meanings, function, notebook.own_methods)
    for root in roots:
        walk.refer(root, place)
    if isinstance(binding.value, Own) and binding.value not in roots:
        walk.follow(binding.value)
    walk.finish()
    imported = next((root for root in roots if isinstance(root, str)), None)
    return Code(place, tuple(walk.uses), is_written=not any(map(_is_stub, roots)), imported=imported)


def _is_stub(root: Referent) -> bool:
    return isinstance(root, Own) and isinstance(root.node, FUNCTIONS[:2]) and all(map(_is_nothing, root.node.body))


def _is_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Return(value=None | ast.Constant(value=None)):
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError") | ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
    return False
