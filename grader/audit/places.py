"""Where in a reference a slip can be: every node of a definition on which an answer depends."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.audit.slips import is_signed

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT_OUT = frozenset({"annotation", "returns", "decorator_list", "type_params", "items", "func_name"})
"""Fields of the syntax tree that no answer depends on: types, decorators, the head of a `with`."""


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """Where a node stands in its parent, and the statement that it belongs to."""

    parent: ast.AST
    field: str
    index: int | None
    statement: ast.stmt

    def get(self) -> ast.AST:
        """Return the node that stands there."""
        value = getattr(self.parent, self.field)
        found: ast.AST = value if self.index is None else value[self.index]
        return found

    def put(self, node: ast.AST) -> None:
        """Put another node there."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def is_docstring(statement: ast.AST) -> bool:
    """Say whether a statement is nothing but a constant, which does nothing."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def is_guard(statement: ast.AST) -> bool:
    """Say whether a statement only refuses: `if …: raise`, an assertion, a call whose result is not used."""
    match statement:
        case ast.If(body=[*_, ast.Raise()], orelse=[]) | ast.Raise() | ast.Assert():
            return True
        case ast.Expr(ast.Call(ast.Name(name))):
            return name.startswith("_")
    return False


def places(node: ast.AST, statement: ast.stmt) -> Iterator[Site]:
    """Yield every place below a node, parents first, without those that no answer depends on."""
    for field, value in ast.iter_fields(node):
        if field in LEFT_OUT:
            continue
        for index, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(item, ast.AST) or is_docstring(item) or is_guard(item):
                continue
            if isinstance(item, ast.JoinedStr | ast.expr_context | ast.operator | ast.cmpop):
                continue
            within = item if isinstance(item, ast.stmt) else statement
            yield Site(node, field, index, statement=within)
            if not is_signed(item):
                yield from places(item, within)
