"""The ready-made probes: what is printed, drawn and written, as values."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.probes import figure, file, printed
from grader.probes.file import LARGEST_BYTES, MOST_FILES

if TYPE_CHECKING:
    from pathlib import Path


def test_printed_gives_the_text_alone() -> None:
    def call() -> int:
        print("a", 1)  # noqa: T201 (it is what this is about)
        sys.stderr.write("b")
        return 3

    assert printed(call) == "a 1\n"


def test_a_flood_of_text_is_cut() -> None:
    assert len(printed(lambda: sys.stdout.write("x" * 10**6))) <= 100_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which the files of a test are written."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_file_gives_what_the_call_makes_or_changes(folder: Path) -> None:
    (folder / "old.txt").write_text("old")
    (folder / "changed.txt").write_text("old")

    def call() -> None:
        (folder / "changed.txt").write_text("new and longer")
        (folder / "inner").mkdir()
        (folder / "inner/data.csv").write_bytes(b"a,b\r\n1,2\r\n")
        (folder / "raw.bin").write_bytes(b"\xff\x00")

    assert file(call) == {"changed.txt": "new and longer\n", "inner/data.csv": "a,b\n1,2\n", "raw.bin": b"\xff\x00"}


def test_too_many_files_or_too_large_ones_are_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="files were written"):
        file(lambda: [(folder / f"{n}").write_text("") for n in range(MOST_FILES + 1)])
    with pytest.raises(ValueError, match="files were written"):
        file(lambda: (folder / "large").write_bytes(bytes(LARGEST_BYTES + 1)))


@pytest.fixture
def pyplot() -> object:
    """Return Matplotlib's pyplot without a screen, where it is installed."""
    matplotlib = pytest.importorskip("matplotlib", reason="Matplotlib is not installed here")
    matplotlib.use("agg")
    return pytest.importorskip("matplotlib.pyplot")


@pytest.mark.usefixtures("pyplot")
def test_figure_gives_titles_labels_scales_and_what_is_drawn() -> None:
    import matplotlib.pyplot as plt  # noqa: PLC0415 (it is not installed everywhere)

    def call() -> None:
        plt.figure()
        plt.plot([0, 1], [2, 3], label="loss")
        plt.bar([0, 1], [5, 6])
        plt.scatter([7], [8])
        plt.title("Training")
        plt.xlabel("epoch")
        plt.yscale("log")
        plt.legend()

    [axes] = figure(call)
    assert (axes["title"], axes["xlabel"], axes["ylabel"], axes["yscale"]) == ("Training", "epoch", "", "log")
    assert axes["lines"][0].tolist() == [[0, 2], [1, 3]]
    assert axes["labels"] == ["loss"]
    assert axes["bars"][:, 3].tolist() == [5, 6]
    assert axes["points"][0].tolist() == [[7, 8]]


@pytest.mark.usefixtures("pyplot")
def test_figure_sees_the_call_alone_and_closes_what_it_drew() -> None:
    import matplotlib.pyplot as plt  # noqa: PLC0415 (same)

    plt.plot([9, 9])
    [axes] = figure(lambda: plt.imshow(np.zeros((2, 2))))
    assert (axes["lines"], axes["images"][0].shape) == ([], (2, 2))
    assert plt.get_fignums() == []


@pytest.mark.usefixtures("pyplot")
@pytest.mark.parametrize("returns", ["figure", "axes"])
def test_a_figure_or_axes_that_are_returned_are_looked_at(returns: str) -> None:
    import matplotlib.pyplot as plt  # noqa: PLC0415 (same)

    def call() -> object:
        drawn, (first, second) = plt.subplots(1, 2)
        second.set_title("right")
        plt.figure()
        return drawn if returns == "figure" else first

    assert [axes["title"] for axes in figure(call)] == ["", "right"]


@pytest.mark.usefixtures("pyplot")
def test_a_call_that_draws_nothing_has_no_axes() -> None:
    assert figure(lambda: None) == []
