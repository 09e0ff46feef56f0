"""Labs of which a person reads a part, or all: they are graded, given out and practised, and nothing is made up."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.errors import LabError
from grader.workflow.practice import Line, find_lab, practise

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Said

ROOT = Path(__file__).resolve().parents[3]
ESSAY = ROOT / "tests/courses/essay"
RUBRIC = """\
title: "Words"
points: 10
tasks:
  meaning: {title: "The meaning", manual: {points: 6}, cells: {heading: "Question 1"}}
  proof: {title: "A proof", manual: {points: 4, items: [{id: gap, text: "A gap", points: -2}]}, cells: {tag: proof}}
"""
ANSWERS = (("# Lab", ()), ("## Question 1", ()), ("my words", ()), ("qed", ("proof",)))


def written(path: Path, *cells: tuple[str, tuple[str, ...]]) -> Path:
    forms = [
        {"cell_type": "markdown", "id": f"c{place}", "metadata": {"tags": list(tags)} if tags else {}, "source": source}
        for place, (source, tags) in enumerate(cells)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": forms, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    return path


@pytest.fixture
def words(tmp_path: Path, grade: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a course, and go there: one lab, which a person reads; it has a notebook, a rubric, and no reference."""
    del grade  # which goes to another course
    folder = tmp_path / "course"
    for name in ("rubrics", "reference"):
        (folder / name).mkdir(parents=True)
    (folder / "rubrics/words.yaml").write_text(RUBRIC, "utf-8")
    written(folder / "labs/words.ipynb", *ANSWERS)
    written(folder / "reference/solutions/words.ipynb", *ANSWERS)
    monkeypatch.chdir(folder)
    return folder


# A lab that a person alone reads -----------------------------------------------------------------------------------


@pytest.mark.kernel
def test_a_class_of_a_lab_that_people_read_waits_and_has_no_score(words: Path, grade: Callable[..., Said]) -> None:
    written(words / "in/s001.ipynb", *ANSWERS)
    written(words / "in/s002.ipynb", ("# Lab", ()))
    said = grade("words", words / "in", "--output", words / "out", "--format", "csv", "--format", "html")
    assert said.status == 0, said.err
    assert "2 for a person to read; 0 not graded" in said.out
    assert "… s001" in said.out
    assert "✓" not in said.out
    assert "nothing was found to read: s002" in said.out
    assert "median" not in said.out


@pytest.mark.kernel
def test_who_has_nothing_to_read_is_told_what_is_missing(words: Path, grade: Callable[..., Said]) -> None:
    said = grade("words", written(words / "s002.ipynb", ("# Lab", ()), ("## Question 1", ())), "--lang", "en")
    assert said.status == 0, "whether it is right is not the grader's to say"
    assert "Put back what a person reads: proof" in said.out
    assert "no cell with the tag proof" in " ".join(said.out.split())


@pytest.mark.kernel
def test_an_audit_needs_no_wrong_answer_where_nothing_is_asked(words: Path, grade: Callable[..., Said]) -> None:
    said = grade("audit", "words", "--lang", "en")
    assert said.status == 0, said.out
    assert "words is fair: a person reads all of it" in said.out
    written(words / "labs/words.ipynb", ANSWERS[0], ANSWERS[1])
    said = grade("audit", "words", "--lang", "en")
    assert said.status == 1
    assert "proof.manual: nothing of it would be found to read" in " ".join(said.out.split())


def test_students_get_its_notebook_without_a_kit(words: Path, grade: Callable[..., Said]) -> None:
    said = grade("release", "words", "--output", words / "rel", "--lang", "en")
    assert said.status == 0
    assert "a person reads all of it" in said.out
    assert [path.name for path in (words / "rel").iterdir()] == ["words.ipynb"]


# A lab of both kinds -----------------------------------------------------------------------------------------------


@pytest.mark.kernel
def test_a_kit_tells_whether_an_answer_is_found_and_neither_points_nor_items(
    tmp_path: Path, grade: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert grade("release", "essay", "--course", ESSAY, "--output", tmp_path).status == 0
    kit = (tmp_path / "essay.kit.json").read_text("utf-8")
    assert "no_line" not in kit, "the items say what a reader looks for"
    assert "explains nothing" not in kit
    assert "A person reads fit_line, plot" in (tmp_path / "README-essay.md").read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(ESSAY / "handed_in/right.ipynb", tmp_path / "essay.ipynb")
    said = grade("essay", "--course", tmp_path, "--lang", "en")
    assert said.status == 0
    assert "a person reads this" in said.out
    assert "/ 10" not in said.out
    shutil.copyfile(ESSAY / "handed_in/wrong_no_heading.ipynb", tmp_path / "essay.ipynb")
    assert 'the heading "Question 2"' in " ".join(grade("essay", "--course", tmp_path, "--lang", "en").out.split())


def test_a_live_session_is_asked_about_nothing_that_a_person_reads() -> None:
    lab, task = find_lab(Course(ESSAY), "plot")
    assert task == "plot"
    with pytest.raises(LabError, match="A person reads plot: nothing about it can be asked here"):
        practise(lab, task, Line(io.StringIO(), io.StringIO()))
    record = practise(lab, None, Line(io.StringIO(), io.StringIO()))
    [fit_line] = record.tasks
    assert fit_line.manual is None
    assert fit_line.points == record.points == 4


# Another lab's notebook --------------------------------------------------------------------------------------------


@pytest.fixture
def two_labs(words: Path) -> Path:
    """Return the course with a second lab beside: one that asks for the functions half and third."""
    rubric = "points: 2\ntasks:\n"
    for name in ("half", "third"):
        rubric += f"  {name}: {{points: 1, checks: {{values: {{points: 1, questions: [{{inputs: {{x: 6}}}}]}}}}}}\n"
    (words / "rubrics/numbers.yaml").write_text(rubric, "utf-8")
    (words / "reference/numbers.py").write_text(
        "def half(x):\n    return x / 2\n\n\ndef third(x):\n    return x / 3\n", "utf-8"
    )
    return words


def with_code(path: Path, *functions: str) -> Path:
    """Add a cell with some functions to a notebook."""
    form: dict[str, Any] = json.loads(path.read_text("utf-8"))
    source = "\n".join(f"def {name}(x):\n    return x" for name in functions)
    code: dict[str, Any] = {
        "cell_type": "code",
        "id": "code",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": source,
    }
    path.write_text(json.dumps({**form, "cells": [*form["cells"], code]}), "utf-8")
    return path


@pytest.mark.kernel
def test_a_helper_with_another_labs_name_makes_no_notebook_another_labs(
    two_labs: Path, grade: Callable[..., Said]
) -> None:
    mine = with_code(written(two_labs / "s001.ipynb", *ANSWERS), "half")
    said = grade("words", mine, "--lang", "en")
    assert said.status == 0, said.err


@pytest.mark.kernel
def test_a_notebook_of_another_lab_is_refused_though_it_has_a_heading_of_the_same_words(
    two_labs: Path, grade: Callable[..., Said]
) -> None:
    theirs = with_code(written(two_labs / "s001.ipynb", ("## Question 1", ())), "half", "third")
    said = grade("words", theirs, "--lang", "en")
    assert said.status == 2
    assert "is a notebook of numbers, not of words" in " ".join(said.err.split())


def test_a_lab_that_asks_a_function_still_needs_its_reference(two_labs: Path) -> None:
    (two_labs / "reference/numbers.py").unlink()
    assert load_lab(Course(two_labs), "words").rubric.asked == {}
    with pytest.raises(LabError, match="every lab needs its reference there"):
        load_lab(Course(two_labs), "numbers")
