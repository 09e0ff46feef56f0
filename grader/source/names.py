"""Which names a piece of code gives to something, and which it takes from outside. Nothing is run."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_INNER = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


def parsed(code: str) -> ast.Module | None:
    """Return the syntax tree; None for what Python cannot read."""
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError):
        return None


def assigned(node: ast.AST) -> Iterator[str]:
    """Yield what a statement defines or assigns: what it binds, but for imports and what loops count with."""
    match node:
        case ast.Import() | ast.ImportFrom():
            return
        case ast.For(target=target) | ast.AsyncFor(target=target):
            counted = set(bound(target))
            yield from (name for child in ast.iter_child_nodes(node) for name in assigned(child) if name not in counted)
        case ast.With() | ast.Try():
            yield from (name for child in node.body for name in assigned(child))
        case _:
            yield from bound(node)


def bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement gives to something where it stands, in their order, some more than once."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.split(".")[0] for alias in names)
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.ExceptHandler(name=str(name)):
            yield name
    if not isinstance(node, _INNER):
        for child in ast.iter_child_nodes(node):
            yield from bound(child)


def changed(node: ast.AST) -> Iterator[str]:
    """Yield the names whose things a statement changes: `x[0] = 1`, `x.y = 1`, `x.sort()`, `shuffle(x)`."""
    match node:
        case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()):
            yield from _root(node)
        case ast.Expr(value=ast.Call(func=function, args=arguments)) if "shuffle" in ast.unparse(function):
            yield from (argument.id for argument in arguments if isinstance(argument, ast.Name))
        case ast.Expr(value=ast.Call(func=ast.Attribute() as function)):
            yield from _root(function)
    if not isinstance(node, _INNER):
        for child in ast.iter_child_nodes(node):
            yield from changed(child)


def used(node: ast.AST) -> set[str]:
    """Return the names that a statement takes from somewhere, also inside of functions and where it changes things."""
    found = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}
    return found | set(changed(node))


def _root(node: ast.AST) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id
