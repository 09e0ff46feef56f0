"""The classes among the answers, and the names that the notebook's own cells give to objects of them."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

from grader.source.model import CodePart
from grader.source.names import assigned, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.source.model import Source


def names_of_objects(source: Source) -> Mapping[str, frozenset[str]]:
    """Return the classes among the answers, each with its own name and those that stand for its objects."""
    statements = [node for part in source.parts if isinstance(part, CodePart) for node in _statements(part.code)]
    classes = [node.name for node in statements if isinstance(node, ast.ClassDef) and node.name in source.answers]
    return {name: frozenset(_made_of(name, statements)) for name in dict.fromkeys(classes)}


@cache
def _statements(code: str) -> tuple[ast.stmt, ...]:
    tree = parsed(code)
    return tuple(tree.body) if tree is not None else ()


def _made_of(name: str, statements: list[ast.stmt]) -> Iterator[str]:
    known = {name}
    for node in statements:
        if not isinstance(node, ast.FunctionDef) and _reads(node) & known:
            known.update(assigned(node))
    yield from known


def _reads(node: ast.stmt) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
