"""Reads a source notebook: its parts, and the notebook that students are given of it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.messages.languages import written_in
from grader.messages.sentences import say
from grader.source.cells import read_cells
from grader.source.handed_in import found_again
from grader.source.json_form import new_cells, notebook_in, source_of, with_cells
from grader.source.model import AssertionPart, CodePart, ManualPart, Source
from grader.source.names import parsed
from grader.source.otter import checked, without_settings
from grader.source.stub_cell import NAMED, hidden, stub_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction
    from pathlib import Path

    from grader.model import Language
    from grader.source.cells import SourceCell
    from grader.source.model import Part

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_SOLVED_TEXT = re.compile(r"\s*(?:<!--[ \t]*SOLUTION|[*_]*SOLUTION\b)", re.IGNORECASE)
_AUTOTEST = re.compile(r"^[ \t]*#+[ \t]*(?:HASHED[ \t]+)?AUTOTEST[ \t]+(.*)$")
"""What nbgrader makes tests of: expressions, each of which a right answer gives the same value."""
_QUOTED = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_WORD = re.compile(r"[^\W\d]\w*")


def read_source(path: Path) -> Source:
    """Read a solved notebook with marks.

    Raises LabError for a file that is no notebook, for a mark without its counterpart, and for one without any marks.
    """
    form = notebook_in(path)
    cells = tuple(read_cells(path, form["cells"]))
    if not any(cell.use == "answer" or cell.is_manual for cell in cells):
        raise LabError(
            say(
                "{file} marks no solution, so nothing says what students are to write. Put `### BEGIN SOLUTION` and "
                "`### END SOLUTION` around it, or `# SOLUTION` behind a line.",
                file=path,
            )
        )
    texts = [source_of(cell.form) for cell in cells if cell.use == "text"]
    language = written_in(texts)
    parts = tuple(_parts(path, cells))
    spoken_of = frozenset(_spoken_of(cells, parts))
    given = [(cell, text) for cell in cells if (text := _given(cell, spoken_of, language)) is not None]
    stub = with_cells(form, new_cells([(cell.form, text, cell.tag) for cell, text in given], path.stem))
    return Source(
        path,
        parts=tuple(found_again([_spoken(part, spoken_of) for part in parts], given)),
        stub=stub,
        texts=tuple(text for cell, text in given if cell.form["cell_type"] == "markdown"),
        headings=dict(_headings(cells)),
    )


def _parts(path: Path, cells: Sequence[SourceCell]) -> Iterator[Part]:
    """Yield what the cells are made of, with every name that they answer."""
    tests = Counter(cell.question for cell in cells if cell.use == "test")
    asked: Counter[str] = Counter()
    read_by_people: set[str] = set()
    for cell in cells:
        question = cell.question
        if cell.is_manual and question not in read_by_people:
            read_by_people.add(question)
            yield ManualPart(cell.place, question, cell.points)
        if cell.use == "grader":
            yield from _test_files(path, cell)
        elif cell.use == "test":
            yield _test(cell, cell.block.question.points_of(asked[question], tests[question]))
            asked[question] += 1
        elif cell.use in {"given", "answer"}:
            yield CodePart(cell.number, cell.code, cell.names, question=question)
            if lines := frozenset(line.number for line in cell.lines if line.kind == "hidden"):
                yield AssertionPart(cell.number, hidden(cell.lines), lines, question=question)


def _test(cell: SourceCell, points: Fraction | None) -> AssertionPart:
    """Return a cell of tests; `points` are what its question says."""
    kept = {line.number: line for line in cell.lines if line.number > cell.head.lines and line.kind != "mark"}
    return AssertionPart(
        cell.number,
        "\n".join(_AUTOTEST.sub(r"\1", kept[line.number].text) if line.number in kept else "" for line in cell.lines),
        hidden=frozenset(number for number, line in kept.items() if cell.head.hidden or line.kind == "hidden"),
        points=points if cell.points is None else cell.points,
        question=cell.question,
    )


def _test_files(path: Path, cell: SourceCell) -> Iterator[AssertionPart]:
    """Yield the files of tests that a cell has an autograder check."""
    for name in checked(cell.code):
        file = path.parent / "tests" / f"{name}.py"
        if file.is_file():
            yield AssertionPart(cell.number, file.read_text("utf-8"), question=name, file=file)


def _spoken_of(cells: Sequence[SourceCell], parts: Sequence[Part]) -> Iterator[str]:
    """Yield the words of all that students read, and of the tests: names among them are no secret."""
    for cell in cells:
        if cell.use == "text":
            for quoted in _QUOTED.findall(source_of(cell.form)):
                yield from _WORD.findall(quoted)
        elif cell.use != "test":
            given = "\n".join(line.text for line in cell.lines if line.kind in {"given", "prompt"})
            yield from _WORD.findall(given)
    for part in parts:
        if isinstance(part, AssertionPart):
            yield from _WORD.findall(part.code)


def _spoken(part: Part, spoken_of: frozenset[str]) -> Part:
    """Return a part whose answers are those that somebody can know of: definitions, and names that are spoken of."""
    if not isinstance(part, CodePart):
        return part
    tree = parsed(part.code)
    defined = {one.name for one in (tree.body if tree is not None else ()) if isinstance(one, NAMED)}
    return replace(part, answers=tuple(name for name in part.answers if name in defined | spoken_of))


def _given(cell: SourceCell, spoken_of: frozenset[str], language: Language) -> str | None:
    """Return the text of a cell as students are given it; None where they are not."""
    if cell.use == "text":
        return _given_text(cell, language)
    if cell.use == "grader" or (cell.use == "test" and not cell.is_shown):
        return None
    if cell.block.word == "solution" and cell.block.prompted:
        return None  # the prompt stands in its place
    text = stub_of(cell.lines, cell.answers, spoken_of=spoken_of, language=language)
    if cell.use == "answer" and parsed(text) is None:  # nothing is left of a block: so something has to be put there
        lines = [replace(line, bare=False) for line in cell.lines]
        other = stub_of(lines, cell.answers, spoken_of=spoken_of, language=language)
        text = text if parsed(other) is None else other
    return text if text.strip() or not source_of(cell.form).strip() else None


def _given_text(cell: SourceCell, language: Language) -> str | None:
    source = source_of(cell.form)
    mark = "*" + say("Your answer here").in_language(language) + "*"
    is_solution = cell.nbgrader.get("solution") is True or cell.block.word == "solution"
    if any(line.begins for line in cell.lines):
        kept = [mark if line.begins else line.text for line in cell.lines if line.begins or line.kind == "given"]
        return "\n".join(kept)
    if is_solution or _SOLVED_TEXT.match(source):
        return None if cell.block.prompted else mark
    kept_text = without_settings("\n".join(line.text for line in cell.lines if line.kind in {"given", "prompt"}))
    return kept_text if kept_text.strip() or not source.strip() else None


def _headings(cells: Sequence[SourceCell]) -> Iterator[tuple[int, str]]:
    """Yield the number of each code cell with the heading above it."""
    heading = ""
    for cell in cells:
        if cell.use == "text":
            found = _HEADING.findall(_QUOTED.sub("", source_of(cell.form)))
            heading = found[-1] if found else heading
        elif heading:
            yield cell.number, heading
