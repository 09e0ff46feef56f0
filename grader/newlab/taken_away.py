"""What a test takes away to see whether students do without it, or use it: put back when the test is over."""

from __future__ import annotations

import ast
import builtins
import contextlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def kept(names: dict[str, Any], tree: ast.Module) -> Iterator[None]:
    """Put back the names that a test deletes or makes None, and what it changes in modules."""
    before = dict(names)
    changes_modules = any(
        isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load) for node in ast.walk(tree)
    )
    modules = [(module, dict(vars(module))) for module in set(sys.modules.values())] if changes_modules else []
    try:
        yield
    finally:
        for name, value in before.items():
            if names.get(name) is None:
                names[name] = value
        for name in [name for name, value in names.items() if value is None and hasattr(builtins, name)]:
            del names[name]
        for module, own in modules:
            for name, value in own.items():
                if vars(module).get(name, own) is not value:
                    setattr(module, name, value)


def taken_away(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Yield what a test makes None, such as `np.convolve` or `map`, and where."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Attribute() as target], value=ast.Constant(value=None)):
                yield ast.unparse(target), node
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=None)) if hasattr(builtins, name):
                yield name, node
