"""The source of the public laws of a task: these functions and what they use, and nothing else of their file."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def source_of(file: str, names: Collection[str]) -> str:
    """Return a module's text with its imports, the functions of these names, and all that they use of the module."""
    statements = ast.parse(file).body
    givers = {name: statement for statement in statements for name in _given(statement)}
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in givers and name not in wanted:
            wanted.add(name)
            waiting.extend(_used(givers[name]))
    kept = [one for one in statements if _is_import(one) or wanted.intersection(_given(one))]
    return "\n\n".join(ast.unparse(_without_docstring(one)) for one in kept) + "\n"


def _given(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement of the module gives, but for imports."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield statement.name
        case ast.Assign():
            yield from (
                node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)
            )
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _used(statement: ast.stmt) -> Iterator[str]:
    yield from (node.id for node in ast.walk(statement) if isinstance(node, ast.Name))


def _is_import(statement: ast.stmt) -> bool:
    """Say whether a statement imports, also one under a condition, as imports for types alone are."""
    if isinstance(statement, ast.If):
        return all(map(_is_import, [*statement.body, *statement.orelse]))
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _without_docstring(statement: ast.stmt) -> ast.stmt:
    if isinstance(statement, ast.FunctionDef) and ast.get_docstring(statement) is not None and statement.body[1:]:
        statement.body = statement.body[1:]
    return statement
