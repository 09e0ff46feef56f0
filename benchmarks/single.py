"""Times `grade lab02` on the solved notebook against a bare nbclient run of the same notebook, as whole processes.

    python benchmarks/single.py [--runs N] [--lab lab02]

The two take turns, so that a machine that slows down slows both. The ratio is taken pair by pair; quote the median.
`grade --help` is timed as well. The goals are a ratio of at most 1.25, and help in under 0.3 s.

With `--lab corelab` the bare run gets the digits that the grader draws as its MNIST, and trains within the lab's
budget (by the same hooks, without the grader); the goal is a ratio of at most 2.5.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.data.mnist import prepare_mnist

ROOT = Path(__file__).resolve().parent.parent
BARE = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
if sys.argv[2]:
    notebook.cells.insert(0, nbformat.v4.new_code_cell(sys.argv[2]))
NotebookClient(notebook, kernel_name="python3", timeout=600).execute()
"""
CUT = """
from grader.model import Training
from grader.sandbox.kernel.keras_hooks import install
install(seed=7, mnist={mnist!r}, training=Training({epochs}, {steps}, {images}, {seconds}))
"""


def main() -> None:
    """Print both commands' times, their ratio, and the time of `grade --help`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9, help="pairs to time, after one that does not count")
    parser.add_argument("--lab", default="lab02")
    options = parser.parse_args()
    notebook = ROOT / "reference" / "solutions" / f"{options.lab}.ipynb"
    grade = [str(Path(sys.executable).with_name("grade")), options.lab, str(notebook), "--seed", "7"]
    with tempfile.TemporaryDirectory() as scratch:
        bare = [sys.executable, "-c", BARE, str(notebook), _first_cell(options.lab, Path(scratch))]
        _compare(options.lab, grade, bare, options.runs)


def _compare(lab: str, grade: list[str], bare: list[str], runs: int) -> None:
    pairs = [(_seconds(grade), _seconds(bare)) for _ in range(runs + 1)][1:]
    helps = [_seconds([grade[0], "--help"]) for _ in range(runs + 1)][1:]
    _print(f"grade {lab}", [pair[0] for pair in pairs])
    _print("bare nbclient", [pair[1] for pair in pairs])
    _print("grade --help", helps)
    ratios = [ours / theirs for ours, theirs in pairs]
    print(f"ratio, pair by pair: median {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def _first_cell(lab: str, scratch: Path) -> str:
    """Return the code that gives the bare run the grader's data and training, for a lab that has any."""
    loaded = load_lab(Course(ROOT), lab)
    if loaded.rubric.data is None or loaded.rubric.training is None:
        return ""
    return CUT.format(mnist=str(prepare_mnist(None, scratch).path), **asdict(loaded.rubric.training.training))


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80"},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


def _print(name: str, seconds: list[float]) -> None:
    print(f"{name:<16} median {statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})")


if __name__ == "__main__":
    main()
