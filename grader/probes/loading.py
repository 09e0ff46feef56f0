"""Makes a module of its text: of probes, of the laws in a student's kit, of the reference in a source notebook."""

from __future__ import annotations

import functools
from importlib.abc import ExecutionLoader
from importlib.util import module_from_spec, spec_from_loader
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


class _Source(ExecutionLoader):
    """Loads a module from its text, and names the file that this comes from in tracebacks."""

    def __init__(self, source: str, file: str) -> None:
        self._source = source
        self._file = file

    def get_source(self, fullname: str) -> str:  # noqa: ARG002 (there is one)
        return self._source

    def get_filename(self, fullname: str) -> str:
        if not self._file:
            raise ImportError(fullname)
        return self._file


@functools.lru_cache(maxsize=4)  # of one lab: all its questions name the same source
def module_of(name: str, source: str) -> ModuleType:
    """Return a module made of its text; whatever the text raises is raised."""
    return new_module(name, source)


def new_module(name: str, source: str, file: str = "") -> ModuleType:
    """Return a module made of its text, a new one each time; `file` is the text's own, if it has one."""
    loader = _Source(source, file)
    spec = spec_from_loader(name, loader)
    if spec is None:
        raise AssertionError
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module
