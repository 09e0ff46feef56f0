"""Runs one statement of a teacher's code in a module that others have been run in."""

from __future__ import annotations

import ast
from importlib.abc import InspectLoader
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType


def run_statement(statement: ast.stmt, file: str, module: ModuleType) -> None:
    """Run a statement, as one of a file, with the names of a module; whatever it raises is raised."""
    _Statement(statement, file).exec_module(module)


class _Statement(InspectLoader):
    def __init__(self, statement: ast.stmt, file: str) -> None:
        self._tree = ast.Module([statement], [])
        self._file = file

    def get_source(self, fullname: str) -> None:  # noqa: ARG002 (it is a tree)
        return None

    def get_code(self, fullname: str) -> Any:  # noqa: ANN401, ARG002 (a code object)
        return self.source_to_code(self._tree, self._file)
