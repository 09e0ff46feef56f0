"""The marks in a cell's text: which of its lines are the solution, a prompt in its place, or tests that stay hidden.

The marks are those of nbgrader (`### BEGIN SOLUTION`, `### BEGIN HIDDEN TESTS`) and of otter (`# SOLUTION`,
`# SOLUTION NO PROMPT`, `# BEGIN SOLUTION NO PROMPT`, a text that begins with `# BEGIN PROMPT`). Where otter looks at
one line, the whole statement counts that the line belongs to: so nothing of a solution in several lines is given away.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from grader.errors import LabError
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

Kind: TypeAlias = Literal["given", "solution", "prompt", "hidden", "mark"]

_BLOCK = re.compile(
    r"[ \t]*(?:(?:\"\"\"|''');?[ \t]*)?(?:#+|<!--|//)?[ \t]*=*[ \t]*(BEGIN|END) "
    r"(SOLUTION|HIDDEN TESTS?|PROMPT|MARK SCHEME)(?P<bare> NO PROMPT)?[ \t]*=*[ \t]*#*[ \t]*(?:-->)?[ \t]*",
    re.IGNORECASE,
)
_KINDS: Mapping[str, Kind] = MappingProxyType(
    {"SOLUTION": "solution", "HIDDEN TEST": "hidden", "PROMPT": "prompt", "MARK SCHEME": "hidden"}
)
_INLINE = re.compile(r"#[ \t]*SOLUTION\b(?P<bare>[ \t]+NO[ \t]+PROMPT\b)?.*$")


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line of a cell: its text, its number from 1, and what it is.

    `begins` says that a part of a solution begins here, in whose place something is put; `bare` that nothing is.
    """

    number: int
    text: str
    kind: Kind
    begins: bool = False
    bare: bool = False

    @property
    def indentation(self) -> str:
        """Return the blanks that it begins with."""
        return self.text[: len(self.text) - len(self.text.lstrip())]


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Where a cell is, for a sentence to whoever wrote it."""

    file: Path
    cell: int

    def refusal(self, line: int, problem: str) -> LabError:
        """Return the error of a mark without its other one."""
        sentence = say(
            "{file}, cell In [{cell}], line {line}: {mark} has no counterpart. A part that begins with BEGIN ends with "
            "END, and none lies in another.",
            file=self.file,
            cell=self.cell,
            line=line,
            mark=problem,
        )
        return LabError(sentence)


def marked(source: str, place: CellPlace, *, is_code: bool = True) -> tuple[MarkedLine, ...]:
    """Return the lines of a cell with what each of them is; raise LabError for a mark without its counterpart."""
    lines = list(_blocks(source.split("\n"), place))
    return tuple(_inlines(lines) if is_code else lines)


def _blocks(texts: Sequence[str], place: CellPlace) -> Iterator[MarkedLine]:
    """Yield the lines, those between two marks as what the marks say."""
    within, opened = "", 0
    for number, text in enumerate(texts, start=1):
        found = _BLOCK.fullmatch(text)
        if found is None:
            yield MarkedLine(number, text, _KINDS.get(within, "given"))
            continue
        begins, word = found[1].upper() == "BEGIN", found[2].upper().removesuffix("S")
        if begins == bool(within) or (not begins and word != within):
            raise place.refusal(number, text.strip())
        within, opened = (word, number) if begins else ("", 0)
        is_solution = begins and word == "SOLUTION"
        yield MarkedLine(number, text, "mark", begins=is_solution, bare=is_solution and found["bare"] is not None)
    if within:
        raise place.refusal(opened, texts[opened - 1].strip())


def _inlines(lines: Sequence[MarkedLine]) -> Iterator[MarkedLine]:
    """Yield the lines, those of statements with `# SOLUTION` behind them as solution."""
    found = {line.number: match for line in lines if line.kind == "given" and (match := _INLINE.search(line.text))}
    if not found:
        yield from lines
        return
    spans = list(_statements("\n".join(line.text if line.kind == "given" else "" for line in lines)))
    first: dict[int, bool] = {}
    inside: set[int] = set()
    for number, match in found.items():
        start, end = _span(_meant(number, match, lines), spans)
        if start not in inside:
            first[start] = match["bare"] is not None
        inside.update({number, *range(start, end + 1)})
    for line in lines:
        if line.number not in inside:
            yield line
        else:
            text = _INLINE.sub("", line.text).rstrip() if line.number in found else line.text
            begins = line.number in first
            yield MarkedLine(line.number, text, "solution", begins=begins, bare=first.get(line.number, False))


def _meant(number: int, match: re.Match[str], lines: Sequence[MarkedLine]) -> int:
    """Return the line that a mark speaks of: its own, or, where nothing stands before it, the next one with code."""
    if match.string[: match.start()].strip():
        return number
    return next((line.number for line in lines[number:] if line.text.strip()), number)


def _span(number: int, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the smallest statement that a line belongs to."""
    around = [(end - start, start, end) for start, end in spans if start <= number <= end]
    return min(around)[1:] if around else (number, number)


def _statements(code: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of every statement; none of a cell that Python cannot read."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            yield node.lineno, node.end_lineno or node.lineno
