"""A class as platforms and students give it, graded for real: who is graded, what is told, and what stays as it is."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Said

pytestmark = pytest.mark.kernel

COURSE = Path(__file__).resolve().parents[2] / "another_course"
SOLVED = ("def double(x):\n    return 2 * x", "def total(x):\n    return sum(x)")
HALF = SOLVED[:1]


def record_of(output: Path, student: str) -> dict[str, Any]:
    form: dict[str, Any] = json.loads((output / f"{student}.json").read_text("utf-8"))
    return form


def rows(output: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((output / "class.csv").read_text("utf-8-sig").splitlines()))


def test_everything_in_a_class_folder_is_told_on_the_terminal_in_the_table_and_on_the_page(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path
) -> None:
    folder, output = tmp_path / "in", tmp_path / "out"
    notebook(*SOLVED, name="warmup (1)", folder=folder / "王小明_1_assignsubmission_file_")
    notebook(*SOLVED, name="lin_LATE_12345_67890_warmup-1", folder=folder)
    notebook(*HALF, name="lin_12345_67800_warmup", folder=folder)
    (folder / "s003.pdf").write_bytes(b"%PDF")
    (folder / "s004").mkdir()
    (folder / "notes.csv").write_text("a,b")
    words = ("warmup", folder, "--course", COURSE, "--output", output, "--format", "csv", "--format", "html")
    said = grade(*words, "--lang", "en")
    assert said.status == 2
    told = " ".join(said.out.split())
    assert "2 graded, 2 of them with full marks; 2 not graded" in told
    page = (output / "class.html").read_text("utf-8")
    table = " ".join(cell for row in rows(output) for cell in row.values())
    for name in ("s003", "s004", "notes.csv", "lin_12345_67800_warmup.ipynb"):
        assert name in told
        assert name in page
        assert name in table
    assert record_of(output, "lin_12345")["submission"]["late"] is True
    assert "✓ lin_12345 10 of 10 points (the platform says late)" in told
    assert "The platform says late, and not how late: lin_12345. To count it: grade book late STUDENT warmup" in told
    assert "Late, says the platform" in page
    shown = grade("book", "show", "warmup", "--book", output, "--course", COURSE)
    assert "the platform says late" in shown.out
    assert "how late: lin_12345." in shown.err
    grade("book", "late", "lin_12345", "warmup", "--days", 0, "--book", output, "--course", COURSE)
    shown = grade("book", "show", "warmup", "--book", output, "--course", COURSE)
    assert "the platform says late" not in shown.out
    assert "how late" not in shown.err
    notes = record_of(output, "王小明")["submission"]["notes"]
    assert "warmup (1).ipynb" in notes[0]["en"]
    assert "warmup (1).ipynb" in (output / "王小明.html").read_text("utf-8")
    assert grade(*words, "--lang", "zh-TW").status == 2, "nothing has changed, and the reasons are still told"
    assert "notes.csv" in " ".join(cell for row in rows(output) for cell in row.values())


def test_a_page_that_is_made_again_says_what_was_left_out_at_the_last_grading(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path
) -> None:
    folder, output = tmp_path / "in", tmp_path / "out"
    notebook(*SOLVED, name="s001", folder=folder)
    (folder / "notes.csv").write_text("a,b")
    words = ("warmup", folder, "--course", COURSE, "--output", output)
    again = ("report", output, "--format", "html", "--format", "csv", "--output", output)
    assert grade(*words).status == 0
    assert (grade(*again).status, grade(*again).err) == (0, "")
    assert "notes.csv" in (output / "class.html").read_text("utf-8")
    assert [row["student"] for row in rows(output)] == ["s001", ""]
    (output / ".warmup.left-out.json").write_text("[{}]")
    said = grade(*again)
    assert (said.status, "warmup.left-out.json" in said.err, "grade the class again" in said.err) == (2, True, True)
    (folder / "notes.csv").unlink()
    assert grade(*words).status == 0, "nothing that the grader wrote stops it"
    assert grade(*again).status == 0
    assert "notes.csv" not in (output / "class.html").read_text("utf-8")


def test_results_within_the_class_folder_are_no_student_at_the_next_grading(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook(*SOLVED, name="warmup", folder=tmp_path / "s001")
    monkeypatch.chdir(tmp_path)
    for output in ("results", "results", "again", "."):
        said = grade("warmup", ".", "--course", COURSE, "--output", output, "--format", "html", "--lang", "en")
        assert (said.status, "1 graded" in said.out) == (0, True)
    assert "results: a folder of the grader's own" in said.out


@pytest.mark.parametrize("words", [("in",), ("in/.",), ("../class/in",), ("in.zip",)], ids=" ".join)
def test_a_relative_path_is_graded_from_any_folder(
    grade: Callable[..., Said],
    notebook: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    home = tmp_path / "class"
    source = "import tables\ndef double(x):\n    return tables.TWO * x"
    path = notebook(source, SOLVED[1], name="warmup", folder=home / "in/s001")
    (path.parent / "tables.py").write_text("TWO = 2", "utf-8")
    if words[0].endswith(".zip"):
        with zipfile.ZipFile(home / words[0], "w") as archive:
            for file in path.parent.iterdir():
                archive.write(file, f"Lin_1_assignsubmission_file_/{file.name}")
    monkeypatch.chdir(home)
    said = grade("warmup", *words, "--course", COURSE, "--lang", "en")
    assert (said.status, "1 graded, 1 of them with full marks" in said.out) == (0, True)
    monkeypatch.chdir(home / "in/s001")
    assert grade("warmup", "..", "--course", COURSE).status == 0


def test_two_labs_into_one_folder_are_refused_before_anything_is_graded(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path, root: Path
) -> None:
    output = tmp_path / "out"
    folder = notebook(*SOLVED, name="s001", folder=tmp_path / "in").parent
    assert grade("warmup", folder, "--course", COURSE, "--output", output).status == 0
    before = {path.name: path.read_bytes() for path in output.iterdir()}
    said = grade("lab01", folder, "--course", root, "--output", output, "--lang", "en")
    assert (said.status, said.out) == (2, "")
    assert "holds the results of warmup" in said.err
    single = grade("lab01", folder / "s001.ipynb", "--course", root, "--output", output, "--lang", "en")
    assert (single.status, "holds the results of warmup" in single.err) == (2, True)
    assert {path.name: path.read_bytes() for path in output.iterdir()} == before


def test_a_single_notebook_never_overwrites_a_look_alikes_record(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    for name, cells in (("a b", SOLVED), ("a  b", HALF), ("A b", HALF), ("a b", SOLVED)):
        path = notebook(*cells, name=name, folder=tmp_path / name)
        grade("warmup", path, "--course", COURSE, "--output", output)
    assert record_of(output, "a b")["earned"] == 10
    assert len(list(output.glob("*.json"))) == 3


@pytest.mark.parametrize("file", ["class.csv", "s001.html", "s001.json"])
def test_what_is_not_ours_is_never_overwritten(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path, file: str
) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / file).write_text("id,name\ns001,王小明\n", "utf-8")
    folder = notebook(*SOLVED, name="s001", folder=tmp_path / "in").parent
    words = ("warmup", folder, "--course", COURSE, "--output", output, "--format", "csv", "--format", "html")
    said = grade(*words, "--lang", "en")
    assert (said.status, said.out) == (2, "")
    assert file in said.err
    assert (output / file).read_text("utf-8") == "id,name\ns001,王小明\n"
    (output / file).unlink()
    assert grade(*words).status == 0
    assert grade(*words, "--again").status == 0, "our own files are written anew"
    (output / "class.csv").write_text("id,name\ns001,王小明\n", "utf-8")
    assert grade(*words).status == 2, "a list in the place of our table is somebody's"


def test_the_graded_file_is_named_and_so_is_one_of_another_name_that_lies_here(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook(*SOLVED, name="warmup (1)", folder=tmp_path)
    monkeypatch.chdir(tmp_path)
    said = grade("warmup", "--course", COURSE, "--lang", "en")
    assert "warmup (1).ipynb lies here as well" in " ".join(said.out.split())
    assert str(COURSE / "labs/warmup.ipynb") in "".join(said.out.split("\n"))
    (tmp_path / "warmup (1).ipynb").rename(tmp_path / "warmup.ipynb.txt")
    said = grade("warmup", "--course", COURSE, "--lang", "en")
    assert "warmup.ipynb.txt lies here as well" in " ".join(said.out.split())
    (tmp_path / "warmup.ipynb.txt").rename(tmp_path / "warmup (1).ipynb")
    said = grade("warmup", "warmup (1).ipynb", "--course", COURSE, "--lang", "en")
    assert said.status == 0
    assert "lies here" not in said.out


def test_a_notebook_of_another_lab_tells_its_student_what_to_hand_in(
    grade: Callable[..., Said], root: Path, tmp_path: Path
) -> None:
    (tmp_path / "my class").mkdir()
    (tmp_path / "my class/s001.ipynb").write_bytes((root / "labs/lab01.ipynb").read_bytes())
    words = ("lab02", tmp_path / "my class", "--output", tmp_path / "out")
    for language, told in (("en", "hand in lab02.ipynb."), ("zh-TW", "請繳交 lab02.ipynb。")):
        said = grade(*words, "--lang", language)
        assert said.status == 2
        assert told in " ".join(said.out.split())
        assert "grade lab01" not in said.out


def test_commands_that_are_told_can_be_typed_where_a_folder_has_a_blank(
    grade: Callable[..., Said], tmp_path: Path
) -> None:
    folder = tmp_path / "my release"
    assert f"`cd '{folder}'`" in grade("release", "lab01", "--output", folder).out
    (folder / "README-lab01.md").unlink()
    assert f"`grade release lab01 --output '{folder}'`" in grade("release", "lab01", "--output", folder, "--check").out


def test_what_was_graded_and_written_is_told_in_lines_that_can_be_copied(
    grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path
) -> None:
    home = tmp_path / "with a blank" / ("long " * 20).strip()
    path = notebook(*SOLVED, name="s001", folder=home / "in")
    words = ("--course", COURSE, "--output", home / "in/../out", "--format", "html")
    lines = grade("warmup", home / "in/../in/s001.ipynb", *words).out.splitlines()
    assert f"Graded: {path}" in lines
    assert f"Written in {home / 'out'}: s001.json, s001.html" in lines
    lines = grade("warmup", home / "in", *words).out.splitlines()
    assert f"Written in {home / 'out'}: STUDENT.json, STUDENT.html, class.html" in lines


def test_who_is_not_graded_is_listed_once_and_long_reasons_are_indented(
    grade: Callable[..., Said], tmp_path: Path
) -> None:
    (tmp_path / "in/s001").mkdir(parents=True)
    (tmp_path / "in/s002.ipynb").write_bytes(b"%PDF-1.7")
    (tmp_path / "in/list.csv").write_text("a,b")
    for language in ("en", "zh-TW"):
        out = grade("warmup", tmp_path / "in", "--course", COURSE, "--lang", language).out
        assert out.count("? s001 ") == out.count("? s002 ") == 1
        lines = out.splitlines()
        after = lines[next(at for at, line in enumerate(lines) if line.startswith("? s002")) + 1]
        assert after.startswith("  "), out
