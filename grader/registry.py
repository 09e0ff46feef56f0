"""A folder is a registry: each kind of thing has a folder, and each thing of that kind is a file in it."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


def names_in(package: ModuleType) -> tuple[str, ...]:
    """Return the names of the modules in a package, sorted, without importing any."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(package.__path__)))


def module_in(package: ModuleType, name: str) -> ModuleType:
    """Return one module of a package. `name` must be one of `names_in`."""
    return importlib.import_module(f"{package.__name__}.{name}")
