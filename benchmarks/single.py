"""Times `grade lab02` on the solved notebook against a bare nbclient run of the same notebook, as whole processes.

    python benchmarks/single.py [--runs N] [--lab lab02]

The two take turns, so that a machine that slows down slows both; the ratio is taken pair by pair, and the median is
the one to quote. `grade --help` is timed as well. What is aimed for: a ratio of at most 1.25, and help under 0.3 s.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BARE = """
import sys, nbformat
from nbclient import NotebookClient
NotebookClient(nbformat.read(sys.argv[1], as_version=4), kernel_name="python3", timeout=600).execute()
"""


def main() -> None:
    """Print both commands' times, their ratio, and the time of `grade --help`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9, help="pairs to time, after one that does not count")
    parser.add_argument("--lab", default="lab02")
    options = parser.parse_args()
    notebook = ROOT / "reference" / "solutions" / f"{options.lab}.ipynb"
    grade = [str(Path(sys.executable).with_name("grade")), options.lab, str(notebook), "--seed", "7"]
    bare = [sys.executable, "-c", BARE, str(notebook)]
    pairs = [(_seconds(grade), _seconds(bare)) for _ in range(options.runs + 1)][1:]
    helps = [_seconds([grade[0], "--help"]) for _ in range(options.runs + 1)][1:]
    _print(f"grade {options.lab}", [pair[0] for pair in pairs])
    _print("bare nbclient", [pair[1] for pair in pairs])
    _print("grade --help", helps)
    ratios = [ours / theirs for ours, theirs in pairs]
    print(f"ratio, pair by pair: median {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


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
