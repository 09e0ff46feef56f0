"""The files beside a source notebook that it names: data that it reads, modules that it imports, pictures it shows."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from grader.source.model import ManualPart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.source.model import Source

SCRATCH = "grade-new-"
"""How the name of the folder begins in which a notebook runs."""
MOST_FILES = 200
LONGEST_NAME = 200
TOOLS = frozenset({"IPython", "client", "gofer", "google", "ipykernel", "nbgrader", "nose", "otter", "pytest"})
"""Packages that check a notebook or show something in it, and compute nothing."""
_PICTURES = (
    re.compile(r"!\[[^\]]*\]\(\s*(?:<([^>]+)>|([^\s)]+))"),
    re.compile(r"""<img\b[^>]*?\bsrc\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s"'>]+))""", re.IGNORECASE),
    re.compile(r"^ {0,3}\[[^\]]+\]:\s*(?:<([^>]+)>|(\S+))", re.MULTILINE),
)
"""How Markdown names a picture: `![…](cat.png)`, `<img src="cat.png">`, `[cat]: cat.png` for `![…][cat]`."""


def named_beside(source: Source) -> tuple[Path, ...]:
    """Return the files that lie beside the notebook, or in a folder there, and that it names, each once."""
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


def missing_name(error: FileNotFoundError) -> str:
    """Return the name of a file that was not found, as the notebook has it."""
    name = PurePath(error.filename if isinstance(error.filename, str) else re.sub(r" not found\.?$", "", str(error)))
    scratch = next((place for place, part in enumerate(name.parts) if part.startswith(SCRATCH)), -1)
    return PurePath(*name.parts[scratch + 1 :]).as_posix()


def _names(source: Source) -> Iterator[str]:
    for tree, _ in _trees(source):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _may_be_a_path(node.value):
                yield node.value
        for name in _imported(tree):
            yield f"{name.partition('.')[0]}.py"
            yield name.replace(".", "/") + ".py"
    for text in source.texts:
        yield from filter(_may_be_a_path, _pictures(text))


def _pictures(text: str) -> Iterator[str]:
    """Yield what a Markdown cell shows, by its name as it lies in the folder, which may be no file at all."""
    for form in _PICTURES:
        for found in form.finditer(text):
            name = next(filter(None, found.groups()))
            yield unquote(re.split(r"[?#]", name)[0]).removeprefix("./")


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
