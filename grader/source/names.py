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
    """Return the names that a statement takes from somewhere, also inside of functions and where it changes things.

    What a function calls its own, such as its parameters, it takes from nowhere.
    """
    return set(_taken(node)) | set(changed(node))


def _taken(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            yield name
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            body = node.body if isinstance(node.body, list) else [node.body]
            own = {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}
            own |= {name for one in body for name in bound(one)} - _of_others(body)
            yield from (name for one in body for name in _taken(one) if name not in own)
            yield from (name for one in ast.iter_child_nodes(node) if one not in body for name in _taken(one))
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            yield from _taken(node.generators[0].iter)  # which does not see what the loops count with
            own = {name for one in node.generators for name in bound(one.target)}
            rest = [one for one in ast.iter_child_nodes(node) if one is not node.generators[0]]
            inside = [*rest, *node.generators[0].ifs]
            yield from (name for one in inside for name in _taken(one) if name not in own)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _taken(child)


def _of_others(body: list[ast.stmt] | list[ast.expr]) -> set[str]:
    """Return the names that a function says are not its own."""
    inside = [one for outer in body for one in ast.walk(outer)]
    return {name for one in inside if isinstance(one, ast.Global | ast.Nonlocal) for name in one.names}


def _root(node: ast.AST) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id
