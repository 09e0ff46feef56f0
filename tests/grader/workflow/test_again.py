"""Some students of a class are graded anew; everybody else's results stay as they are."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.course.settings import Settings
from grader.errors import LabError
from grader.gradebook.book import open_book
from grader.records.record import load_record
from grader.review.again import Regrading
from grader.review.app import Answers
from grader.review.order import key_of
from grader.review.reviewing import Reviewing, ReviewPlace
from grader.review.security import Door
from grader.workflow.again import grade_again
from grader.workflow.log import Log
from grader.workflow.options import Options
from tests.grader.review.asking import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.records.record import Record
    from tests.conftest import Said

pytestmark = [pytest.mark.kernel, pytest.mark.slow]

LAB = "essay"
COURSE = Path(__file__).parents[2] / "courses" / "essay"


@pytest.fixture
def graded(grade: Callable[..., Said], tmp_path: Path) -> Options:
    """Return how a class of two was graded; the folder of submissions is `path`."""
    pytest.importorskip("matplotlib", reason="the notebooks draw with matplotlib, which is not installed")
    folder, results = tmp_path / "handed_in", tmp_path / "results"
    folder.mkdir()
    for name in ("right", "wrong_intercept"):
        shutil.copy(COURSE / "handed_in" / f"{name}.ipynb", folder)
    said = grade(LAB, folder, "--course", COURSE, "--output", results, "--require-isolation", "none")
    assert said.status == 0, said.err
    return Options(lab=LAB, path=folder, course=COURSE, output=results, isolation="none")


def mend(options: Options) -> None:
    """Put the right notebook in the place of the wrong one, as a student does who hands in anew."""
    assert options.path is not None
    notebook = json.loads((options.path / "right.ipynb").read_text("utf-8"))
    notebook["cells"].append({"cell_type": "markdown", "id": "more", "metadata": {}, "source": "mended"})
    (options.path / "wrong_intercept.ipynb").write_text(json.dumps(notebook), "utf-8")


def test_one_student_is_graded_anew_and_nobody_else(graded: Options) -> None:
    assert graded.output is not None
    before = {path.name: path.read_bytes() for path in graded.output.glob("*.json")}
    was = load_record(graded.output / "wrong_intercept.json")
    mend(graded)
    reported: list[Record] = []
    assert grade_again(graded, ["wrong_intercept", "nobody"], reported.append) == ("nobody",)
    now = load_record(graded.output / "wrong_intercept.json")
    assert [one.student for one in reported] == ["wrong_intercept"]
    assert was.earned is not None
    assert now.earned is not None
    assert now.earned > was.earned
    assert now.seed == was.seed
    assert (graded.output / "right.json").read_bytes() == before["right.json"]
    with open_book(graded.output) as book:
        counting = {one.student: book.record(one.result).earned for one in book.roll(LAB)}
        assert counting["wrong_intercept"] == now.earned
        notebook = book.handed_in(LAB, "wrong_intercept")
    assert notebook is not None
    assert notebook.cells[-1].source == "mended"


def test_where_nothing_of_a_student_is_there_it_is_told(graded: Options) -> None:
    with pytest.raises(LabError, match="has nothing of nobody"):
        grade_again(graded, ["nobody"], print)


def test_it_is_begun_from_the_page_which_shows_how_far_it_is(graded: Options) -> None:
    assert graded.output is not None
    mend(graded)
    with open_book(graded.output) as book, Log(graded.output) as log:
        place = ReviewPlace(LAB, book, Settings(), results=graded.output, course=COURSE)
        reviewing, door = Reviewing(place), Door("127.0.0.1", 8080)
        reader = Reader(Answers(reviewing, door, log, regrading=Regrading(reviewing)).app(), door)
        address = f"/again/fit_line/{key_of(LAB, 'wrong_intercept')}"
        assert "There is no /nowhere" in reader.post(address, ("whom", ""), ("submissions", "/nowhere")).body
        begun = reader.post(address, ("whom", "values"), ("submissions", str(graded.path)))
        assert "<progress" in begun.body
        assert "under way already" in reader.post(address, ("whom", ""), ("submissions", str(graded.path))).body
        page, until = begun, time.monotonic() + 120
        while "<progress" in page.body and time.monotonic() < until:
            time.sleep(0.2)
            page = reader.get(address)
        assert "Graded again. Load the page anew to see it." in page.body
        assert book.record({one.student: one.result for one in book.roll(LAB)}["wrong_intercept"]).tasks[0].earned == 4
