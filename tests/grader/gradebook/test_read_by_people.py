"""What a person read of a class reaches the score, the exports and the student's page; staff's own notes never do."""

from __future__ import annotations

import json
import re
import shutil
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.gradebook import exports
from grader.gradebook.book import open_book
from grader.gradebook.readings import Override, Reading
from grader.registry import names_in
from grader.workflow.reporting import AS_GRADED, formats

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Said

pytestmark = pytest.mark.kernel

COURSE = Path(__file__).resolve().parents[2] / "courses/essay"
NOTE = "copied-from-s002?"
COMMENT = "A fine <b>plot</b>\nwithout a legend"


@pytest.fixture(scope="module")
def class_of_two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the output folder of a class of two that was graded once."""
    from grader.cli import main  # noqa: PLC0415 (a process of its own would take longer)

    folder = tmp_path_factory.mktemp("essay")
    (folder / "in").mkdir()
    shutil.copy(COURSE / "handed_in/right.ipynb", folder / "in/s001.ipynb")
    shutil.copy(COURSE / "handed_in/wrong_intercept.ipynb", folder / "in/s002.ipynb")
    words = ("essay", folder / "in", "--course", COURSE, "--output", folder / "out", "--seed", "7", "--format", "html")
    assert main([str(word) for word in words]) == 0
    return folder / "out"


@pytest.fixture
def graded(class_of_two: Path, tmp_path: Path) -> Path:
    """Return a copy of that folder, to be read."""
    return Path(shutil.copytree(class_of_two, tmp_path / "out"))


@pytest.fixture
def read(graded: Path) -> Path:
    """Return the folder after all of s001 was read, and the function of s002."""
    with open_book(graded, create=False) as book:
        names = Reading("essay", "s001", "fit_line", items=("names",), note=NOTE, made_by="ta")
        plot = Reading(
            "essay", "s001", "plot", items=("labels", "doubt"), points=Fraction(-1, 2), comment=COMMENT, note=NOTE
        )
        for reading in (names, plot, Reading("essay", "s002", "fit_line", comment="well done", note=NOTE)):
            book.keep_reading(reading, after=0)
        override = Override("essay", "s002", "fit_line", "values", points=Fraction(3), reason="only a sign")
        book.keep_override(override, after=0)
    return graded


def book(grade: Callable[..., Said], folder: Path, *words: object) -> Said:
    said = grade("book", *words, "--book", folder, "--course", COURSE, "--lang", "en")
    assert said.status == 0, said.err
    return said


def report(grade: Callable[..., Said], folder: Path, name: str, made: Path) -> None:
    said = grade("report", folder, "--format", name, "--output", made, "--course", COURSE, "--lang", "en")
    assert said.status == 0, said.err


def test_nothing_is_final_before_somebody_has_read_it(grade: Callable[..., Said], graded: Path, tmp_path: Path) -> None:
    shown = book(grade, graded, "show", "essay")
    assert "Not graded yet, as a person still has to read: 2 (grade review essay RESULTS)." in " ".join(
        shown.out.split()
    )
    assert "12 points wait in fit_line, plot" in " ".join(shown.out.split())
    for kind, cell in (("canvas", '"s001","","s001","","",""'), ("moodle", '"s001","-","Not graded yet:')):
        said = book(grade, graded, "export", kind, "essay", "--output", tmp_path / "made.csv")
        assert cell in (tmp_path / "made.csv").read_text("utf-8")
        assert "essay has 2 students without a score, as a person still has to read" in said.err
        assert "(24 points): s001, s002" in said.err
        assert "grade review essay RESULTS" in said.err
    book(grade, graded, "export", "csv", "essay", "--output", tmp_path / "made.csv")
    row = (tmp_path / "made.csv").read_text("utf-8").splitlines()[1]
    assert '"waiting","","16","4"' in row


def test_what_was_read_is_the_score_and_who_waits_still_does(
    grade: Callable[..., Said], read: Path, tmp_path: Path
) -> None:
    shown = " ".join(book(grade, read, "show", "essay").out.split())
    assert "Not graded yet, as a person still has to read: 1 (" in shown
    assert "10 points wait in plot" in shown
    book(grade, read, "export", "canvas", "essay", "--output", tmp_path / "made.csv")
    made = (tmp_path / "made.csv").read_text("utf-8")
    assert '"s001","","s001","","","13.5"' in made  # 4 + (2 - 1) + (10 - 2 + 1 - 1/2)
    assert '"s002","","s002","","",""' in made
    book(grade, read, "export", "moodle", "essay", "--output", tmp_path / "made.csv")
    made = (tmp_path / "made.csv").read_text("utf-8")
    assert "-2: The axes have no names" in made
    assert "A fine <b>plot</b> without a legend" in made


@pytest.mark.parametrize("name", sorted({*formats()} - AS_GRADED))
def test_every_format_of_a_student_has_the_items_and_the_comment(
    grade: Callable[..., Said], read: Path, tmp_path: Path, name: str
) -> None:
    report(grade, read, name, tmp_path / "made")
    made = "".join(path.read_text("utf-8") for path in sorted((tmp_path / "made").glob("*s001*")))
    made = " ".join(made.split())
    if name == "github":  # annotations: what has to be mended, and the score
        assert "13.5 of 16 points" in made
        return
    assert "The axes have no names" in made
    assert "without a legend" in made
    other = " ".join("".join(path.read_text("utf-8") for path in sorted((tmp_path / "made").glob("*s002*"))).split())
    assert "only a sign" in other
    assert "well done" in other


@pytest.mark.parametrize("name", sorted(formats()))
def test_what_staff_note_for_each_other_is_in_no_format(
    grade: Callable[..., Said], read: Path, tmp_path: Path, name: str
) -> None:
    report(grade, read, name, tmp_path / "made")
    files = list((tmp_path / "made").iterdir())
    assert files
    assert not [path.name for path in files if NOTE.encode() in path.read_bytes()]


@pytest.mark.parametrize("kind", names_in(exports))
def test_what_staff_note_for_each_other_is_in_no_export(
    grade: Callable[..., Said], read: Path, tmp_path: Path, kind: str
) -> None:
    book(grade, read, "export", kind, "essay", "--output", tmp_path / "made.csv")
    assert NOTE.encode() not in (tmp_path / "made.csv").read_bytes()


def test_the_page_shows_points_items_and_words_beside_each_task_and_runs_none_of_it(
    grade: Callable[..., Said], read: Path
) -> None:
    report(grade, read, "html", read)
    page = (read / "s001.html").read_text("utf-8")
    assert "13.5 of 16 points" in page
    assert "8.5 / 10" in page
    assert "+1: It says how sure the slope is" in page
    assert "-0.5 besides" in page
    assert "A fine &lt;b&gt;plot&lt;/b&gt;" in page
    assert "軸沒有名稱" in page
    other = (read / "s002.html").read_text("utf-8")
    assert "5 of 6 points, 10 more are not graded yet" in other
    assert "By hand: 3 of 4 points. The grader gave 0." in other
    record = json.loads((read / "s001.json").read_text("utf-8"))
    assert record["earned"] == 4
    assert "reading" not in record["tasks"][1]["manual"]


def test_the_class_page_has_the_points_of_each_task_with_what_was_read(grade: Callable[..., Said], read: Path) -> None:
    report(grade, read, "html", read)
    page = (read / "class.html").read_text("utf-8")
    figures = [re.sub("<[^>]*>", "", cell) for cell in re.findall(r'<td class="figure[^>]*>.*?</td>', page)]
    assert [one for one in figures if one in {"13.5", "5", "8.5"}][:3] == ["13.5", "5", "8.5"]


def test_the_history_tells_staff_everything(grade: Callable[..., Said], read: Path) -> None:
    told = " ".join(book(grade, read, "history", "s001").out.split())
    assert "fit_line read by ta; items: names; for staff alone: copied-from-s002?" in told
    assert "plot read by" in told
    assert "fit_line.values: 3 points by" in " ".join(book(grade, read, "history", "s002").out.split())


def test_a_request_is_open_until_it_is_answered_and_the_answer_is_on_the_page(
    grade: Callable[..., Said], read: Path
) -> None:
    refused = grade("book", "answer", "s001", "essay", "no", "--book", read, "--course", COURSE, "--lang", "en")
    assert refused.status == 2
    assert "s001 has asked for nothing in essay that is not answered yet" in refused.err
    book(grade, read, "request", "s001", "essay", "why -2?")
    assert "asks to look again: why -2?" in " ".join(book(grade, read, "show", "essay").out.split())
    report(grade, read, "html", read)
    assert "This is still to be answered." in (read / "s001.html").read_text("utf-8")
    book(grade, read, "answer", "s001", "essay", "the axes have no names")
    assert "asks to look again" not in book(grade, read, "show", "essay").out
    report(grade, read, "html", read)
    page = (read / "s001.html").read_text("utf-8")
    assert "why -2?" in page
    assert "The answer: the axes have no names" in page


def test_a_class_that_is_graded_again_keeps_what_was_read(
    grade: Callable[..., Said], read: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "again"
    folder.mkdir()
    text = json.loads((COURSE / "handed_in/right.ipynb").read_text("utf-8"))
    text["cells"].append(
        {"cell_type": "code", "id": "z", "metadata": {}, "outputs": [], "execution_count": None, "source": "1"}
    )
    (folder / "s001.ipynb").write_text(json.dumps(text), "utf-8")
    words = ("essay", folder, "--course", COURSE, "--output", read, "--format", "html", "--lang", "en")
    assert grade(*words).status == 0
    assert "13.5 of 16 points" in (read / "s001.html").read_text("utf-8")
    (cell,) = (
        cell for cell in text["cells"] if cell["cell_type"] == "markdown" and "Question 2" in "".join(cell["source"])
    )
    cell["source"] = "".join(cell["source"]) + "\n\nMore of it."
    (folder / "s001.ipynb").write_text(json.dumps(text), "utf-8")
    assert grade(*words).status == 0
    page = (read / "s001.html").read_text("utf-8")
    assert "5 of 6 points, 10 more are not graded yet" in page
    assert "This was said of your earlier version:" in page
