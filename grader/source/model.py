"""What a source notebook is made of: for each cell what it is for, and its code with the lines where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from grader.model import CellsWanted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class CodePart:
    """A code cell that is no test: what students are given, what they are to answer, or both.

    `cell` is its In [n] after "Run All", from 1. `code` is the solved code that Python can read: every line stands at
    its own number, those of marks, prompts, hidden tests and magics are blank or `pass`. `answers` are the functions,
    classes and variables, in their order, that lie in marks or have marks inside: what students have to write.
    """

    cell: int
    code: str
    answers: tuple[str, ...] = ()
    question: str = ""
    """The name of the question that it belongs to, as the notebook has it: nbgrader's grade_id, otter's name."""


@dataclass(frozen=True, slots=True)
class AssertionPart:
    """Assertions about what stands before them: a cell of tests, hidden tests of a cell, or a file of tests.

    `code` keeps every line at its own number; a file's is that of the file. `hidden` are the lines that students are
    not given. `points` are None where the notebook says none.
    """

    cell: int
    code: str
    hidden: frozenset[int] = frozenset()
    points: Fraction | None = None
    question: str = ""
    file: Path | None = None
    """Where it stands in a file of its own, as otter's tests/q1.py; `cell` is then that of the check."""


@dataclass(frozen=True, slots=True)
class ManualPart:
    """A question that a person reads: words, a plot, a derivation."""

    cell: int
    """Its place among all cells, from 1, for it may be no code."""
    question: str
    points: Fraction | None
    cells: CellsWanted = field(default_factory=CellsWanted)
    """How its cells are found in what students hand in: by the tag that the stub has, by a heading that is its own."""
    heading: str = ""
    """The heading above it, where there is one."""


Part: TypeAlias = CodePart | AssertionPart | ManualPart


@dataclass(frozen=True, slots=True)
class Source:
    """A solved notebook, read: its parts in their order, and what students are given of it."""

    path: Path
    parts: tuple[Part, ...]
    stub: Mapping[str, object] = field(repr=False)
    """The students' notebook as JSON: no solution, no hidden test, no output."""
    texts: tuple[str, ...] = ()
    """The Markdown cells that students are given, in their order."""
    headings: Mapping[int, str] = field(default_factory=dict)
    """The heading above a code cell, by the cell's In [n]."""

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the names that students have to write, in their order, each once."""
        return tuple(dict.fromkeys(name for part in self.parts if isinstance(part, CodePart) for name in part.answers))
