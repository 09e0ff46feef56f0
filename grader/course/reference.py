"""A lab's reference as Python: reference/LAB.py, or what its source notebook, reference/LAB.ipynb, has of it."""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import traceback
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.course.python_file import load_code
from grader.errors import LabError
from grader.messages.sentences import say
from grader.probes.loading import new_module
from grader.probes.scratch import elsewhere
from grader.source.reading import read_source
from grader.source.reference import reference_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import ModuleType

    from grader.course.rubric import Rubric
    from grader.model import DataFile

NOTEBOOK = ".ipynb"


@dataclass(frozen=True, slots=True)
class ReferenceCode:
    """The Python of a reference, and the file that it stands in.

    `cells` is None for a file of Python; of a notebook it has the cell In [n], and the line there, of each line.
    """

    path: Path
    text: str
    cells: tuple[tuple[int, int], ...] | None = None


def reference_code(path: Path, rubric: Rubric, probes: str) -> ReferenceCode:
    """Return the code of a reference; of a notebook what the rubric, and the course's probes, ask about.

    Raises LabError where the file is missing, or is no notebook with marks.
    """
    if path.suffix != NOTEBOOK:
        # What is no UTF-8, and a file that is missing, are told where it is imported.
        return ReferenceCode(path, path.read_text("utf-8", errors="replace") if path.is_file() else "")
    found = reference_text(read_source(path), frozenset(_wanted(rubric, probes)))
    return ReferenceCode(path, found.text, found.places)


def load_reference(code: ReferenceCode, files: Sequence[DataFile]) -> ModuleType:
    """Import a reference; raise LabError, with the place, where it is missing or raises.

    The code of a notebook is run where the lab's data `files` lie; what it prints is dropped.
    """
    if code.cells is None:
        return load_code(code.path)
    try:
        with _quietly(), elsewhere(files), _importing_from_here():
            return new_module(f"course:{code.path.stem}", code.text, str(code.path))
    except (Exception, SystemExit) as error:  # it may raise anything: the user is told
        cell, line = code.cells[_line_of(error, code) - 1]
        problem = f"{type(error).__name__}: {error}"
        sentence = say(
            "{file}, cell In [{cell}], line {line}: {problem}", file=code.path, cell=cell, line=line, problem=problem
        )
        raise LabError(sentence) from error


def _wanted(rubric: Rubric, probes: str) -> Iterator[str]:
    """Yield the names that are asked about: tasks, variables, makers, and whatever a probe speaks of."""
    yield "READINGS"
    yield from re.findall(r"[^\W\d]\w*", probes)
    for name, task in rubric.asked.items():
        yield task.variable or name
        for check in task.checks.values():
            yield from (entry.make for entry in check.questions if entry.make is not None)


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Drop what a notebook shows: what it prints, its warnings, and the windows of its pictures."""
    shown = os.environ.get("MPLBACKEND")
    os.environ["MPLBACKEND"] = "agg"
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.environ.pop("MPLBACKEND")
        if shown is not None:
            os.environ["MPLBACKEND"] = shown


@contextlib.contextmanager
def _importing_from_here() -> Iterator[None]:
    """Let modules of the current folder be imported, and forget them afterwards: another lab may have others."""
    folder, before = os.getcwd(), set(sys.modules)  # noqa: PTH109 (a text is what stands in sys.path)
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", None) or "").startswith(folder):
                del sys.modules[name]


def _line_of(error: BaseException, code: ReferenceCode) -> int:
    if isinstance(error, SyntaxError) and error.filename == str(code.path) and error.lineno:
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(code.path) and frame.lineno]
    return (lines and lines[-1]) or 1
