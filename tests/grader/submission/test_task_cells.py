"""Which cells belong to a task that a person reads, in the notebooks that students hand in."""

from __future__ import annotations

import json
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest

from grader.model import CellsWanted
from grader.submission.notebooks import outline_of
from grader.submission.task_cells import cells_of

if TYPE_CHECKING:
    from pathlib import Path


def handed_in(folder: Path, *cells: str | dict[str, Any]) -> Path:
    """Write a notebook: a text is a Markdown cell, `>>> ` begins code, a dict is a cell as it is."""
    forms = [cell if isinstance(cell, dict) else form(cell) for cell in cells]
    path = folder / "s001.ipynb"
    content = {"cells": forms, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def form(source: str, **more: object) -> dict[str, Any]:
    if source.startswith(">>> "):
        code: dict[str, Any] = {"cell_type": "code", "outputs": [], "execution_count": None}
        return {**code, "metadata": {}, "source": source[4:], **more}
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def under(folder: Path, heading: str, *cells: str | dict[str, Any]) -> tuple[int, ...]:
    return cells_of(outline_of(handed_in(folder, *cells)), CellsWanted(heading=heading))


@pytest.mark.parametrize(
    "heading",
    [
        "## Question 3",
        "## Question 3 ##",
        "##   question  3",
        "# Question 3",
        "### **Question 3**",
        "## Question 3: a plot",
        "## Question 3 (10 points)",
        "## Question 3 · 第三題",
        "## Question 3第三題",
        "## [Question 3](#q3)",
        "## ~~Question~~ `3`".replace("~~", "_"),
        "Question 3\n==========",
        "Question 3\n---",
        "<h2>Question 3</h2>",
        '<h2 id="q3" style="color:red"><b>Question</b> 3</h2>',
        '<a id="q3"></a>\n\n## Question 3',
        "## Question\u00a03",
        "## Ｑｕｅｓｔｉｏｎ ３",
        "Some words before.\n\n## Question 3\nand my answer",
    ],
)
def test_a_heading_is_found_however_it_is_dressed(tmp_path: Path, heading: str) -> None:
    cells = ("# Lab", ">>> x = 1", heading, ">>> plot()", "my words", "# The end", ">>> y = 2")
    assert under(tmp_path, "Question 3", *cells) == (2, 3, 4)


@pytest.mark.parametrize(
    "heading",
    [
        "## Question 30",
        "## Question 3.1",
        "## Question 3a",
        "## My Question 3",
        "Question 3",
        "#Question 3",
        "```\n## Question 3\n```",
        "~~~md\n## Question 3",
        "    ## Question 3",
        "> ## Question 3",
        ">>> ## Question 3",
        "## " + "Question 3 " + "x" * 1000,
    ],
)
def test_another_heading_or_no_heading_is_not_taken_for_it(tmp_path: Path, heading: str) -> None:
    assert under(tmp_path, "Question 3", "# Lab", heading, ">>> plot()") == ()


@pytest.mark.parametrize("wanted", ["## Question 3", "Question 3:", "**Question 3**", " question  3 ", "# Question 3."])
def test_a_rubric_may_write_a_heading_as_the_notebook_has_it(tmp_path: Path, wanted: str) -> None:
    assert under(tmp_path, wanted, "# Lab", "## Question 3: a plot", ">>> plot()", "## Question 4") == (1, 2)
    assert under(tmp_path, "C# and F#", "# C# and F#", "words") == (0, 1)


@pytest.mark.parametrize(
    ("heading", "others", "found"),
    [
        ("問題十", ("## 問題十：圖", "a", "## 問題十一：表", "b"), (0, 1)),
        ("問題3", ("## 問題3畫圖", "a", "## 問題31", "b"), (0, 1)),
        ("第三題", ("## 第三題　畫圖", "a", "## 第四題", "b"), (0, 1)),
        ("Question 1", ("## Question 1: plot", "a", "## Question 1", "b"), (2, 3)),
    ],
)
def test_the_nearest_title_counts_also_in_chinese(
    tmp_path: Path, heading: str, others: tuple[str, ...], found: tuple[int, ...]
) -> None:
    assert under(tmp_path, heading, *others) == found


def test_a_section_goes_to_the_next_heading_of_its_level_or_a_higher_one(tmp_path: Path) -> None:
    cells = ("## Question 3", ">>> a = 1", "### Plot", ">>> b = 2", "#### Words\nmany", "## Question 4", ">>> c = 3")
    assert under(tmp_path, "Question 3", *cells) == (0, 1, 2, 3, 4)
    assert under(tmp_path, "Plot", *cells) == (2, 3, 4)
    assert under(tmp_path, "Question 4", *cells) == (5, 6)
    assert under(tmp_path, "Words", *cells) == (4,)


def test_a_cell_with_the_end_of_an_answer_and_the_next_heading_belongs_to_both(tmp_path: Path) -> None:
    cells = ("## Question 3", "my words\n\n## Question 4\n\nmine too", ">>> c = 3")
    assert under(tmp_path, "Question 3", *cells) == (0, 1)
    assert under(tmp_path, "Question 4", *cells) == (1, 2)
    ruled = ("## Question 3", "words", "---\n<a name='q4'></a>\n## Question 4", ">>> c = 3")
    assert under(tmp_path, "Question 3", *ruled) == (0, 1)


def test_a_whole_lab_in_one_cell_and_one_heading_twice_are_found(tmp_path: Path) -> None:
    assert under(tmp_path, "Question 2", "# Lab\n## Question 1\na\n## Question 2\nb\n## Question 3\nc") == (0,)
    assert under(tmp_path, "Question 2", "## Question 2", "a", "## Question 3", "## Question 2", "b") == (0, 1, 3, 4)


def test_empty_cells_count_as_the_file_has_them(tmp_path: Path) -> None:
    assert under(tmp_path, "Question 3", "", ">>> ", "## Question 3", ">>> ", "words", "") == (2, 3, 4, 5)


def test_tags_and_ids_are_found_where_jupyter_colab_and_nbgrader_write_them(tmp_path: Path) -> None:
    cells = (
        form("a", id="a1b2"),
        form(">>> b", metadata={"id": "colab-1", "colab": {"base_uri": "x"}}),
        form("c", metadata={"nbgrader": {"grade_id": "essay", "points": 3}}),
        form("d", metadata={"tags": ["essay", "hide"]}),
        form(">>> e", metadata={"tags": ["essay"]}),
        form("f", metadata={"tags": "essay"}),
        form("g", metadata={"tags": [["essay"], {"essay": 1}, None], "id": 3}, id=["a1b2"]),
        form("h", metadata=None),
    )
    outline = outline_of(handed_in(tmp_path, *cells))
    for wanted, found in (
        (CellsWanted(id="a1b2"), (0,)),
        (CellsWanted(id="colab-1"), (1,)),
        (CellsWanted(id="essay"), (2,)),
        (CellsWanted(tag="essay"), (3, 4)),
        (CellsWanted(id="gone", tag="essay"), (3, 4)),
        (CellsWanted(id="gone", tag="gone", heading="gone"), ()),
        (CellsWanted(), ()),
    ):
        assert cells_of(outline, wanted) == found, wanted


@pytest.mark.parametrize("keeps_ids", [True, False])
def test_cells_that_a_student_adds_behind_a_tagged_one_are_read_too(tmp_path: Path, *, keeps_ids: bool) -> None:
    stub = [
        form("Draw it.", id="q2"),
        form("*Your answer*", id="a2", metadata={"tags": ["plot"]}),
        form("**Question 3.** Prove it.", id="q3"),
        form("*Your answer*", id="a3", metadata={"tags": ["proof"]}),
        form("## The end\nThank you.", id="end"),
    ]
    given = outline_of(handed_in(tmp_path, *stub))
    draw, answer, prove, proof, end = stub
    cells = [
        draw,
        {**answer, "source": "see below"},
        form(">>> plt.plot(x)", id="new1"),
        form("it rises", id="new2"),
        prove,
        form("a lemma", id="new3"),
        {**proof, "source": "qed"},
        form("### Remark\nby the way", id="new4"),
        {**end, "source": "## The end\nThank you, too."},
        form("p.s.", id="new5"),
    ]
    if not keeps_ids:
        cells = [{key: value for key, value in cell.items() if key != "id"} for cell in cells]
    outline = outline_of(handed_in(tmp_path, *cells))
    assert cells_of(outline, CellsWanted(tag="plot"), stub=given) == (1, 2, 3)
    assert cells_of(outline, CellsWanted(tag="proof"), stub=given) == (6, 7)
    assert cells_of(outline, CellsWanted(tag="plot")) == (1,), "without the stub nobody knows what was added"
    assert cells_of(outline, CellsWanted(tag="gone"), stub=given) == ()


def test_a_function_or_a_variable_is_found_where_it_is_given(tmp_path: Path) -> None:
    cells = (
        "def half(x)",
        ">>> def half(x):\n    return x",
        ">>> half(3)",
        ">>> low, high = 1, 2",
        ">>> def half(x): pass",
    )
    outline = outline_of(handed_in(tmp_path, *cells))
    assert cells_of(outline, CellsWanted(name="half")) == (1, 4)
    assert cells_of(outline, CellsWanted(name="low")) == (3,)
    assert cells_of(outline, CellsWanted(name="gone")) == ()


def test_a_notebook_made_to_take_long_takes_no_time(tmp_path: Path) -> None:
    hostile = (
        "#" * 500_000 + "x",
        "<h1" * 150_000,
        "<h1>" * 100_000,
        "# " + "[" * 499,
        "\n".join(["# " + "#" * 400 + " x"] * 2000),
        "```\n" * 50_000,
        "x\n" * 100_000 + "=",
        form("## Question 3", metadata={"deep": "[" * 100_000, "tags": ["x"] * 3_000}),
    )
    began = perf_counter()
    assert under(tmp_path, "Question 3", *hostile) == (7,)
    assert perf_counter() - began < 5


def test_a_picture_pasted_into_the_text_takes_nothing_away(tmp_path: Path) -> None:
    picture = "![plot](data:image/png;base64," + "iVBORw0KGgo" * 1_500_000 + ")"
    assert under(tmp_path, "Question 3", "## Question 3", picture, ">>> x = 1", "## Question 4") == (0, 1, 2)
