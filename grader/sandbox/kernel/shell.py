"""IPython's shell for a grader: lines keep their numbers, and what cannot work while grading costs itself only."""

from __future__ import annotations

import builtins
import contextlib
import difflib
import os
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.utils.text import SList

from grader.model import PassedOver, Place, Refusal
from grader.sandbox.kernel.passing_over import may_have_given, names_of, passing_over
from grader.sandbox.kernel.reading_cells import Compiler, KeepsLines, blank_lines, is_plain
from grader.sandbox.kernel.refusals import refusal_of
from grader.sandbox.kernel.unavailable import NotAvailableError, Unavailable

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

MOST_PASSED_OVER = 100
"""Of one cell: what else is passed over goes without a word."""

SPELLED_ALIKE = 0.8
"""From here on a name that is not defined is taken for a typing error (difflib's measure)."""

OFTEN_MISSPELLED = ("numpy", "matplotlib", "tensorflow", "keras", "pandas", "scipy", "sklearn", "seaborn", "torch")

NO_PROGRAM = 127
"""The exit status by which a shell says that there is no such program."""

RUN_PYTHON = frozenset({"time", "timeit", "prun", "run", "capture", "code_wrap"})
"""Magics that run the student's code: what that raises is raised."""

DEBUGGERS = frozenset({"debug", "pdb"})

MEASURES = frozenset({"time", "timeit", "capture", "prun"})
"""Cell magics behind whose line the cell goes on as Python."""

DOWNLOADS = re.compile(r"\b(?:git|wget|curl|gdown|unzip|cp)\b")
A_MODULE = re.compile(r"([\w-]+)(?:\.py|\.git)?(?=[\s'\"?]|$)")
INSTALLS = re.compile(r"\b(?:pip3?|conda|mamba|uv)\b.*?\binstall\b(.*)")
A_PACKAGE = re.compile(r"[\w.-]+")


class Shell(ZMQInteractiveShell):
    """IPython's shell, without searching each cell for its own syntax twice, and compiling it once more for `await`."""

    compiler_class = Compiler
    _transformed: tuple[str, str] | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 (as in IPython)
        super().__init__(*arguments, **options)  # type: ignore[no-untyped-call]
        self.input_transformer_manager = KeepsLines()  # type: ignore[no-untyped-call]
        self.passed_over: list[PassedOver] = []
        """What was passed over in the running cell."""
        self.installed: set[str] = set()
        """What the notebook asked to be installed or downloaded, as it would be imported."""
        self._is_in_cell = False
        self._guarded: list[ast.stmt] = []
        self._elsewhere = False
        """Whether the notebook wanted to go to a folder that is not here."""
        self._paths = frozenset(sys.path)
        self._all_names_of: list[Refusal] = []
        """The packages that `from … import *` did not find."""

    @property
    def _compiler(self) -> Compiler:
        return cast("Compiler", self.compile)

    def begin_cell(self, number: int) -> None:
        """Run a cell under this number from now on, and note what is passed over anew."""
        self._compiler.cell, self._compiler.body, self.passed_over = number, None, []
        self._is_in_cell = True

    def end_cell(self) -> None:
        """Note that what is called from now on is no part of a cell."""
        self._is_in_cell = False

    def ask_exit(self) -> None:
        """Do nothing where a cell quits, since its functions are still asked; end the call where a function does.

        ipykernel would end the process a tenth of a second later, in the middle of whatever is asked then.

        Raises SystemExit outside of a cell.
        """
        if not self._is_in_cell:
            raise SystemExit

    def transform_cell(self, raw_cell: str) -> str:
        """Return the cell as plain Python. A result is used once more only: a cell may change how cells are read."""
        known, self._transformed = self._transformed, None
        if known is not None and known[0] == raw_cell:
            return known[1]
        plain = self._is_as_it_was() and is_plain(raw_cell)
        ended = raw_cell if raw_cell.endswith("\n") else f"{raw_cell}\n"
        self._transformed = (raw_cell, ended if plain else blank_lines(raw_cell) + self._read(raw_cell))
        return self._transformed[1]

    def _read(self, raw_cell: str) -> str:
        return str(super().transform_cell(raw_cell))  # type: ignore[no-untyped-call]

    def transform_ast(self, node: ast.AST) -> ast.AST:
        """Return the cell's statements so that one that is refused is passed over."""
        return passing_over(super().transform_ast(node), self._guarded)  # type: ignore[no-untyped-call]

    def should_run_async(self, raw_cell: str, **options: Any) -> bool:  # noqa: ANN401 (as in IPython)
        """Say whether a cell awaits something outside of any function."""
        return ("await" in raw_cell or "async" in raw_cell) and super().should_run_async(raw_cell, **options)

    def refused(self, error: BaseException) -> Refusal | None:
        """Return what the surroundings refused, None where an error is the student's own."""
        try:
            return refusal_of(error, self._compiler.is_notebook, self.installed) or self._may_be_elsewhere(error)
        except Exception:  # noqa: BLE001 (a student's exception may do anything when it is looked at)
            return None

    def _may_be_elsewhere(self, error: BaseException) -> Refusal | None:
        """Return the package of which a name, or the folder of which a module, may well be."""
        match error:
            case NameError(name=str() as name) if self._may_have_come(name):
                return self._all_names_of[0]
            case ModuleNotFoundError(name=str() as name) if "." not in name and self._looks_elsewhere():
                is_misspelled = difflib.get_close_matches(name, OFTEN_MISSPELLED, cutoff=SPELLED_ALIKE)
                return None if is_misspelled else Refusal("package", name)
        return None

    def _looks_elsewhere(self) -> bool:
        """Say whether modules would also come from a folder of the student's that is not here."""
        return self._elsewhere or any(path not in self._paths and not Path(str(path)).exists() for path in sys.path)

    def _may_have_come(self, name: str) -> bool:
        """Say whether a name may be one of a missing package all of whose names were imported, and no typing error."""
        return bool(self._all_names_of) and not difflib.get_close_matches(
            name, (*self.user_ns, *dir(builtins)), cutoff=SPELLED_ALIKE
        )

    def passes_over(self, number: int) -> type[BaseException] | tuple[()]:
        """Return which exceptions a statement's handler takes: all, if the one that was raised is a refusal.

        What the statement would have given a name stands for the refusal from now on. A module stays what it is
        (`import cupy as np` where NumPy is `np`).
        """
        error, statement = sys.exc_info()[1], self._guarded[number]
        if error is None or (refusal := self.refused(error)) is None:
            return ()
        self.note(refusal, statement.lineno)
        keep = may_have_given(statement)
        for name in names_of(statement):
            if name == "*":
                self._all_names_of.append(refusal)
            elif name not in self.user_ns or not (keep or isinstance(self.user_ns[name], ModuleType)):
                self.user_ns[name] = Unavailable(refusal)
        return BaseException

    def note(self, refusal: Refusal, line: int | None = None) -> None:
        """Note what was passed over: at a line of the running cell, else where in the notebook this was called."""
        cell = self._compiler.cell
        place = next(self._places(), None) if line is None or cell is None else Place(cell, line)
        if place is not None and len(self.passed_over) < MOST_PASSED_OVER:
            self.passed_over += [one for one in (PassedOver(place, refusal),) if one not in self.passed_over]

    def system(self, cmd: str) -> None:
        """Run a command, if programs can be started; else it fails as a command does, and nothing is raised."""
        self._learn(cmd)
        expanded = self.var_expand(cmd, depth=1)  # type: ignore[no-untyped-call]  # here the caller's names are at hand
        for way in (super().system, self.system_raw):  # the first one needs a terminal
            with contextlib.suppress(Exception):  # a missing shell, a refused fork: pexpect has kinds of its own
                way(expanded)  # type: ignore[no-untyped-call]
                return
        self._no_program()

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:  # noqa: ANN401, FBT001, FBT002 (as in IPython)
        """Return a command's output, if programs can be started; else no output."""
        self._learn(cmd)
        try:
            return super().getoutput(cmd, split, depth + 1)  # type: ignore[no-untyped-call]
        except Exception:  # noqa: BLE001 (same)
            self._no_program()
            return NoOutput() if split else ""

    def no_system(self, command: str) -> int:
        """Fail as `os.system` does where no shell can be started."""
        self._learn(command)
        self._no_program()
        return NO_PROGRAM << 8

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:  # noqa: ANN401 (as in IPython)
        """Run a magic. It is no Python: one that does not work here is passed over."""
        if magic_name in DEBUGGERS:
            return self.note(Refusal("debugger"))
        before = _here()
        try:
            result = super().run_line_magic(magic_name, line, _stack_depth + 1)
        except Exception as error:
            if _has_no_file(error):
                return self.note(Refusal("file", line.strip()))
            if magic_name in RUN_PYTHON:
                raise
            return self.note(self.refused(error) or Refusal("magic", f"%{magic_name} {line}".strip()))
        if magic_name == "cd" and line.strip() and before == _here():
            self._elsewhere = True
            self.note(Refusal("file", line.strip()))
        return result

    def magic(self, line: str) -> Any:  # noqa: ANN401 (same)
        """Run a magic by its whole line, as IPython could before its version 9: exported notebooks do that."""
        name, _, rest = line.lstrip("%").partition(" ")
        return self.run_line_magic(name, rest, 2)

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:  # noqa: ANN401 (same)
        """Run a cell behind a magic, with the lines that it has in the notebook."""
        if magic_name in DEBUGGERS:
            return self.note(Refusal("debugger"))
        if magic_name in MEASURES:
            return self._measured(magic_name, line, cell)
        try:
            return super().run_cell_magic(magic_name, line, cell)  # type: ignore[no-untyped-call]
        except Exception as error:
            if magic_name in RUN_PYTHON:
                raise
            return self.note(self.refused(error) or Refusal("magic", f"%%{magic_name}"))

    def _measured(self, magic_name: str, line: str, cell: str) -> Any:  # noqa: ANN401 (same)
        before = next((place.line or 1 for place in self._places()), 1)
        body = "\n" * before + cell
        outer, self._compiler.body = self._compiler.body, self._compiler.cache(body)
        try:
            if magic_name == "prun":
                return self._raising(self.run_cell(body))  # type: ignore[no-untyped-call]
            result = super().run_cell_magic(magic_name, line, body)  # type: ignore[no-untyped-call]
        finally:
            self._compiler.body = outer
        if magic_name == "capture":
            self._raising(self.last_execution_result)
        return result

    def _raising(self, result: Any) -> None:  # noqa: ANN401 (IPython's ExecutionResult)
        """Raise what the code behind a magic has raised."""
        if result is not None:
            result.raise_error()

    def _places(self) -> Iterator[Place]:
        """Yield where in the notebook this is called from, the innermost place first."""
        frame = sys._getframe(1)  # noqa: SLF001 (there is no other way that costs little)
        while frame is not None:
            if self._compiler.is_notebook(name := frame.f_code.co_filename):
                yield Place(self._compiler._filename_map[name], frame.f_lineno)  # noqa: SLF001 (see PRIVATE_NAMES)
            frame = frame.f_back  # type: ignore[assignment]

    def _no_program(self) -> None:
        self.user_ns["_exit_code"] = NO_PROGRAM
        self.note(Refusal("program"))

    def _learn(self, command: str) -> None:
        """Keep the packages that a command asks to be installed."""
        if (found := INSTALLS.search(command)) is not None:
            words = [word.strip("'\"") for word in found[1].split() if not word.startswith("-")]
            packages = [one[0] for word in words if (one := A_PACKAGE.match(word)) is not None]
            self.installed |= {package.lower().replace("-", "_") for package in packages}
        elif DOWNLOADS.search(command) is not None:
            self.installed |= {name.lower().replace("-", "_") for name in A_MODULE.findall(command)}

    def _is_as_it_was(self) -> bool:
        """Say whether cells are still read as at the beginning."""
        manager, original = self.input_transformer_manager, KeepsLines()  # type: ignore[no-untyped-call]
        return not self.input_transformers_post and vars(manager) == vars(original)


class NoOutput(SList):
    """The lines of a command that was not run: there are none, and to want a certain one is to want a program."""

    def __getitem__(self, place: Any) -> Any:  # noqa: ANN401 (as in a list)
        if isinstance(place, slice):
            return NoOutput()
        raise NotAvailableError(Refusal("program"))


def _here() -> str:
    with contextlib.suppress(OSError):  # the working folder may be gone
        return os.getcwd()  # noqa: PTH109 (it is compared only)
    return ""


def _has_no_file(error: Exception) -> bool:
    """Say whether `%run` found no file of its name."""
    return type(error) is Exception and "not found" in str(error)
