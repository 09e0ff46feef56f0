"""Grades one class with this grader, nbgrader and otter-grader, in turn on one machine, and prints how they compare.

    python -m benchmarks.beside [--notebooks 40] [--kind numpy|tensorflow] [--rounds 3] [--environments FOLDER]

The other two get environments of their own in FOLDER, which are made where they are missing (that needs a network).
Every grader asks the same 77 questions of the same notebooks, and prints how many students get full marks: the three
have to agree. Ours runs before and after each of the others, and once at the very beginning without being counted;
otter-grader, which takes longest, runs only in the last round.

Wall time is that of the whole command. CPU time is that of the whole machine, so that no process is missed: let nothing
else run meanwhile.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import psutil

from benchmarks.classroom import LAB, ROOT, write_class
from benchmarks.rivals import SEED, Nbgrader, Otter

if TYPE_CHECKING:
    from benchmarks.classroom import Kind


class Grader(Protocol):
    """A grader, which grades the class anew with each call."""

    name: str

    def grade(self) -> None:
        """Grade the whole class."""

    def full_marks(self) -> int:
        """Return how many students have all points."""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds for the whole class."""

    wall: float
    cpu: float


class Ours:
    """`grade lab02 FOLDER`, with a new output folder each time, so that no result is reused."""

    name = "grade"

    def __init__(self, folder: Path, count: int, kind: Kind) -> None:
        self._class, self._output = folder / "submissions", folder / "results"
        write_class(self._class, count, kind)

    def grade(self) -> None:
        """Grade the whole class."""
        shutil.rmtree(self._output, ignore_errors=True)
        words = [LAB, str(self._class), "--output", str(self._output), "--seed", str(SEED)]
        program = str(Path(sys.executable).with_name("grade"))
        subprocess.run([program, *words], cwd=ROOT, check=True, capture_output=True)

    def full_marks(self) -> int:
        """Return how many students have all points."""
        records = [json.loads(path.read_text(encoding="utf-8")) for path in self._output.glob("s*.json")]
        return sum(record["earned"] == record["points"] for record in records)


def main() -> None:
    """Print a row per grader."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notebooks", type=int, default=40)
    parser.add_argument("--kind", choices=("numpy", "tensorflow"), default="numpy")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--environments", type=Path, default=ROOT / ".rivals")
    options = parser.parse_args()
    count, kind = options.notebooks, options.kind
    with tempfile.TemporaryDirectory(prefix="beside-") as name:
        folder = Path(name)
        ours = Ours(folder / "ours", count, kind)
        nbgrader = Nbgrader(options.environments.absolute(), folder / "nbgrader", count, kind)
        otter = Otter(options.environments.absolute(), folder / "otter", count, kind)
        took: dict[str, list[Took]] = {}
        ours.grade()
        for number in range(options.rounds):
            others: list[Grader] = [nbgrader, *([otter] if number == options.rounds - 1 else [])]
            for grader in (ours, *(one for other in others for one in (other, ours))):
                took.setdefault(grader.name, []).append(_timed(grader))
        _print(count, kind, took, {grader.name: grader.full_marks() for grader in (ours, nbgrader, otter)})


def _timed(grader: Grader) -> Took:
    before, began = psutil.cpu_times(), time.perf_counter()
    grader.grade()
    wall, after = time.perf_counter() - began, psutil.cpu_times()
    return Took(wall, after.user + after.system - before.user - before.system)


def _print(count: int, kind: Kind, took: dict[str, list[Took]], full: dict[str, int]) -> None:
    print(f"{count} notebooks ({kind}); seconds for each notebook, medians; times: how many times as long as ours")
    print(f"{'':<14}{'wall':>8}{'times':>8}{'cpu':>8}{'times':>8}  full marks  rounds")
    mine = {what: _median(took["grade"], what) for what in ("wall", "cpu")}
    for name, rounds in took.items():
        wall, cpu = (_median(rounds, what) for what in ("wall", "cpu"))
        each = f"{wall / count:>8.3f}{wall / mine['wall']:>8.1f}{cpu / count:>8.3f}{cpu / mine['cpu']:>8.1f}"
        print(f"{name:<14}{each}{full[name]:>12}{len(rounds):>8}")


def _median(rounds: list[Took], what: str) -> float:
    return float(statistics.median(getattr(one, what) for one in rounds))


if __name__ == "__main__":
    main()
