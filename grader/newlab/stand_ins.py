"""What stands in the place of packages that a notebook's tests import and that grading does without.

otter, okpy and gofer check a notebook from within, which is not wanted here; nose is not to be had for a new Python.
"""

from __future__ import annotations

import re
import unittest
from types import ModuleType
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PACKAGES = ("client.api.notebook", "gofer.ok", "nose.tools", "otter.test_files", "otter.assign")


def stand_ins() -> Mapping[str, ModuleType]:
    """Return the modules by their names, those that they lie in too."""
    made: dict[str, ModuleType] = {}
    for package in PACKAGES:
        parts = package.split(".")
        for count in range(1, len(parts) + 1):
            name = ".".join(parts[:count])
            module = made.setdefault(name, _anything(name))
            if count > 1:
                setattr(made[".".join(parts[: count - 1])], parts[count - 1], module)
    vars(made["nose.tools"]).update(_of_nose())
    vars(made["otter.test_files"]).update(test_case=_as_it_is)
    return made


def builtins_of_a_notebook() -> Mapping[str, object]:
    """Return the names that IPython gives to every notebook: they do nothing here."""
    return {"display": MagicMock(return_value=None), "get_ipython": MagicMock()}


def _anything(name: str) -> ModuleType:
    """Return a module of which every name can be imported and called."""
    module = ModuleType(name)
    vars(module).update(__path__=[], Notebook=MagicMock, __getattr__=lambda _: MagicMock())
    return module


def _of_nose() -> Mapping[str, object]:
    """Return unittest's assertions, by the names that nose has for them."""
    case = unittest.TestCase()
    names = [name for name in dir(case) if name.startswith("assert") and name != "assert_"]
    found: dict[str, Any] = {_snake(name): getattr(case, name) for name in names}
    return {**found, "eq_": case.assertEqual, "ok_": case.assertTrue, "__all__": [*found, "eq_", "ok_"]}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _as_it_is(*_: object, **__: object) -> Callable[[object], object]:
    """Decorate nothing, as `@test_case(points=1)` does here."""
    return lambda function: function
