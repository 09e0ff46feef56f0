"""Questions for a person are found again in what students hand in of the stub, whatever their editor keeps of it."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from grader.model import CellsWanted
from grader.source.model import ManualPart
from grader.source.reading import read_source

if TYPE_CHECKING:
    from pathlib import Path

    from grader.source.model import Source

ANSWER = "*Your answer here*"


def source_of(folder: Path, *cells: tuple[Any, ...]) -> Source:
    """Read a notebook of cells: a kind, a text, and nbgrader's metadata if any."""
    forms: list[dict[str, Any]] = []
    for kind, text, *nbgrader in cells:
        metadata = {"nbgrader": nbgrader[0]} if nbgrader else {}
        code: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
        forms.append({"cell_type": kind, "metadata": metadata, "source": text, **code})
    path = folder / "solved.ipynb"
    path.write_text(json.dumps({"cells": forms, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}), "utf-8")
    return read_source(path)


def read_by_people(source: Source) -> dict[str, CellsWanted]:
    return {part.question: part.cells for part in source.parts if isinstance(part, ManualPart)}


def tagged(source: Source) -> list[tuple[str, list[str]]]:
    """Return the stub's cells that have tags, with these."""
    cells: Any = source.stub["cells"]
    return [(cell["source"], cell["metadata"]["tags"]) for cell in cells if cell["metadata"]]


def test_an_nbgrader_answer_is_found_by_its_grade_id_its_tag_and_a_heading_of_its_own(tmp_path: Path) -> None:
    read = {"grade": True, "solution": True, "points": 3}
    source = source_of(
        tmp_path,
        ("markdown", "# Set 1"),
        ("markdown", "## Part *A*: why?"),
        ("markdown", "because", {**read, "grade_id": "why"}),
        ("markdown", "## Part B"),
        ("code", "plt.plot(x)", {**read, "grade_id": "plot"}),
        ("markdown", "so it does", {**read, "grade_id": "words"}),
    )
    assert read_by_people(source) == {
        "why": CellsWanted(id="why", tag="why", heading="Part A: why?"),
        "plot": CellsWanted(id="plot", tag="plot"),
        "words": CellsWanted(id="words", tag="words"),
    }, "two questions stand below Part B"
    assert tagged(source) == [(ANSWER, ["why"]), ("# Your code here\n...", ["plot"]), (ANSWER, ["words"])]


def test_below_a_task_of_nbgraders_whatever_students_add_is_found(tmp_path: Path) -> None:
    task = {"task": True, "grade": False, "solution": False, "grade_id": "study", "points": 10}
    source = source_of(tmp_path, ("markdown", "# Set"), ("markdown", "## Study\n\nAdd cells below.", task))
    assert read_by_people(source) == {"study": CellsWanted(heading="Study")}


def test_all_cells_of_an_otter_question_for_a_person_have_its_tag(tmp_path: Path) -> None:
    source = source_of(
        tmp_path,
        ("markdown", "# Lab 1"),
        ("raw", "# BEGIN QUESTION\nname: q2\nmanual: true\npoints: 2"),
        ("markdown", "**Question 2.** Draw it."),
        ("raw", "# BEGIN SOLUTION"),
        ("code", "plt.plot(x)"),
        ("raw", "# END SOLUTION"),
        ("raw", "# BEGIN PROMPT"),
        ("markdown", "_Type your answer here._"),
        ("raw", "# END PROMPT"),
        ("raw", "# BEGIN SOLUTION"),
        ("markdown", "SECRET"),
        ("raw", "# END SOLUTION"),
        ("raw", "# END QUESTION"),
        ("markdown", "after"),
    )
    assert [tags for _, tags in tagged(source)] == [["q2"]] * 3
    assert "SECRET" not in json.dumps(source.stub)
    assert read_by_people(source) == {"q2": CellsWanted(tag="q2", heading="Lab 1")}
    [part] = [part for part in source.parts if isinstance(part, ManualPart)]
    assert part.points == Fraction(2)


def test_a_notebook_of_words_alone_is_an_assignment_too(tmp_path: Path) -> None:
    read = {"grade": True, "solution": True, "points": 3, "grade_id": "essay"}
    source = source_of(tmp_path, ("markdown", "# An essay"), ("markdown", "It was a dark night.", read))
    assert read_by_people(source) == {"essay": CellsWanted(id="essay", tag="essay", heading="An essay")}


def test_a_heading_that_stands_twice_finds_nobody(tmp_path: Path) -> None:
    read = {"grade": True, "solution": True, "points": 3, "grade_id": "why"}
    source = source_of(tmp_path, ("markdown", "## Words"), ("markdown", "## Words"), ("markdown", "so", read))
    assert read_by_people(source)["why"].heading == ""
