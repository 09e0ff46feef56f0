"""What each cell of a source notebook is for, told by nbgrader's metadata, by otter's blocks, or by its marks."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from grader.source.json_form import nbgrader_of, source_of
from grader.source.marks import CellPlace, MarkedLine, marked
from grader.source.names import parsed
from grader.source.otter import NO_HEAD, OtterBlock, TestHead, is_of_the_grader, test_head
from grader.source.stub_cell import Solution, answers_of, solved
from grader.submission.definitions import foreign_magic
from grader.submission.python_cells import without_ipython

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

Use: TypeAlias = Literal["given", "answer", "test", "prompt", "grader", "text"]

MANUAL = "manual"
"""The tag of a question for a person that has no name."""
_WHOLE = re.compile(r"\s*#+[ \t]*SOLUTION[ \t]*#*[ \t]*(?:\n|$)", re.IGNORECASE)
_ASSERTS = re.compile(r"assert\w*")


@dataclass(frozen=True, slots=True, eq=False)
class SourceCell:
    """A cell as it was read. `code` is the solved code as Python reads it, each line at its own number."""

    form: Mapping[str, Any]
    number: int
    """Its In [n] after "Run All"; of a text that of the code cell before it."""
    place: int
    """Its place among all cells, from 1."""
    use: Use
    lines: tuple[MarkedLine, ...]
    block: OtterBlock
    code: str = ""
    answers: Mapping[int, Solution] = field(default_factory=dict)
    head: TestHead = NO_HEAD

    @property
    def nbgrader(self) -> Mapping[str, Any]:
        """What nbgrader has written about it."""
        return nbgrader_of(self.form)

    @property
    def points(self) -> Fraction | None:
        """What it is worth, where it says so itself."""
        points = self.nbgrader.get("points")
        is_graded = self.nbgrader.get("grade") is True or self.nbgrader.get("task") is True
        if is_graded and isinstance(points, int | float) and points >= 0:
            return Fraction(repr(points))
        return self.head.points if self.head.points is not None or not self.is_manual else self.block.question.whole

    @property
    def question(self) -> str:
        """The name of its question."""
        return self.block.question.name or str(self.nbgrader.get("grade_id") or "")

    @property
    def is_manual(self) -> bool:
        """Say whether a person reads what students write here."""
        found = self.nbgrader
        is_read = found.get("task") is True or (found.get("grade") is True and found.get("solution") is True)
        return is_read or self.block.question.manual

    @property
    def tag(self) -> str:
        """The tag by which what students hand in of a question for a person is found; empty for every other cell."""
        return (self.question or MANUAL) if self.is_manual else ""

    @property
    def is_shown(self) -> bool:
        """Say whether students are given a cell of tests: otter keeps tests for itself, nbgrader shows them."""
        return self.block.word != "tests" and self.head.lines == 0

    @property
    def names(self) -> tuple[str, ...]:
        """What its solutions give to something, each once."""
        return tuple(dict.fromkeys(name for one in self.answers.values() for name in one.names))


def read_cells(path: Path, forms: Sequence[Mapping[str, Any]]) -> Iterator[SourceCell]:
    """Yield the cells that are no block of otter's; raise LabError for a mark without its counterpart."""
    block, number, answered = OtterBlock(), 0, False
    for place, form in enumerate(forms, start=1):
        source = source_of(form)
        if form["cell_type"] == "raw" and (after := block.after_raw(source)) is not None:
            block = after
            continue
        if form["cell_type"] != "code":
            block = block.after_text(source)
            lines = marked(source, CellPlace(path, number), is_code=False)
            yield SourceCell(form, number, place, use="text", lines=lines, block=block)
            continue
        number += 1
        cell = _code_cell(form, CellPlace(path, number), place, block=block, answered=answered)
        answered = answered or cell.use == "answer"
        yield cell


def _code_cell(
    form: Mapping[str, Any], where: CellPlace, place: int, *, block: OtterBlock, answered: bool
) -> SourceCell:
    source, nbgrader = source_of(form), nbgrader_of(form)
    lines = marked(source, where)
    head = test_head(source, in_tests=block.word == "tests")
    code = _python(solved(lines))
    use: Use = "given"
    if block.word == "prompt":
        use = "prompt"
    elif head is not None or (nbgrader.get("grade") is True and nbgrader.get("solution") is not True):
        use = "test"
    elif is_of_the_grader(code):
        use = "grader"
    elif any(line.begins for line in lines):
        use = "answer"
    elif nbgrader.get("solution") is True or _WHOLE.match(source) or (block.word == "solution" and _does(code)):
        use, lines = "answer", _all_of_it(lines)
    elif _is_of_tests(lines, code, answered=answered):
        use = "test"
    answers = answers_of(lines, code) if use == "answer" else {}
    return SourceCell(
        form, where.cell, place, use=use, lines=lines, block=block, code=code, answers=answers, head=head or NO_HEAD
    )


def _python(code: str) -> str:
    """Return code without what IPython adds to Python, each line at its number; nothing of another language's cell."""
    if foreign_magic(code) is not None:
        return ""
    return code if parsed(code) is not None else "\n".join(without_ipython(code))


def _does(code: str) -> bool:
    """Say whether there is anything but comments."""
    tree = parsed(code)
    return tree is None or bool(tree.body)


def _all_of_it(lines: Sequence[MarkedLine]) -> tuple[MarkedLine, ...]:
    """Return the lines of a cell that is a solution as a whole."""
    first = next((line.number for line in lines if line.text.strip()), 1)
    is_marked = _WHOLE.fullmatch(lines[first - 1].text) is not None
    begin = replace(lines[first - 1], kind="mark" if is_marked else "solution", begins=True)
    return (*lines[: first - 1], begin, *(replace(line, kind="solution") for line in lines[first:]))


def _is_of_tests(lines: Sequence[MarkedLine], code: str, *, answered: bool) -> bool:
    """Say whether a cell without any metadata tests what stands before it."""
    if any(line.kind == "hidden" for line in lines):
        return not _does(code) or _asserts(code)
    return answered and _asserts(code)


def _asserts(code: str) -> bool:
    tree = parsed(code)
    return tree is not None and any(_is_assertion(one) for one in tree.body)


def _is_assertion(statement: ast.stmt) -> bool:
    """Say whether a statement asserts: `assert …`, `np.testing.assert_allclose(…)`, also within a loop or a with."""
    match statement:
        case ast.Assert():
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return _ASSERTS.match(name) is not None
        case ast.For(body=body) | ast.With(body=body) | ast.If(body=body) | ast.Try(body=body):
            return any(map(_is_assertion, body))
    return False
