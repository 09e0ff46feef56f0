"""What a right notebook draws and writes is seen, in whichever of the ordinary ways it does so."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.grading.make_key import make_key
from grader.probes.figure import figure
from grader.probes.file import file

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

COURSES = Path(__file__).resolve().parents[2] / "courses"


@pytest.fixture
def pyplot() -> ModuleType:
    found: ModuleType = pytest.importorskip("matplotlib.pyplot")
    return found


def test_a_figure_is_seen_after_it_is_shown_saved_and_closed(pyplot: ModuleType, tmp_path: Path) -> None:
    def draw() -> None:
        _, axes = pyplot.subplots()
        axes.plot([1, 2], [3, 4])
        pyplot.title("shown")
        pyplot.savefig(tmp_path / "figure.png")
        pyplot.show()
        pyplot.close()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        [axes] = figure(draw)
    assert axes["title"] == "shown"
    assert axes["lines"][0].tolist() == [[1, 3], [2, 4]]


def test_closing_works_again_and_the_backend_is_the_one_before(pyplot: ModuleType) -> None:
    backend, close = pyplot.get_backend(), pyplot.close
    with pytest.raises(ZeroDivisionError):
        figure(lambda: 1 / 0)
    assert (pyplot.get_backend(), pyplot.close) == (backend, close)
    assert pyplot.get_fignums() == []


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(content: bytes) -> Callable[[], object]:
    return lambda: Path("a.csv").write_bytes(content)


@pytest.mark.parametrize("content", [b"x\n1\n", b"x\r\n1\r\n", b"x\n1", b"\xef\xbb\xbfx\n1\n"])
def test_a_text_counts_whatever_ends_its_lines(here: Path, content: bytes) -> None:
    assert file(written(content)) == {"a.csv": "x\n1\n"}
    assert not list(here.iterdir())


def test_one_file_that_is_written_for_many_questions_in_a_moment_is_seen_each_time(here: Path) -> None:
    (here / "data.csv").write_text("1")
    for number in range(200):
        assert file(written(b"%d\n" % (number % 10))) == {"a.csv": f"{number % 10}\n"}
    assert [path.name for path in here.iterdir()] == ["data.csv"]


def test_what_the_reference_of_a_probe_writes_does_not_lie_where_the_teacher_stands(here: Path) -> None:
    pytest.importorskip("matplotlib")
    key = make_key(load_lab(Course(COURSES / "drawing"), "drawing"), 1)
    assert any(asked.question.task == "save" for asked in key.asked)
    assert not list(here.iterdir())
