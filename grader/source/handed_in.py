"""How the cells of a question for a person are found again in what students hand in of the stub."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.model import CellsWanted
from grader.source.model import ManualPart
from grader.submission.notebooks import OutlineCell
from grader.submission.task_cells import cells_of, headings_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.source.cells import SourceCell
    from grader.source.model import Part


@dataclass(frozen=True, slots=True, eq=False)
class GivenCells:
    """The cells that students are given, with their texts there."""

    cells: tuple[SourceCell, ...]
    outline: tuple[OutlineCell, ...]

    def own(self, part: ManualPart) -> tuple[int, ...]:
        """Return the numbers of the cells of a question, from 0."""
        return tuple(number for number, cell in enumerate(self.cells) if cell.tag and cell.question == part.question)

    def heading(self, part: ManualPart) -> str:
        """Return the last heading down to the first cell of a question, as the notebook writes it."""
        first = next((number for number, cell in enumerate(self.cells) if cell.place >= part.cell), len(self.cells))
        found = list(headings_in(self.outline[: first + 1]))
        return found[-1].written if found else ""

    def is_found_by(self, part: ManualPart, heading: str) -> bool:
        """Say whether a heading stands once in the notebook, with all cells of a question below it."""
        titles = [one.written for one in headings_in(self.outline)]
        below = cells_of(self.outline, CellsWanted(heading=heading)) if heading else ()
        return titles.count(heading) == 1 and set(self.own(part)) <= set(below)


def found_again(parts: Sequence[Part], given: Sequence[tuple[SourceCell, str]]) -> Iterator[Part]:
    """Yield the parts, those for a person with the tag and the heading of their cells. `given` is the stub."""
    stub = GivenCells(tuple(cell for cell, _ in given), tuple(_outlined(cell, text) for cell, text in given))
    above = {part.cell: stub.heading(part) for part in parts if isinstance(part, ManualPart)}
    often = Counter(above.values())
    for part in parts:
        if isinstance(part, ManualPart):
            heading = above[part.cell]
            is_its_own = often[heading] == 1 and stub.is_found_by(part, heading)
            yield replace(part, heading=heading, cells=_wanted(stub, part, heading if is_its_own else ""))
        else:
            yield part


def _wanted(stub: GivenCells, part: ManualPart, heading: str) -> CellsWanted:
    """Return the ways to find a question's cells: nbgrader's own release has its grade_id, this stub its tag.

    Below a task of nbgrader's students add cells of their own, which the heading alone finds.
    """
    own = [stub.cells[number] for number in stub.own(part)]
    if heading and any(cell.nbgrader.get("task") is True for cell in own):
        return CellsWanted(heading=heading)
    graded = next((part.question for cell in own if cell.nbgrader), "")
    return CellsWanted(id=graded, tag=own[0].tag if own else "", heading=heading)


def _outlined(cell: SourceCell, text: str) -> OutlineCell:
    return OutlineCell(cell.form["cell_type"], text, ids=frozenset(), tags=frozenset())
