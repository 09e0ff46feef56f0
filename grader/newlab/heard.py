"""What is heard while the tests of a solved notebook run: calls, variables that are read, and tests that fail."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping
    from types import FunctionType

    from grader.model import Value
    from grader.source.model import AssertionPart


@dataclass(frozen=True, slots=True)
class Position:
    """Where an expression stands in a test: lines from 1, columns from 0, as a syntax tree has them."""

    line: int
    column: int
    end_line: int
    end_column: int


def position_of(node: ast.expr) -> Position:
    """Return where an expression of a syntax tree stands."""
    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
    return Position(node.lineno, node.col_offset, end_line=end_line, end_column=end_column)


@dataclass(frozen=True, slots=True, eq=False)
class Unwritable:
    """A value that a rubric cannot write, by the name of its type; `found` is the value itself."""

    kind: str
    found: object = field(repr=False)


Written: TypeAlias = "Value | Unwritable"
Again: TypeAlias = Literal["same", "random", "state", "raises"]
"""What is answered to the same question in the end: the same, or otherwise by luck, by what ran before, by an error."""


@dataclass(frozen=True, slots=True, eq=False)
class HeardCall:
    """A call of an answer by a test: arguments as they were before it, by the names of the parameters."""

    test: AssertionPart
    name: str
    inputs: Mapping[str, Written]
    positions: tuple[Position, ...]
    """Where the test's own code calls, the innermost first."""
    returned: Written
    raised: BaseException | None = None
    printed: str = ""
    changed: tuple[str, ...] = ()
    """The arguments that the call has changed."""
    starred: tuple[str, ...] = ()
    """The parameters that no question can give: `*args`, `**options`, keywords alone."""
    seconds: float = 0.0
    again: Again = "same"
    error: str = ""
    """What it raises when it is asked again."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadVariable:
    """A variable among the answers that a test reads, as it was then."""

    test: AssertionPart
    name: str
    position: Position
    value: Written
    again: Again = "same"


@dataclass(frozen=True, slots=True, eq=False)
class FailedStatement:
    """A statement that raised with the solution itself. `test` is None where it is no test's."""

    cell: int
    line: int
    error: BaseException
    test: AssertionPart | None = None
    seconds: float = 0.0
    """How long it ran, where that was too long: `error` is then the KeyboardInterrupt that stopped it."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """All that was heard of one notebook. `names` is what it has in the end, without its tests."""

    calls: tuple[HeardCall, ...]
    variables: tuple[ReadVariable, ...]
    failed: tuple[FailedStatement, ...]
    names: Mapping[str, Any]
    functions: Mapping[str, FunctionType]
    """The functions among the answers, as the notebook has them in the end, without its tests."""
    broken: Mapping[str, str] = field(default_factory=dict)
    """The answers that cannot stand in a reference, and the error of each."""
    seconds: float = 0.0
    stopped: bool = False
    """Whether the time was up before the end."""
