"""The files beside a source notebook that its code names: data that it reads, and modules that it imports."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from grader.source.model import ManualPart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.source.model import Source

MOST_FILES = 200
LONGEST_NAME = 200
TOOLS = frozenset({"IPython", "client", "gofer", "google", "ipykernel", "nbgrader", "nose", "otter", "pytest"})
"""Packages that check a notebook or show something in it, and compute nothing."""


def named_beside(source: Source) -> tuple[Path, ...]:
    """Return the files that lie beside the notebook, or in a folder there, and that its code names, each once."""
    folder = source.path.parent
    found: dict[Path, None] = {}
    for name in _names(source):
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            inside = sorted(one for one in path.rglob("*") if one.is_file())
            found.update(dict.fromkeys(inside[:MOST_FILES]))
        elif path.is_file() and path != source.path:
            found[path] = None
    return tuple(path for path in found if path.resolve().is_relative_to(folder.resolve()))


def packages_of(source: Source) -> tuple[str, ...]:
    """Return the packages of others that the notebook's own cells import, in their order."""
    folder = source.path.parent
    trees = (tree for tree, is_test in _trees(source) if not is_test)
    names = dict.fromkeys(name.partition(".")[0] for tree in trees for name in _imported(tree))
    own = {name for name in names if (folder / f"{name}.py").is_file() or (folder / name).is_dir()}
    known = sys.stdlib_module_names | TOOLS | own
    return tuple(name for name in names if name not in known)


def _names(source: Source) -> Iterator[str]:
    for tree, _ in _trees(source):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _may_be_a_path(node.value):
                yield node.value
        for name in _imported(tree):
            yield f"{name.partition('.')[0]}.py"
            yield name.replace(".", "/") + ".py"


def _may_be_a_path(text: str) -> bool:
    is_plain = 0 < len(text) < LONGEST_NAME and text.isprintable() and text.strip(". /") != ""
    return is_plain and ".." not in text.split("/") and not text.startswith("/")


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _trees(source: Source) -> Iterator[tuple[ast.Module, bool]]:
    """Yield the code of each part that Python can read, and whether it is a test."""
    for part in source.parts:
        if isinstance(part, ManualPart):
            continue
        try:
            yield ast.parse(part.code), not hasattr(part, "answers")
        except SyntaxError:  # it is reported where the part is run
            continue
