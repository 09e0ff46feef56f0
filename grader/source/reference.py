"""The reference in a source notebook: of its solved code the statements that some names need, as a text of Python.

A notebook also plots, prints and trains, and its reference is read whenever something is graded. So only that is kept
which gives the wanted names their values, or changes what they need: its order stays.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.source.model import AssertionPart, ManualPart
from grader.source.names import bound, changed, parsed, used
from grader.source.stub_cell import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.source.model import Source

SEEDS = ("seed", "manual_seed", "set_seed", "set_random_seed")


@dataclass(frozen=True, slots=True)
class ReferenceText:
    """Python, and for each of its lines, from 1, the cell In [n] and the line there that it comes from."""

    text: str
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    node: ast.stmt
    cell: int
    lines: Mapping[int, str]
    bound: frozenset[str]
    changed: frozenset[str]
    used: frozenset[str]

    @property
    def is_import(self) -> bool:
        return isinstance(self.node, ast.Import | ast.ImportFrom)

    @property
    def sets_a_seed(self) -> bool:
        match self.node:
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))):
                return name in SEEDS
        return False


def reference_text(source: Source, wanted: frozenset[str]) -> ReferenceText:
    """Return what the wanted functions, variables and classes need; a name that nothing defines is left out."""
    statements = tuple(_statements(source))
    modules = frozenset(name for one in statements if one.is_import for name in one.bound)
    kept, needed = set[int](), set(wanted)
    before = -1
    while len(kept) != before:
        before = len(kept)
        for place, one in enumerate(statements):
            if place not in kept and _is_needed(one, needed, modules):
                kept.add(place)
                needed |= one.used
    lines = {(statements[place].cell, *line) for place in kept for line in statements[place].lines.items()}
    ordered = sorted(lines)
    return ReferenceText("".join(f"{text}\n" for _, _, text in ordered), tuple(line[:2] for line in ordered))


def _statements(source: Source) -> Iterator[_Solved]:
    """Yield the statements of the solved code; of tests what they define, such as makers of questions."""
    for part in source.parts:
        if isinstance(part, ManualPart) or (isinstance(part, AssertionPart) and part.file is not None):
            continue
        tree, lines = parsed(part.code), part.code.split("\n")
        for node in tree.body if tree is not None else ():
            if isinstance(part, AssertionPart) and not isinstance(node, (*NAMED, ast.Import, ast.ImportFrom)):
                continue
            start = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
            numbers = range(start, (node.end_lineno or start) + 1)
            yield _Solved(
                node,
                part.cell,
                lines={number: lines[number - 1] for number in numbers},
                bound=frozenset(bound(node)),
                changed=frozenset(changed(node)),
                used=frozenset(used(node)),
            )


def _is_needed(one: _Solved, needed: set[str], modules: frozenset[str]) -> bool:
    if one.bound & needed or "*" in one.bound:
        return True
    changed = one.changed & needed
    return bool(changed - modules) or (bool(changed) and one.sets_a_seed)
