"""Finds the functions in the course's tests: correct variants, and networks that show a known mistake each.

    tests/correct/LAB/TASK.py  every public function earns everything that the task's checks are worth
    tests/wrong/LAB/TASK.py    for a task about networks: every public function shows the known mistake of its name

They are written as students write, with TensorFlow and Keras too. They are parsed here, and run in a kernel only.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from grader.errors import LabError
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from grader.course.folder import Course

Role: TypeAlias = Literal["correct", "wrong"]
FRAMEWORKS = frozenset({"tensorflow", "keras", "torch"})


@dataclass(frozen=True, slots=True)
class Function:
    """A public function of such a file. `framework` says whether it computes with TensorFlow, Keras or PyTorch."""

    role: Role
    task: str
    name: str
    path: Path
    framework: bool

    @property
    def module(self) -> str:
        """Return the name of its file in the kernel."""
        return f"{self.role}_{self.task}"

    @property
    def bound(self) -> str:
        """Return the name by which the kernel is asked for it."""
        return f"{self.module}__{self.name}"


def functions_path(course: Course, role: Role, lab: str, *, task: str) -> Path:
    """Return the file of a task's functions."""
    return course.folder / "tests" / role / lab / f"{task}.py"


def functions_in_tests(course: Course, role: Role, lab: str, *, tasks: Iterable[str]) -> tuple[Function, ...]:
    """Return the public functions of a lab's tasks in their order; raise LabError for a file that does not parse."""
    paths = {task: functions_path(course, role, lab, task=task) for task in tasks}
    return tuple(found for task, path in paths.items() for found in _functions(role, task, path))


def _functions(role: Role, task: str, path: Path) -> Iterator[Function]:
    if not path.is_file():
        return
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError) as error:
        line = getattr(error, "lineno", None) or 1
        problem = f"{type(error).__name__}: {error}"
        raise LabError(say("{file}, line {line}: {problem}", file=path, line=line, problem=problem)) from error
    built_on = _built_on_a_framework(tree)
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef) and not statement.name.startswith("_"):
            yield Function(role, task, statement.name, path=path, framework=statement.name in built_on)


def _built_on_a_framework(tree: ast.Module) -> set[str]:
    """Return the names that a module imports from a framework, and those whose definitions use such a name."""
    found = {name for statement in ast.walk(tree) for name in _imported(statement)}
    definitions = {name: _names(statement) for statement in tree.body for name in _defined(statement)}
    while grown := {name for name, names in definitions.items() if name not in found and names & found}:
        found |= grown
    return found


def _imported(statement: ast.AST) -> Iterator[str]:
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            if alias.name.split(".")[0] in FRAMEWORKS:
                yield alias.asname or alias.name.split(".")[0]
    elif isinstance(statement, ast.ImportFrom) and (statement.module or "").split(".")[0] in FRAMEWORKS:
        yield from (alias.asname or alias.name for alias in statement.names)


def _defined(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def _names(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
