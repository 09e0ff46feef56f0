"""A mark that a teacher has corrected reaches the student's page; the record stays what was graded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Said

pytestmark = pytest.mark.kernel

COURSE = Path(__file__).resolve().parents[2] / "another_course"
HALF = "def double(x):\n    return 2 * x"


@pytest.fixture
def graded(grade: Callable[..., Said], notebook: Callable[..., Path], tmp_path: Path) -> Path:
    """Return the output folder of a class of two, each with 7.5 of 10 points, and a file that is no notebook."""
    for name in ("s001", "s002"):
        notebook(HALF, name=name, folder=tmp_path / "in")
    (tmp_path / "in/s003.ipynb").write_text("no notebook", "utf-8")
    said = grade("warmup", tmp_path / "in", *places(tmp_path), "--format", "html", "--seed", "7")
    assert said.status == 2
    return tmp_path / "out"


def places(folder: Path) -> tuple[object, ...]:
    return ("--course", COURSE, "--output", folder / "out", "--lang", "en")


def mark(grade: Callable[..., Said], output: Path, *words: object) -> Said:
    said = grade("book", *words, "--book", output, "--course", COURSE, "--lang", "en")
    assert said.status == 0, said.err
    return said


def make_pages(grade: Callable[..., Said], output: Path) -> None:
    said = grade("report", output, "--format", "html", "--output", output, "--course", COURSE, "--lang", "en")
    assert said.status == 0, said.err


def test_points_and_comments_are_on_the_page_and_in_the_class(grade: Callable[..., Said], graded: Path) -> None:
    before = {path.name: path.read_bytes() for path in graded.iterdir() if path.suffix in {".html", ".json"}}
    assert "7.5 of 10 points" in before["s001.html"].decode()
    mark(grade, graded, "add", "s001", "warmup", "1.5", "--comment", "a fine <b>plot</b>")
    make_pages(grade, graded)
    page = (graded / "s001.html").read_text("utf-8")
    assert "9 of 10 points" in page
    assert "Automatic: 7.5. Added by the teacher: +1.5." in page
    assert "From your teacher: a fine &lt;b&gt;plot&lt;/b&gt;" in page
    assert "老師" in page
    assert "9" in (graded / "class.html").read_text("utf-8")
    for name in ("s001.json", "s002.json", "s002.html", "s003.html"):
        assert (graded / name).read_bytes() == before[name], name


def test_it_stays_on_the_page_when_the_class_is_graded_again(
    grade: Callable[..., Said], graded: Path, notebook: Callable[..., Path], tmp_path: Path
) -> None:
    mark(grade, graded, "add", "s001", "warmup", "1.5", "--comment", "a fine plot")
    for more in ((), ("--again",)):
        grade("warmup", tmp_path / "in", *places(tmp_path), "--format", "html", *more)
        assert "9 of 10 points" in (graded / "s001.html").read_text("utf-8")
        assert json.loads((graded / "s001.json").read_text("utf-8"))["earned"] == 7.5
    notebook("def double(x):\n    return 3 * x", name="s001", folder=tmp_path / "in")
    grade("warmup", tmp_path / "in", *places(tmp_path), "--format", "html")
    assert "1.5 of 10 points" in (graded / "s001.html").read_text("utf-8")


def test_an_excuse_lateness_and_points_for_what_cannot_be_read_are_on_the_page(
    grade: Callable[..., Said], graded: Path
) -> None:
    mark(grade, graded, "excuse", "s001", "warmup", "--comment", "ill")
    mark(grade, graded, "add", "s002", "warmup", "20", "--bonus", "--comment", "a bonus")
    mark(grade, graded, "add", "s003", "warmup", "4", "--comment", "on paper")
    make_pages(grade, graded)
    first, second, third = ((graded / f"s00{n}.html").read_text("utf-8") for n in (1, 2, 3))
    assert "In the gradebook: Excused." in first
    assert "From your teacher: ill" in first
    assert "10 of 10 points and a bonus of 17.5" in second
    assert "4 of 10 points" in third
    assert "is plain text, not a notebook" in third


def test_a_platform_shows_its_student_what_holds_and_tables_for_programs_what_was_graded(
    grade: Callable[..., Said], graded: Path, tmp_path: Path
) -> None:
    mark(grade, graded, "add", "s001", "warmup", "1.5", "--comment", "a fine plot")
    names = ("gradescope", "csv", "json", "junit")
    words = (*(word for name in names for word in ("--format", name)), "--output", tmp_path / "made")
    assert grade("report", graded, *words, "--course", COURSE).status == 0
    shown = json.loads((tmp_path / "made/s001.gradescope.json").read_text("utf-8"))
    assert shown["score"] == 9
    assert "From your teacher: a fine plot" in shown["output"]
    assert json.loads((tmp_path / "made/s001.json").read_text("utf-8"))["earned"] == 7.5
    assert "\ns001,warmup,7.5,10," in (tmp_path / "made/class.csv").read_text("utf-8")
    assert "a fine plot" not in (tmp_path / "made/s001.junit.xml").read_text("utf-8")


def test_points_above_all_of_a_lab_are_cut_and_it_is_said_unless_they_are_a_bonus(
    grade: Callable[..., Said], graded: Path
) -> None:
    said = mark(grade, graded, "add", "s001", "warmup", "4", "--comment", "a fine plot")
    assert "10 of 10 points" in said.out
    assert "warmup is worth 10 points, and 1.5 more were given, which do not count." in " ".join(said.err.split())
    assert "--bonus" in said.err
    make_pages(grade, graded)
    page = (graded / "s001.html").read_text("utf-8")
    assert "Above all points and no bonus, so not counted: 1.5." in page
    assert "11.5" not in page
    said = mark(grade, graded, "add", "s001", "warmup", "1", "--bonus", "--comment", "more than was asked")
    assert "10 of 10 points and a bonus of 1." in said.out


def test_the_teacher_is_told_how_a_mark_reaches_the_page(grade: Callable[..., Said], graded: Path) -> None:
    said = mark(grade, graded, "add", "s001", "warmup", "1.5", "--comment", "a fine plot")
    assert f"grade report {graded} --format html --output {graded}" in said.err.replace("\n", " ")


def test_a_mark_on_another_result_is_not_put_on_this_one(
    grade: Callable[..., Said], graded: Path, notebook: Callable[..., Path], tmp_path: Path
) -> None:
    old = (graded / "s001.json").read_bytes()
    notebook("def double(x):\n    return 3 * x", name="s001", folder=tmp_path / "in")
    grade("warmup", tmp_path / "in", *places(tmp_path))
    mark(grade, graded, "add", "s001", "warmup", "1.5", "--comment", "for the second one")
    (graded / "s001.json").write_bytes(old)
    make_pages(grade, graded)
    assert "7.5 of 10 points" in (graded / "s001.html").read_text("utf-8")


def test_who_has_left_or_is_called_otherwise_is_on_the_class_page_no_more(
    grade: Callable[..., Said], graded: Path, notebook: Callable[..., Path], tmp_path: Path
) -> None:
    notebook(HALF, name="tmpname", folder=tmp_path / "in")
    (tmp_path / "in/tmpname.ipynb").rename(tmp_path / "in/s004.ipynb")
    notebook(HALF, name="tmpname", folder=tmp_path / "in")
    grade("warmup", tmp_path / "in", *places(tmp_path), "--format", "html")
    (tmp_path / "in/tmpname.ipynb").unlink()
    grade("warmup", tmp_path / "in", *places(tmp_path), "--format", "html", "--again", "--seed", "8")
    mark(grade, graded, "rename", "tmpname", "s004")
    mark(grade, graded, "withdraw", "s002")
    make_pages(grade, graded)
    page = (graded / "class.html").read_text("utf-8")
    assert [name in page for name in ("s001", "s002", "s003", "s004", "tmpname")] == [True, False, True, True, False]
    grade("warmup", tmp_path / "in", *places(tmp_path), "--format", "html")
    assert "s002" not in (graded / "class.html").read_text("utf-8")
    mark(grade, graded, "withdraw", "s002", "--undo")
    make_pages(grade, graded)
    assert "s002" in (graded / "class.html").read_text("utf-8")
