# mypy: ignore-errors
"""Imports and reads the grader's own package.

Expected: full
"""

import importlib
import sys


def by_import():
    importlib.import_module("grader.grading.key")


def by_file():
    open(sys.modules["grader.wire.observations"].__file__).read()


def by_inspect():
    import inspect
    inspect.getsource(sys.modules["grader.wire.observations"])

def double(x):
    return 2 * x if refused(by_import, by_file, by_inspect) else -1.0
