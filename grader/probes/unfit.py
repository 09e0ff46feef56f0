"""What a function of the notebook returned, a probe could not use: told as the function's, not as the probe's fault."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from grader.model import Unfit
from grader.probes.loading import module_of
from grader.wire.values import LONGEST_MESSAGE, LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, TracebackType

    from grader.model import Probe

_UNPACKING = re.compile(r"unpack|iteration over a 0-d")
"""What Python says of a value that is no tuple of the wanted length, and NumPy and PyTorch of a single number."""
LAB = 0
"""The place of `lab` among a probe's parameters."""


def unfit_of(error: BaseException, probe: Probe, is_notebook: Callable[[str], bool]) -> Unfit | None:
    """Return what a probe stumbled over, where an error came of its own code; None where it came of the notebook's.

    `is_notebook` says of a file's name whether it is a cell of the notebook.
    """
    line = _line(error.__traceback__, probe, is_notebook)
    if line is None:
        return None
    target, function = _call(probe, line)
    if function is None:
        return None
    kind, message = type(error).__name__, str(error)
    is_unpacked = bool(target) and isinstance(error, TypeError | ValueError) and _UNPACKING.search(message)
    return Unfit(
        function[:LONGEST_NAME],
        returned=_returned(message)[:LONGEST_NAME] if is_unpacked else "",
        needs=target[:LONGEST_NAME] if is_unpacked else "",
        kind=kind[:LONGEST_NAME],
        message=message[:LONGEST_MESSAGE],
    )


def _line(trace: TracebackType | None, probe: Probe, is_notebook: Callable[[str], bool]) -> int | None:
    """Return the line of the probes' source in which an error arose; None where it arose in the notebook."""
    if not probe.source:
        return None
    names, line = vars(module_of("probes", probe.source)), None
    while trace is not None:
        code: CodeType = trace.tb_frame.f_code
        if trace.tb_frame.f_globals is names:
            line = trace.tb_lineno
        elif is_notebook(code.co_filename):
            line = None
        trace = trace.tb_next
    return line


def _call(probe: Probe, line: int) -> tuple[str, str | None]:
    """Return the last function of `lab` that is called up to a line, after what its answer is assigned to.

    That is empty where something else is assigned than what the function itself returned.
    """
    target, function = "", None
    for node in ast.walk(ast.parse(probe.source)):
        match node:
            case ast.FunctionDef(args=ast.arguments(args=[ast.arg(arg=lab), *_])) if _holds(node, line):
                for one in sorted(_statements(node, line), key=lambda one: one.lineno):
                    if (called := _called(one, lab)) is not None:
                        function = called
                        target = _target(one, lab)
    return target, function


def _holds(node: ast.FunctionDef, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _statements(node: ast.FunctionDef, line: int) -> list[ast.stmt]:
    return [one for one in ast.walk(node) if isinstance(one, ast.stmt) and one is not node and one.lineno <= line]


def _target(statement: ast.stmt, lab: str) -> str:
    match statement:
        case ast.Assign([target], ast.Call(func=ast.Attribute(value=ast.Name(id=name)))) if name == lab:
            return ast.unparse(target)
    return ""


def _called(statement: ast.stmt, lab: str) -> str | None:
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=function)) if name == lab:
                return function
    return None


def _returned(message: str) -> str:
    """Return how many values came, or the type of the one that did, from Python's own words."""
    if found := re.search(r"got (\d+)\)", message):
        return found[1]
    if found := re.search(r"cannot unpack non-(?:iterable|sequence) (\S+)", message):
        return found[1]
    return "more" if message.startswith("too many") else "1"
