"""What of a reference answers a task: its function, variable or class, and all that this computes with."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.audit.places import is_docstring, is_guard, places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.course.lab import Lab

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
"""What has names of its own."""


@dataclass(frozen=True, slots=True)
class Root:
    """Where the answer to a task begins in the reference: in its function, its variable, or all that a probe asks for.

    `asks_parts` says that another task may ask for the rest of it, as two probes do of one class.
    """

    task: str
    names: frozenset[str]
    is_variable: bool = False
    asks_parts: bool = False


def called(task: str) -> Root:
    """Return the root of a task that is answered by the function of its name."""
    return Root(task, frozenset({task}))


def roots_of(lab: Lab, tasks: Iterable[str]) -> tuple[Root, ...]:
    """Return the roots of these tasks; none for a probe that asks for nothing by name."""
    return tuple(root for task in tasks if (root := _root(lab, task)).names)


def _root(lab: Lab, task: str) -> Root:
    manner = lab.manner(task)
    if manner.variable is not None:
        return Root(task, frozenset({manner.variable}), is_variable=True)
    if manner.probe is None or not manner.probe.source:
        return called(task)
    asked_for = _asked_for(manner.probe.source, manner.probe.name) & set(vars(lab.reference))
    return Root(task, frozenset(asked_for), asks_parts=True)


def _asked_for(source: str, probe: str) -> set[str]:
    """Return what a probe, and the functions of its file that it uses, may ask for: attributes and texts."""
    known = {one.name: one for one in ast.parse(source).body if isinstance(one, ast.FunctionDef)}
    waiting, found, read = [probe], set[str](), set[str]()
    while waiting:
        name = waiting.pop()
        if name in read or name not in known:
            continue
        read.add(name)
        nodes = list(ast.walk(known[name]))
        found |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        found |= {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        waiting += [node.id for node in nodes if isinstance(node, ast.Name)]
    return found


def modules_in(tree: ast.Module) -> frozenset[str]:
    """Return the names of imported modules, such as np."""
    imports = [statement for statement in tree.body if isinstance(statement, ast.Import)]
    return frozenset(alias.asname or alias.name.split(".")[0] for one in imports for alias in one.names)


def names_of(statement: ast.stmt, modules: frozenset[str]) -> tuple[str, ...]:
    """Return what a statement defines, computes or changes."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return (statement.name,)
    if isinstance(statement, ast.AnnAssign) and statement.value is None:
        return ()
    return tuple(name for name in dict.fromkeys(_changed(statement)) if name not in modules)


def _changed(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
            yield name
        case ast.Expr(ast.Call(ast.Attribute(ast.Name(id=name)))):
            yield name
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, COMPREHENSIONS):
            yield from _changed(child)


def users_of(tree: ast.Module, roots: Sequence[Root]) -> Mapping[str, tuple[str, ...]]:
    """Return for each function, class, variable and constant the tasks that compute with it."""
    modules, known = modules_in(tree), dict[str, list[ast.stmt]]()
    for statement in tree.body:
        for name in names_of(statement, modules):
            known.setdefault(name, []).append(statement)
    owned = {name for root in roots for name in root.names}
    given = _given(known, modules)
    users: dict[str, list[str]] = {}
    for root in roots:
        waiting, reached = sorted(root.names), set[str]()
        while waiting:
            name = waiting.pop()
            if name in reached or name not in known or (name in owned and name not in root.names):
                continue
            reached.add(name)
            if name in root.names or not (root.is_variable and name in given):
                users.setdefault(name, []).append(root.task)
            waiting.extend(one for statement in known[name] for one in _names_used(statement))
    refusing = {name for name, statements in known.items() if all(map(_only_refuses, statements))}
    return {name: tuple(found) for name, found in users.items() if name not in refusing}


def _given(known: Mapping[str, Sequence[ast.stmt]], modules: frozenset[str]) -> frozenset[str]:
    """Return what stands in the file as numbers, and is not computed: students are given it."""
    plain = modules | frozenset(vars(builtins))
    return frozenset(
        name
        for name, statements in known.items()
        if all(isinstance(one, ast.Assign | ast.AnnAssign) and _names_used(one) <= plain for one in statements)
    )


def _names_used(statement: ast.stmt) -> set[str]:
    """Return the names that a definition takes from outside."""
    nodes = [place.get() for place in places(statement, statement)]
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return {node.id for node in nodes if isinstance(node, ast.Name)} - own


def _only_refuses(statement: ast.stmt) -> bool:
    """Say whether a function does nothing but raise for arguments that it refuses."""
    if not isinstance(statement, ast.FunctionDef):
        return False
    return all(is_docstring(one) or is_guard(one) for one in statement.body)
