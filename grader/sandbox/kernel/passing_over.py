"""Lets a cell go on where the surroundings refuse one of its statements.

Each statement of a cell that is no part of a function gets a handler. What it raises is raised as before, unless it is
a refusal: then that statement is passed over. A statement inside `try`, `with` or a loop gets none of its own, since
there the notebook says what follows an exception; the whole of it gets one.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ALONE = (ast.Pass, ast.Global, ast.Nonlocal, ast.Return, ast.Break, ast.Continue)
COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def passing_over(cell: ast.AST, guarded: list[ast.stmt]) -> ast.AST:
    """Return a cell, changed in place; its guarded statements are put to the others.

    Its last expression stays as it is: its value is shown.
    """
    if not isinstance(cell, ast.Module):
        return cell
    shown = cell.body[-1:] if cell.body and isinstance(cell.body[-1], ast.Expr) else []
    cell.body = [*_guarded(cell.body[: len(cell.body) - len(shown)], guarded), *shown]
    return cell


def _guarded(statements: Sequence[ast.stmt], guarded: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in statements:
        for single in _singles(statement):
            if isinstance(single, ALONE) or (isinstance(single, ast.ImportFrom) and single.module == "__future__"):
                yield single
            else:
                _guard_inside(single, guarded)
                guarded.append(single)
                yield _with_handler(single, len(guarded) - 1)


def _singles(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield a statement, and `import a, b` as two."""
    if isinstance(statement, ast.Import):
        yield from (ast.copy_location(ast.Import([alias]), statement) for alias in statement.names)
    else:
        yield statement


def _guard_inside(statement: ast.stmt, guarded: list[ast.stmt]) -> None:
    """Guard what lies in a statement, where no exception of it is caught by the notebook."""
    match statement:
        case ast.If():
            statement.body = [*_guarded(statement.body, guarded)]
            statement.orelse = [*_guarded(statement.orelse, guarded)]
        case ast.Try():
            statement.orelse = [*_guarded(statement.orelse, guarded)]
            statement.finalbody = [*_guarded(statement.finalbody, guarded)]
            for handler in statement.handlers:
                handler.body = [*_guarded(handler.body, guarded)]


def _with_handler(statement: ast.stmt, number: int) -> ast.stmt:
    """Return `try: statement`, `except get_ipython().passes_over(number): pass`.

    The expression behind `except` is only computed when something was raised. Places are given here: Python's own
    function for that goes through the whole cell, which takes longer than to compile it.
    """
    place = {"lineno": statement.lineno, "col_offset": statement.col_offset}
    shell = ast.Call(ast.Name("get_ipython", ast.Load(), **place), [], [], **place)
    ask = ast.Attribute(shell, "passes_over", ast.Load(), **place)
    kinds = ast.Call(ask, [ast.Constant(number, None, **place)], [], **place)
    handler = ast.ExceptHandler(kinds, None, [ast.Pass(**place)], **place)
    return ast.Try([statement], [handler], [], [], **place)


def may_have_given(statement: ast.stmt) -> bool:
    """Say whether a statement may have given some of its names something before it was refused."""
    return isinstance(statement, COMPOUND)


def names_of(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement gives something; `*` where it takes all names of a package."""
    match node:
        case ast.Import(names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)
        case ast.Name(name, ast.Store()):
            yield name
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            yield name
    if not isinstance(node, (*SCOPES, *COMPREHENSIONS)):
        for child in ast.iter_child_nodes(node):
            yield from names_of(child)
