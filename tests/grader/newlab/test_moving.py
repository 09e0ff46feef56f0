"""`grade new --from NOTEBOOK`: a solved notebook with marks becomes a lab by one command, or nothing is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from grader.course.folder import open_course
from grader.course.lab import load_lab
from grader.course.languages import languages_used
from grader.grading.make_key import make_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Said


def cell(source: str, kind: str = "code", **nbgrader: object) -> dict[str, Any]:
    """Return a cell; of a graded one with nbgrader's metadata."""
    settings = {"locked": False, "schema_version": 3, "task": False, "solution": False, "grade": False, **nbgrader}
    metadata = {"nbgrader": settings} if nbgrader else {}
    code: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "metadata": metadata, "source": source, **code}


def written(path: Path, *cells: dict[str, Any]) -> Path:
    numbered = [{"id": f"c{place}", **one} for place, one in enumerate(cells)]
    form = {"cells": numbered, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(form, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


SOLUTION = '''import numpy as np
from rain_tools import read

def mean(x):
    """The mean of some numbers. It is not rounded."""
    ### BEGIN SOLUTION
    return np.sum(x) / np.size(x)
    ### END SOLUTION

def apply(f, x):
    """Apply a function twice."""
    ### BEGIN SOLUTION
    return f(f(x))
    ### END SOLUTION

total = None
### BEGIN SOLUTION
total = sum(read("data/rain.csv"))
### END SOLUTION
'''
TESTS = """assert np.isclose(mean(np.array([1.0, 2.0, 6.0])), 3)
assert apply(lambda x: x + 1, 3) == 5
### BEGIN HIDDEN TESTS
assert abs(mean([1, 2]) - 1.5) < 1e-6
assert total == 6
assert np.random.rand() < 2
### END HIDDEN TESTS
"""


@pytest.fixture
def solved(tmp_path: Path) -> Path:
    """Write a solved notebook with nbgrader's marks, beside a data file and a module of its own."""
    folder = tmp_path / "teacher"
    path = written(
        folder / "rain.ipynb",
        cell("# Rain\n\nHow much does it rain?", "markdown"),
        cell("## Part 1: means", "markdown"),
        cell(SOLUTION, solution=True, grade_id="means"),
        cell(TESTS, grade=True, locked=True, grade_id="test-means", points=4),
        cell("Why?", "markdown", grade=True, solution=True, grade_id="why", points=2),
    )
    (folder / "data").mkdir()
    (folder / "data/rain.csv").write_text("1\n2\n3\n", "utf-8")
    (folder / "rain_tools.py").write_text("def read(path):\n    return [int(x) for x in open(path)]\n", "utf-8")
    (folder / "other.txt").write_text("not named", "utf-8")
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    for room in ("labs", "reference", "rubrics"):
        (folder / room).mkdir(parents=True)
    return folder


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"
    }


def test_the_lab_has_the_notebook_as_it_is_a_rubric_and_the_files_that_are_named(
    grade: Callable[..., Said], solved: Path, empty: Path
) -> None:
    said = grade("new", "rain", "--from", solved, "--course", empty, "--lang", "en")
    assert (said.status, said.err) == (0, "")
    assert files(empty) == {
        "labs/data/rain.csv",
        "labs/rain_tools.py",
        "probes/rain.py",
        "reference/rain.ipynb",
        "rubrics/rain.yaml",
    }
    assert (empty / "reference/rain.ipynb").read_bytes() == solved.read_bytes()
    rubric = yaml.safe_load((empty / "rubrics/rain.yaml").read_text("utf-8"))
    assert (rubric["title"], rubric["points"], rubric["packages"]) == ("Rain", 6, ["numpy"])
    assert rubric["files"] == ["data/rain.csv", "rain_tools.py"]
    assert list(rubric["tasks"]) == ["mean", "apply", "total", "why"]
    mean = rubric["tasks"]["mean"]
    assert mean["checks"]["test_means"]["promise"] == "The mean of some numbers."
    assert mean["checks"]["test_means"]["questions"] == [
        {"public": True, "inputs": {"x": [1, 2, 6]}},
        {"inputs": {"x": {"list": [1, 2]}}, "judge": {"kind": "close", "rtol": 1e-9}},
    ]


def test_it_says_what_was_carried_over_and_what_was_not(grade: Callable[..., Said], solved: Path, empty: Path) -> None:
    said = grade("new", "rain", "--from", solved, "--course", empty, "--lang", "en")
    assert "Carried over: tasks 4, questions 4 (public 2, hidden 2), points 6." in said.out
    assert "Not carried over (1):" in said.out
    assert "cell In [2], line 6: assert np.random.rand() < 2\n    it asks for nothing that students write" in said.out
    assert "A person reads: why (points 2)." in said.out
    assert "grade audit rain" in said.out
    assert "帶過來的有" in grade("new", "rain2", "--from", solved, "--course", empty, "--lang", "zh-TW").out


def test_the_lab_can_be_loaded_and_its_reference_answers_every_question(
    grade: Callable[..., Said], solved: Path, empty: Path
) -> None:
    grade("new", "rain", "--from", solved, "--course", empty)
    lab = load_lab(open_course(empty), "rain")
    assert len(make_key(lab, 1).asked) == 4


@pytest.mark.kernel
def test_the_solved_notebook_itself_earns_everything(grade: Callable[..., Said], solved: Path, empty: Path) -> None:
    grade("new", "rain", "--from", solved, "--course", empty)
    said = grade("rain", empty / "reference/rain.ipynb", "--course", empty, "--lang", "en")
    assert said.status == 0, said.out


@pytest.mark.parametrize(
    "name", ["labs/rain.ipynb", "labs/data/rain.csv", "reference/rain.py", "reference/rain.ipynb", "rubrics/rain.yaml"]
)
def test_a_file_that_is_there_is_never_written_over(
    grade: Callable[..., Said], solved: Path, empty: Path, name: str
) -> None:
    (empty / name).parent.mkdir(exist_ok=True)
    (empty / name).write_text("mine", "utf-8")
    said = grade("new", "rain", "--from", solved, "--course", empty, "--lang", "en")
    assert (said.status, said.out, said.err) == (2, "", f"{empty / name} exists already: nothing was written.\n")
    assert files(empty) == {name}


def test_a_data_file_that_is_there_and_is_the_same_serves_both_labs(
    grade: Callable[..., Said], solved: Path, empty: Path
) -> None:
    (empty / "labs/data").mkdir()
    (empty / "labs/data/rain.csv").write_bytes((solved.parent / "data/rain.csv").read_bytes())
    assert grade("new", "rain", "--from", solved, "--course", empty).status == 0


def test_without_a_question_nothing_is_written_and_the_reasons_are_told(
    grade: Callable[..., Said], empty: Path, tmp_path: Path
) -> None:
    code = "import random\n### BEGIN SOLUTION\ndef f():\n    return random.random()\n### END SOLUTION"
    path = written(
        tmp_path / "luck.ipynb",
        cell(code, solution=True, grade_id="f"),
        cell("assert f() < 1", grade=True, locked=True, grade_id="t", points=1),
    )
    said = grade("new", "luck", "--from", path, "--course", empty, "--lang", "en")
    assert (said.status, said.err) == (2, f"Nothing of {path} became a question, so nothing was written.\n")
    assert "its answer is left to chance" in said.out
    assert files(empty) == set()


@pytest.mark.parametrize(
    ("heading", "words", "languages"),
    [
        ("# Rain", (), ("en",)),
        ("# 雨量", (), ("zh-TW",)),
        ("# Rain", ("--lang", "zh-TW"), ("zh-TW",)),
        ("# 雨量", ("--lang", "en"), ("en",)),
    ],
)
def test_the_lab_has_the_one_language_of_the_notebook_or_the_one_that_is_said(
    grade: Callable[..., Said], empty: Path, tmp_path: Path, *, heading: str, words: tuple[str, ...], languages: object
) -> None:
    path = written(
        tmp_path / "f.ipynb",
        cell(heading, "markdown"),
        cell("def f(x):\n    return 2 * x # SOLUTION"),
        cell("assert f(3) == 6", grade=True, locked=True, grade_id="t", points=1),
    )
    assert grade("new", "f", "--from", path, "--course", empty, *words).status == 0
    assert languages_used(load_lab(open_course(empty), "f").rubric) == languages


def test_the_number_of_what_was_not_carried_over_is_that_of_the_entries_below(
    grade: Callable[..., Said], empty: Path, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "f.ipynb",
        cell("def f(x):\n    return 2 * x # SOLUTION"),
        cell("assert f(3) == 6\nassert 1 == 1\nassert 2 == 2\nassert f([]) == 3\nassert 3 == 3"),
    )
    said = grade("new", "f", "--from", path, "--course", empty, "--lang", "en")
    assert "Not carried over (2):" in said.out
    assert sum(line.startswith("  cell In") for line in said.out.splitlines()) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Look: ![a cat](pictures/cat.png)",
        "![a cat](./pictures/cat.png 'A cat')",
        "![a cat](<pictures/cat.png>)",
        '<p><img alt="a cat" src="pictures/cat.png" width=30></p>',
        "<IMG src=pictures/cat.png>",
        "<img src='pictures/cat.png'/>",
        "![a cat][cat]\n\n[cat]: pictures/cat.png",
        "![none](https://example.org/a.png) ![](attachment:b.png) ![](../c.png) ![](no.png) ![](pictures/c%61t.png#x)",
    ],
)
def test_a_picture_that_the_text_shows_belongs_to_the_lab(
    grade: Callable[..., Said], empty: Path, tmp_path: Path, text: str
) -> None:
    path = written(
        tmp_path / "teacher/f.ipynb",
        cell(text, "markdown"),
        cell("def f(x):\n    return 2 * x # SOLUTION"),
        cell("assert f(3) == 6"),
    )
    for name in ("teacher/pictures/cat.png", "teacher/pictures/dog.png", "c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"\x89PNG")
    assert grade("new", "f", "--from", path, "--course", empty).status == 0
    assert yaml.safe_load((empty / "rubrics/f.yaml").read_text("utf-8"))["files"] == ["pictures/cat.png"]
    assert {name for name in files(empty) if name.startswith("labs")} == {"labs/pictures/cat.png"}


def test_where_a_file_is_missing_the_last_line_says_what_to_do_and_not_that_all_is_well(
    grade: Callable[..., Said], solved: Path, empty: Path
) -> None:
    (solved.parent / "data/rain.csv").rename(solved.parent / "elsewhere.csv")
    said = grade("new", "rain", "--from", solved, "--course", empty, "--lang", "en")
    assert "there is no file data/rain.csv beside the notebook: put it there, and give the command again" in said.out
    assert said.out.splitlines()[-1] == (
        "Not all of it came about. Next: put data/rain.csv beside the notebook, delete the files named above, and give "
        "the command again."
    )


@pytest.mark.parametrize("content", ["{", '{"cells": 3}', "# no notebook"])
def test_a_file_that_is_no_notebook_is_refused_in_a_sentence(
    grade: Callable[..., Said], empty: Path, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(content, "utf-8")
    said = grade("new", "x", "--from", path, "--course", empty, "--lang", "en")
    assert (said.status, said.out, "Traceback" in said.err, str(path) in said.err) == (2, "", False, True)


def test_a_notebook_that_is_not_there_or_has_no_marks_is_refused(
    grade: Callable[..., Said], empty: Path, tmp_path: Path
) -> None:
    plain = written(tmp_path / "plain.ipynb", cell("x = 1"))
    for path in (tmp_path / "absent.ipynb", plain):
        said = grade("new", "x", "--from", path, "--course", empty, "--lang", "en")
        assert (said.status, str(path) in said.err, files(empty)) == (2, True, set())


def test_otters_files_of_tests_beside_the_notebook_are_asked_too(
    grade: Callable[..., Said], empty: Path, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "hw.ipynb",
        cell("import otter\ngrader = otter.Notebook()"),
        cell("def twice(x):\n    return 2 * x # SOLUTION"),
        cell('grader.check("q1")'),
    )
    (tmp_path / "tests").mkdir()
    case = {"code": ">>> twice(3)\n6\n>>> twice(4) == 8\nTrue", "hidden": False, "locked": False}
    test = {"name": "q1", "points": 2, "suites": [{"cases": [case], "scored": True, "type": "doctest"}]}
    (tmp_path / "tests/q1.py").write_text(f"OK_FORMAT = True\n\ntest = {test!r}\n", "utf-8")
    said = grade("new", "hw", "--from", path, "--course", empty, "--lang", "en")
    assert said.status == 0, said.err
    task = yaml.safe_load((empty / "rubrics/hw.yaml").read_text("utf-8"))["tasks"]["twice"]
    assert [one["inputs"]["x"] for one in task["checks"]["q1"]["questions"]] == [3, 4]
    assert task["points"] == 2


def of_the_stub(empty: Path, answer: str, *, keeps_metadata: bool) -> Path:
    """Return what a student hands in of the notebook that was given out, saved by an editor that keeps tags or not."""
    form = json.loads((empty / "given/rain.ipynb").read_text("utf-8"))
    for one in form["cells"]:
        if one["source"] == "*Your answer here*":
            one["source"] = answer
        if not keeps_metadata:
            one["metadata"] = {}
            one.pop("id", None)
    form["nbformat_minor"] = 5 if keeps_metadata else 4
    path = empty / "in" / "s001.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(form), "utf-8")
    return path


@pytest.mark.kernel
@pytest.mark.parametrize("keeps_metadata", [True, False])
def test_what_a_person_reads_becomes_a_task_whose_cells_are_found_in_what_is_handed_in(
    grade: Callable[..., Said], solved: Path, empty: Path, *, keeps_metadata: bool
) -> None:
    grade("new", "rain", "--from", solved, "--course", empty)
    rubric = yaml.safe_load((empty / "rubrics/rain.yaml").read_text("utf-8"))
    assert rubric["tasks"]["why"] == {
        "title": "Part 1: means",
        "manual": {"points": 2, "items": []},
        "cells": {"id": "why", "tag": "why", "heading": "Part 1: means"},
    }
    assert grade("release", "rain", "--output", empty / "given", "--course", empty).status == 0
    handed_in = of_the_stub(empty, "Because of the clouds.", keeps_metadata=keeps_metadata)
    grade("rain", handed_in, "--course", empty, "--output", empty / "out")
    record = json.loads((empty / "out/s001.json").read_text("utf-8"))
    cells = record["tasks"][-1]["manual"]["cells"]
    sources = [one["source"] for one in json.loads(handed_in.read_text("utf-8"))["cells"]]
    assert "Because of the clouds." in [sources[number] for number in cells]
    assert len(cells) == (1 if keeps_metadata else 4), "without a tag all that stands below its heading"
    assert grade("audit", "rain", "--course", empty, "--lang", "en").out.count("would be found to read") == 0
