"""The demos run from top to bottom without a network, draw their plots and print the lecture's numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import numpy as np
import pytest

from grader.data.mnist import drawn_mnist
from grader.model import Cell, Limits, Question, Returned, Submission
from grader.sandbox.pool import single_runner
from grader.sandbox.runner import RunSpec

if TYPE_CHECKING:
    from grader.model import CellStopped

LABS = Path(__file__).resolve().parent.parent / "labs"
DEMOS = ("demo_5_2", "demo_5_3")
LIMITS = Limits(cell_seconds=200, call_seconds=20, submission_seconds=500)

WATCHING = """
def watch():
    import builtins

    import matplotlib.pyplot as plt

    show, say = plt.show, builtins.print

    def watched_show(*arguments, **options):
        for number in plt.get_fignums():
            for axes in plt.figure(number).axes:
                shown.append(len(axes.lines) + len(axes.patches) + len(axes.images))
        show(*arguments, **options)

    def watched_print(*values, **options):
        said.append(" ".join(map(str, values)))
        say(*values, **options)

    plt.show, builtins.print = watched_show, watched_print


shown, said = [], []
watch()
"""
TOLD = """
def demo_shown():
    return shown


def demo_said():
    return list("\\n".join(said).encode())
"""


@dataclass(frozen=True)
class Demo:
    """A demo that was run: the cells that stopped, how many things each axes showed, what was printed."""

    stopped: tuple[CellStopped, ...]
    shown: list[int]
    said: str


def read(name: str) -> Any:  # noqa: ANN401 (nbformat's notebooks)
    return nbformat.read(LABS / f"{name}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "mnist.npz"
    arrays: dict[str, Any] = drawn_mnist()
    np.savez(path, **arrays)
    return path


@pytest.fixture(scope="module", params=DEMOS)
def demo(request: pytest.FixtureRequest, mnist: Path) -> Demo:
    sources = [cell.source for cell in read(request.param).cells if cell.cell_type == "code"]
    cells = tuple(Cell(number, source) for number, source in enumerate([WATCHING, *sources, TOLD], start=1))
    questions = tuple(Question(name, "asked", ()) for name in ("demo_shown", "demo_said"))
    with single_runner() as runner:
        run = runner.run(
            Submission("s001", Path("s001.ipynb"), cells, ""), RunSpec(questions=questions, limits=LIMITS, mnist=mnist)
        )
    answers = [told.value for told in run.observations if isinstance(told, Returned)]
    assert len(answers) == 2, run
    shown, said = answers
    return Demo(run.cells, shown.tolist(), said.astype(np.uint8).tobytes().decode())


@pytest.mark.tensorflow
@pytest.mark.slow
def test_no_cell_of_a_demo_stops(demo: Demo) -> None:
    assert demo.stopped == ()


@pytest.mark.tensorflow
@pytest.mark.slow
def test_every_plot_of_a_demo_shows_something(demo: Demo) -> None:
    assert len(demo.shown) >= 4
    assert min(demo.shown) >= 1


NUMBERS = {
    "the sum of squared errors of the slide": "0.7525",
    "its root": "0.86746757",
    "its mean": "0.25083333",
    "information of a half": "0.693147",
    "information of a sixth": "1.791759",
    "entropy of distribution 1, 1.0114": "1.011404",
    "entropy of distribution 2, 1.5 bits": "1.039721",
    "cross-entropy of 2 and 1, 1.0692": "1.069167",
    "softmax of the slide": "0.33825043 0.45659032 0.20515925",
    "a hopeless prediction": "16.11809",
}


@pytest.mark.tensorflow
@pytest.mark.slow
@pytest.mark.parametrize("demo", ["demo_5_2"], indirect=True)
def test_demo_5_2_prints_the_lectures_numbers(demo: Demo) -> None:
    assert {name for name, number in NUMBERS.items() if number not in demo.said} == set()
    lowest = re.search(r"lowest at: ([\d.]+)", demo.said)
    assert lowest is not None
    assert float(lowest[1]) == pytest.approx(0.7, abs=0.006)


@pytest.mark.tensorflow
@pytest.mark.slow
@pytest.mark.parametrize("demo", ["demo_5_3"], indirect=True)
def test_demo_5_3_prints_the_lectures_numbers_and_a_loss_that_falls(demo: Demo) -> None:
    assert "0.31913044 0.32105098 0.35981857" in demo.said
    assert "1.136155341790962 nats" in demo.said
    assert "1.1363141558521213" in demo.said
    before, first, after = (
        float(number) for number in re.findall(r"(?:loss before: +|first step: +|/ after: )([\d.]+)", demo.said)
    )
    assert (round(before, 4), round(first, 4)) == (1.1362, 1.1362)
    assert after < 0.1


@pytest.mark.tensorflow
@pytest.mark.slow
@pytest.mark.parametrize("demo", ["demo_5_3"], indirect=True)
def test_the_network_of_demo_5_3_learns_and_its_loss_is_worked_out_by_hand(demo: Demo) -> None:
    losses = [float(number) for number in re.findall(r"(?:training: |before: |after:  )loss ([\d.]+)", demo.said)]
    shares = [float(number) for number in re.findall(r"accuracy ([\d.]+)%", demo.said)]
    assert losses[0] == losses[1] > 2
    assert losses[2] < 1
    assert shares[0] < 30
    assert shares[-1] > 70
    by_hand, told = (float(number) for number in re.findall(r"(?:by hand: |Keras evaluate: +)([\d.]+)", demo.said))
    assert by_hand == pytest.approx(told, rel=1e-4)
    assert told == pytest.approx(losses[2], abs=6e-4)


@pytest.mark.parametrize("name", DEMOS)
def test_a_demo_is_a_valid_notebook_without_outputs(name: str) -> None:
    notebook = read(name)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) >= 8
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


@pytest.mark.parametrize("name", DEMOS)
def test_every_text_of_a_demo_is_in_both_languages(name: str) -> None:
    texts = [cell.source for cell in read(name).cells if cell.cell_type == "markdown"]
    assert len(texts) >= 5
    for text in texts:
        prose = re.sub(r"\$\$.*?\$\$|`[^`]*`", "", text, flags=re.DOTALL)
        assert len(re.findall(r"[\u4e00-\u9fff]", prose)) >= 10, text
        assert len(re.findall(r"\b[A-Za-z]{3,}\b", prose)) >= 5, text


@pytest.mark.parametrize("name", DEMOS)
def test_a_demo_leaves_nothing_to_fill_in_and_needs_nothing_of_the_grader(name: str) -> None:
    code = "\n".join(cell.source for cell in read(name).cells if cell.cell_type == "code")
    assert "NotImplementedError" not in code
    imported = set(re.findall(r"^(?:import|from) (\w+)", code, re.MULTILINE))
    assert imported == {"matplotlib", "numpy", "tensorflow"}
