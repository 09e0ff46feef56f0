"""Imports Python files of the course by their path, under names that no import statement finds."""

from __future__ import annotations

import importlib.util
import inspect
import traceback
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import ModuleType


def load_code(path: Path) -> ModuleType:
    """Import a file that the staff wrote; raise LabError, with the line, where it is missing or raises."""
    spec = importlib.util.spec_from_file_location(f"course:{path.stem}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise LabError(say("{file} is missing: every lab needs its reference there.", file=path))
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a staff file may raise anything: the user is told
        line = _line_of(error, path)
        problem = f"{type(error).__name__}: {error}"
        raise LabError(say("{file}, line {line}: {problem}", file=path, line=line, problem=problem)) from error
    return module


def functions_in(module: ModuleType) -> Mapping[str, Callable[..., object]]:
    """Return the functions that a file defines for others, by name, in its order."""
    return {
        name: found
        for name, found in vars(module).items()
        if inspect.isfunction(found) and not name.startswith("_") and found.__module__ == module.__name__
    }


def _line_of(error: BaseException, path: Path) -> int:
    if isinstance(error, SyntaxError) and error.lineno:
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return (lines and lines[-1]) or 1
