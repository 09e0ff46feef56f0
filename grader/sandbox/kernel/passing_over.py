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


def passing_over(cell: ast.AST) -> ast.AST:
    """Return a cell, changed in place. Its last expression stays as it is: its value is shown."""
    if not isinstance(cell, ast.Module):
        return cell
    shown = cell.body[-1:] if cell.body and isinstance(cell.body[-1], ast.Expr) else []
    cell.body = [*_guarded(cell.body[: len(cell.body) - len(shown)]), *shown]
    return ast.fix_missing_locations(cell)


def _guarded(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in statements:
        for single in _singles(statement):
            if isinstance(single, ALONE) or (isinstance(single, ast.ImportFrom) and single.module == "__future__"):
                yield single
            else:
                yield _with_handler(_inside(single))


def _singles(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield a statement, and `import a, b` as two."""
    if isinstance(statement, ast.Import):
        yield from (ast.copy_location(ast.Import([alias]), statement) for alias in statement.names)
    else:
        yield statement


def _inside(statement: ast.stmt) -> ast.stmt:
    """Guard what lies in a statement, where no exception of it is caught by the notebook."""
    match statement:
        case ast.If():
            statement.body, statement.orelse = [*_guarded(statement.body)], [*_guarded(statement.orelse)]
        case ast.Try():
            statement.orelse, statement.finalbody = [*_guarded(statement.orelse)], [*_guarded(statement.finalbody)]
            for handler in statement.handlers:
                handler.body = [*_guarded(handler.body)]
    return statement


def _with_handler(statement: ast.stmt) -> ast.stmt:
    """Return `try: statement`, `except get_ipython().passes_over(line, names…): pass`.

    The expression behind `except` is only computed when something was raised. Of a compound statement `keep` is True:
    it may have given some of its names something before.
    """
    names = dict.fromkeys(_names(statement))
    given: list[ast.expr] = [ast.Constant(statement.lineno), *(ast.Constant(name) for name in names)]
    keep = [ast.keyword("keep", ast.Constant(value=True))] if isinstance(statement, COMPOUND) else []
    shell = ast.Call(ast.Name("get_ipython", ast.Load()), [], [])
    kinds = ast.Call(ast.Attribute(shell, "passes_over", ast.Load()), given, keep)
    handler = ast.ExceptHandler(kinds, None, [ast.Pass()])
    return ast.copy_location(ast.Try([statement], [handler], [], []), statement)


def _names(node: ast.AST) -> Iterator[str]:
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
            yield from _names(child)
