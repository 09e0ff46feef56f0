"""Functions that a test gives as arguments, as functions of probes/NAME.py: those whose text says what they need."""

from __future__ import annotations

import ast
import builtins
import linecache
import textwrap
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.model import Given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.newlab.heard import Unwritable

PLAIN = (bool, int, float, str, type(None))


class GivenFunctions:
    """The functions that were given, by their names; each text once."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        """The text of each function, by its name."""
        self._needs: dict[str, None] = {}
        """The lines that the functions need before them: imports and numbers."""

    def given(self, value: Unwritable) -> Given | None:
        """Return a function as a rubric names it; None for one that is not made of its own text alone."""
        found = value.found
        if isinstance(found, np.ufunc):
            self._needs["import numpy as np"] = None
            name = found.__name__
            return self._named(name, f"def {name}(*given):\n    return np.{name}(*given)")
        if not isinstance(found, FunctionType) or hasattr(found, "__wrapped__"):  # an answer is the students' own
            return None
        node = _node_of(found)
        if node is None or found.__closure__ or found.__defaults__ or found.__kwdefaults__:
            return None
        needs = [_need(name, found.__globals__) for name in _free(node)]
        if None in needs:
            return None
        self._needs.update(dict.fromkeys(need for need in needs if need))
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = []
            return self._named(node.name, ast.unparse(node))
        return self._named("", ast.unparse(node))

    @property
    def text(self) -> str:
        """Return the file that has them all; empty where none was given."""
        if not self._texts:
            return ""
        head = '"""Functions that questions give as arguments: `{function: NAME}` in the rubric."""'
        return "\n\n\n".join(["\n".join([head, "", *self._needs]).strip("\n"), *self._texts.values()]) + "\n"

    def _named(self, name: str, text: str) -> Given:
        """Keep a text under its name, or, where another has it, under the next one; a lambda gets a name."""
        wanted, place = name or "function", 1
        while True:
            chosen = wanted if name and place == 1 else f"{wanted}_{place}"
            whole = f"def {chosen}" + text[text.index("(") :] if name else _as_function(chosen, text)
            if self._texts.setdefault(chosen, whole) == whole:
                return Given(chosen)
            place += 1


def _as_function(name: str, text: str) -> str:
    node = ast.parse(text, mode="eval").body
    if not isinstance(node, ast.Lambda):
        raise TypeError(text)
    return f"def {name}({ast.unparse(node.args)}):\n    return {ast.unparse(node.body)}"


def _node_of(function: FunctionType) -> ast.FunctionDef | ast.Lambda | None:
    """Return the syntax tree of a function: of several lambdas in one line the one that its code is in."""
    code = function.__code__
    try:
        tree = ast.parse(textwrap.dedent("".join(linecache.getlines(code.co_filename))))
    except SyntaxError:
        return None
    if function.__name__ != "<lambda>":
        named = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == code.co_name)
        return next((node for node in named if _first_line(node) == code.co_firstlineno), None)
    places = [place for place in code.co_positions() if place[0] is not None and place[2]]
    around = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda) and _holds(node.body, places)]
    return max(around, key=lambda node: (node.lineno, node.col_offset), default=None)


def _first_line(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(one.lineno for one in node.decorator_list)])


def _holds(node: ast.expr, places: list[tuple[Any, ...]]) -> bool:
    start, end = (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
    return bool(places) and all(start <= (place[0], place[2]) and (place[1], place[3]) <= end for place in places)


def _free(node: ast.AST) -> Iterator[str]:
    """Yield the names that a function reads and does not give itself."""
    own = {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
    own |= {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)}
    own |= {one.name for one in ast.walk(node) if isinstance(one, ast.FunctionDef)}
    read = (one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load))
    yield from dict.fromkeys(name for name in read if name not in own)


def _need(name: str, names: dict[str, Any]) -> str | None:
    """Return the line that gives a name its value in the file; empty for Python's own, None where a line cannot."""
    if name not in names:
        return "" if hasattr(builtins, name) else None
    value = names[name]
    if isinstance(value, ModuleType):
        return f"import {value.__name__}" if value.__name__ == name else f"import {value.__name__} as {name}"
    if isinstance(value, PLAIN):
        return f"{name} = {value!r}"
    module = getattr(value, "__module__", None) or ""
    home = "numpy" if isinstance(value, np.ufunc) else module
    is_imported = (
        callable(value) and home not in {"", "__main__", "builtins"} and getattr(value, "__name__", "") == name
    )
    return f"from {home} import {name}" if is_imported else None
