"""The mutants of a reference: its file with one slip in what a task computes, as a student could have made it.

What answers a task is mutated (a function, a variable, what a probe asks for), and the functions and constants that it
uses. Makers of questions and other readings are not, nor is what only refuses a wrong question, for a rubric asks none,
nor the numbers that a variable is computed from.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.audit.places import places
from grader.audit.roots import modules_in, names_of, users_of
from grader.audit.slips import slips

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.audit.places import Site
    from grader.audit.roots import Root


@dataclass(frozen=True, slots=True)
class Change:
    """A slip: in which function or constant, on which line, and the statement before and after it.

    Where the reference is a notebook, `line` is one of the cell In [`cell`].
    """

    function: str
    line: int
    was: str
    now: str
    cell: int | None = None

    def place_in(self, lab: str) -> str:
        """Return where the statement stands in the reference of a lab."""
        if self.cell is None:
            return f"reference/{lab}.py:{self.line}"
        return f"reference/{lab}.ipynb In [{self.cell}]:{self.line}"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change, the source with it, and the tasks that compute with what was changed."""

    change: Change
    source: str
    tasks: tuple[str, ...]


def mutants_of(source: str, roots: Sequence[Root]) -> Iterator[Mutant]:
    """Yield the mutants of a file for the tasks of these roots, each once, in the order of the file."""
    tree = ast.parse(source)
    modules = modules_in(tree)
    parts = [ast.unparse(statement) for statement in tree.body]
    users = users_of(tree, roots)
    seen = {tuple(parts)}
    for place_of_part, statement in enumerate(tree.body):
        used = [name for name in names_of(statement, modules) if name in users]
        if not used:
            continue
        tasks = tuple(dict.fromkeys(task for name in used for task in users[name]))
        for place in places(statement, statement):
            was = place.get()
            for now in _replacements(place, modules):
                before = _head(place.statement)
                place.put(now)
                changed = [*parts[:place_of_part], ast.unparse(statement), *parts[place_of_part + 1 :]]
                after = _head(now if place.get() is now and isinstance(now, ast.stmt) else place.statement)
                place.put(was)
                if tuple(changed) not in seen:
                    seen.add(tuple(changed))
                    change = Change(used[0], place.statement.lineno, was=before, now=after)
                    yield Mutant(change, "\n".join(changed) + "\n", tasks)


def canonical(statement: str) -> str:
    """Return a statement as this Python writes it, so that a recorded one is found in any layout and version."""
    is_head = statement.rstrip().endswith(":")
    try:
        written = ast.unparse(ast.parse(statement.strip() + ("\n    pass" if is_head else "")))
    except SyntaxError:
        return " ".join(statement.split())
    return written.splitlines()[0] if is_head else written


def _replacements(place: Site, modules: frozenset[str]) -> Iterator[ast.AST]:
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
