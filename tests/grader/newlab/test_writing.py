"""`grade new LAB`: three files that can be graded and audited as they are, and never over another file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import nbformat
import pytest

from grader.course.folder import open_course
from grader.course.lab import load_lab

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Said

WRITTEN = ("labs/lab07.ipynb", "reference/lab07.py", "rubrics/lab07.yaml")


@pytest.fixture
def empty(grade: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to an empty folder."""
    del grade  # which goes to the course
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"
    }


@pytest.mark.kernel
def test_in_an_empty_folder_it_makes_a_course_with_a_lab_that_can_be_graded(
    grade: Callable[..., Said], empty: Path
) -> None:
    said = grade("new", "lab07", "--title", "Seven", "--lang", "en")
    assert (said.status, said.err) == (0, "")
    assert files(empty) == set(WRITTEN)
    assert all(str(empty / name) in said.out for name in WRITTEN)
    assert "grade audit lab07" in said.out
    assert "Seven" in grade("--list", "--lang", "en").out
    graded = grade("lab07", "--lang", "en")
    assert graded.status == 1
    assert "0 of 10 points" in graded.out
    assert "✗" not in graded.out, "a stub fails nothing"


@pytest.mark.kernel
def test_its_audit_calls_it_fair_and_says_what_more_would_bring_and_where_to_write_it(
    grade: Callable[..., Said], empty: Path, tmp_path: Path
) -> None:
    grade("new", "lab07")
    said = grade("audit", "lab07", "--output", tmp_path / "out", "--lang", "en")
    assert (said.status, "Traceback" in said.err) == (0, False)
    kept = json.loads((tmp_path / "out/lab07.audit.json").read_text("utf-8"))
    assert [(one["weight"], one["file"]) for one in kept["findings"]] == [
        ("advice", "reference/mistakes/lab07/average.py"),
        ("advice", "tests/correct/lab07/average.py"),
        ("advice", "reference/laws/lab07/average.py"),
        ("advice", "reference/solutions/lab07.ipynb"),
    ]
    assert kept["mutation_score"] == 1.0, "the example's questions find every slip in it"
    assert "lab07 is fair. Wrong answers lose marks (8 of 8 slips in the reference)" in said.out
    assert files(empty) == set(WRITTEN)


@pytest.mark.kernel
def test_the_solved_notebook_earns_everything(
    grade: Callable[..., Said], empty: Path, notebook: Callable[..., Path]
) -> None:
    grade("new", "lab07")
    solved = notebook("import numpy as np\ndef average(x):\n    return np.mean(x)", folder=empty, name="s001")
    assert grade("lab07", solved).status == 0


def test_in_a_course_it_adds_a_lab_also_from_a_folder_inside_it(
    grade: Callable[..., Said], course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(course)
    monkeypatch.chdir(course / "rubrics")
    assert grade("new", "lab07").status == 0
    assert files(course) - before == set(WRITTEN)


def test_the_course_may_be_named_and_need_not_be_there_yet(grade: Callable[..., Said], tmp_path: Path) -> None:
    assert grade("new", "lab07", "--course", tmp_path / "a/b").status == 0
    assert files(tmp_path / "a/b") == set(WRITTEN)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_that_is_there_is_never_written_over(grade: Callable[..., Said], empty: Path, name: str) -> None:
    path = empty / name
    path.parent.mkdir()
    path.write_text("mine", "utf-8")
    said = grade("new", "lab07", "--course", empty, "--lang", "en")
    assert (said.status, said.out) == (2, "")
    assert said.err == f"{path} exists already: nothing was written.\n"
    assert files(empty) == {name}
    assert path.read_text("utf-8") == "mine"


def test_a_folder_with_other_things_in_it_is_not_made_a_course(grade: Callable[..., Said], empty: Path) -> None:
    (empty / "letter.txt").write_text("", "utf-8")
    said = grade("new", "lab07", "--lang", "en")
    assert said.status == 2
    assert f"No course here, and {empty} is not empty" in said.err
    assert files(empty) == {"letter.txt"}


@pytest.mark.parametrize("name", ["7lab", "../lab", "a b", "a.b", "", "audit", "new", "schema", "a" * 62])
def test_a_name_that_cannot_be_typed_or_is_a_command_is_refused(
    grade: Callable[..., Said], empty: Path, name: str
) -> None:
    said = grade("new", name, "--lang", "en")
    assert said.status == 2
    assert f'A lab cannot be called "{name}"' in said.err
    assert files(empty) == set()


@pytest.mark.parametrize(
    "title", ['A "quoted" title: #1', "反斜線 \\ 與\n換行", "'''", '"""', "{{ 7*7 }} %% code", "x" * 300]
)
def test_any_title_gives_files_that_can_be_read(grade: Callable[..., Said], empty: Path, title: str) -> None:
    assert grade("new", "lab07", "--title", title).status == 0
    lab = load_lab(open_course(empty), "lab07")
    assert lab.title.en == lab.title.zh_tw != ""
    written = nbformat.read(empty / WRITTEN[0], as_version=4)
    nbformat.validate(written)
    assert [cell.cell_type for cell in written.cells] == ["markdown", "code", "markdown", "code", "code"]


@pytest.mark.parametrize(
    ("named", "words", "languages"),
    [
        (None, [], ("zh-TW", "en")),
        (None, ["--lang", "en"], ("en",)),
        (None, ["--lang=zh-TW"], ("zh-TW",)),
        ("[en]", [], ("en",)),
        ("[en]", ["--lang", "zh-TW"], ("en",)),
        ("[zh-TW, en]", ["--lang", "en"], ("zh-TW", "en")),
    ],
)
def test_the_files_are_in_the_languages_of_the_course_else_in_the_one_that_is_asked_for(
    grade: Callable[..., Said], empty: Path, named: str | None, words: list[str], languages: tuple[str, ...]
) -> None:
    if named is not None:
        for name in ("rubrics", "reference"):
            (empty / name).mkdir()
        (empty / "course.yaml").write_text(f"languages: {named}\n", "utf-8")
    said = grade("new", "lab07", *words)
    assert said.status == 0, said.err
    assert load_lab(open_course(empty), "lab07").languages == languages
    for name in WRITTEN:
        text = (empty / name).read_text("utf-8")
        in_chinese = "zh-TW" in languages and (languages == ("zh-TW",) or not name.startswith("reference"))
        assert ("平均" in text) == in_chinese, "of both, the reference has English alone"
        assert (re.search("mean of all|Mean of all", text) is not None) == ("en" in languages)


def test_the_notebook_is_in_both_languages_and_says_how_to_grade_it(grade: Callable[..., Said], empty: Path) -> None:
    grade("new", "lab07", "--title", "Seven")
    text = (empty / WRITTEN[0]).read_text("utf-8")
    assert re.search("[\u4e00-\u9fff]", text)
    assert "grade lab07" in text
    assert "# Seven" in text


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_help_answers_in_both_languages(grade: Callable[..., Said], language: str) -> None:
    for command in ("new", "audit"):
        said = grade(command, "--help", "--lang", language)
        assert said.status == 0
        assert "--course DIR" in said.out
