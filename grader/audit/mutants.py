"""The mutants of a reference: its file with one slip in what a task computes, as a student could have made it.

The functions of the tasks are mutated, and the private functions and constants that they use. Makers of questions and
other readings are not, nor is what only refuses a wrong question, for a rubric asks none.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from grader.audit.slips import is_signed, slips

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Definition: TypeAlias = ast.FunctionDef | ast.Assign | ast.AnnAssign
LEFT_OUT = frozenset({"annotation", "returns", "decorator_list", "type_params", "items", "func_name"})
"""Fields of the syntax tree that no answer depends on: types, decorators, the head of a `with`."""


@dataclass(frozen=True, slots=True)
class Change:
    """A slip: in which function or constant, on which line, and the statement before and after it."""

    function: str
    line: int
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change, the source with it, and the tasks that compute with what was changed."""

    change: Change
    source: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where a node stands in its parent, and the statement that it belongs to."""

    parent: ast.AST
    field: str
    index: int | None
    statement: ast.stmt

    def get(self) -> ast.AST:
        value = getattr(self.parent, self.field)
        found: ast.AST = value if self.index is None else value[self.index]
        return found

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def mutants_of(source: str, tasks: Sequence[str]) -> Iterator[Mutant]:
    """Yield the mutants of a file for these tasks about numbers, each once, in the order of the file."""
    tree = ast.parse(source)
    modules = frozenset(_modules(tree))
    parts = [ast.unparse(statement) for statement in tree.body]
    users = _users(tree, tasks)
    seen = {tuple(parts)}
    for place_of_part, statement in enumerate(tree.body):
        name = _name_of(statement)
        if name not in users:
            continue
        for place in _places(statement, statement):
            was = place.get()
            for now in _replacements(place, modules):
                before = _head(place.statement)
                place.put(now)
                changed = [*parts[:place_of_part], ast.unparse(statement), *parts[place_of_part + 1 :]]
                after = _head(now if place.get() is now and isinstance(now, ast.stmt) else place.statement)
                place.put(was)
                if tuple(changed) not in seen:
                    seen.add(tuple(changed))
                    change = Change(name, place.statement.lineno, was=before, now=after)
                    yield Mutant(change, "\n".join(changed) + "\n", users[name])


def canonical(statement: str) -> str:
    """Return a statement as this Python writes it, so that a recorded one is found in any layout and version."""
    is_head = statement.rstrip().endswith(":")
    try:
        written = ast.unparse(ast.parse(statement.strip() + ("\n    pass" if is_head else "")))
    except SyntaxError:
        return " ".join(statement.split())
    return written.splitlines()[0] if is_head else written


def _modules(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            yield from (alias.asname or alias.name.split(".")[0] for alias in statement.names)


def _name_of(statement: ast.stmt) -> str:
    match statement:
        case ast.FunctionDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return name
    return ""


def _users(tree: ast.Module, tasks: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return for each function and constant the tasks that compute with it."""
    known = {name: statement for statement in tree.body if (name := _name_of(statement))}
    users: dict[str, list[str]] = {}
    for task in tasks:
        waiting, reached = [task], set[str]()
        while waiting:
            name = waiting.pop()
            if name in reached or name not in known or (name in tasks and name != task):
                continue
            reached.add(name)
            users.setdefault(name, []).append(task)
            waiting.extend(_names_used(known[name]))
    refusing = {name for name, statement in known.items() if _only_refuses(statement)}
    return {name: tuple(found) for name, found in users.items() if name not in refusing}


def _names_used(statement: ast.stmt) -> set[str]:
    """Return the names that a definition takes from outside."""
    nodes = [place.get() for place in _places(statement, statement)]
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return {node.id for node in nodes if isinstance(node, ast.Name)} - own


def _only_refuses(statement: ast.stmt) -> bool:
    """Say whether a function does nothing but raise for arguments that it refuses."""
    if not isinstance(statement, ast.FunctionDef):
        return False
    return all(_is_docstring(one) or _is_guard(one) for one in statement.body)


def _is_docstring(statement: ast.AST) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_guard(statement: ast.AST) -> bool:
    """Say whether a statement only refuses: `if …: raise`, an assertion, a call whose result is not used."""
    match statement:
        case ast.If(body=[*_, ast.Raise()], orelse=[]) | ast.Raise() | ast.Assert():
            return True
        case ast.Expr(ast.Call(ast.Name(name))):
            return name.startswith("_")
    return False


def _places(node: ast.AST, statement: ast.stmt) -> Iterator[_Place]:
    """Yield every place below a node, parents first, without those that no answer depends on."""
    for field, value in ast.iter_fields(node):
        if field in LEFT_OUT:
            continue
        for index, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(item, ast.AST) or _is_docstring(item) or _is_guard(item):
                continue
            if isinstance(item, ast.JoinedStr | ast.expr_context | ast.operator | ast.cmpop):
                continue
            within = item if isinstance(item, ast.stmt) else statement
            yield _Place(node, field, index, statement=within)
            if not is_signed(item):
                yield from _places(item, within)


def _replacements(place: _Place, modules: frozenset[str]) -> Iterator[ast.AST]:
    node = place.get()
    yield from slips(node, modules)
    if isinstance(node, ast.Assign) and _binds_again(node):
        yield ast.Pass()


def _binds_again(node: ast.Assign) -> bool:
    """Say whether it is like `x = f(x)`: without it, there is still an x."""
    targets = {target.id for target in node.targets if isinstance(target, ast.Name)}
    return any(isinstance(part, ast.Name) and part.id in targets for part in ast.walk(node.value))


def _head(statement: ast.AST) -> str:
    """Return a statement without what is indented below it."""
    written = ast.unparse(statement)
    return written.splitlines()[0] if hasattr(statement, "body") else written
