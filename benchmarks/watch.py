"""Measures the time from the save of a notebook to the complete page of its grading, in `grade lab02 --watch`.

    python -m benchmarks.watch [--saves 15] [--kind numpy|tensorflow]

Each save has another answer in one task. The page is complete when the line that waits for the next save is read; each
save comes a second after the page before, when the next kernel is ready. The goal is under half a second.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING

import nbformat

from benchmarks.classroom import LAB, ROOT, blank, fill

if TYPE_CHECKING:
    from benchmarks.classroom import Kind

WAITING = "Waiting for the next save"
LONGEST_SECONDS = 60.0
PAUSE_SECONDS = 1.0


def main() -> None:
    """Print the delays."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--saves", type=int, default=15)
    parser.add_argument("--kind", choices=("numpy", "tensorflow"), default="numpy")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="watch-") as name:
        path = Path(name, f"{LAB}.ipynb")
        _save(path, 1, options.kind)
        words = [LAB, str(path), "--watch", "--lang", "en", "--seed", "7"]
        program = str(Path(sys.executable).with_name("grade"))
        environment = {**os.environ, "COLUMNS": "80", "PYTHONUNBUFFERED": "1"}
        watching = subprocess.Popen([program, *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        lines: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=_read, args=(watching.stdout, lines), daemon=True).start()
        try:
            first = _until_it_waits(lines)
            delays = [_delay(path, number, options.kind, lines) for number in range(2, options.saves + 2)]
        finally:
            watching.terminate()
            watching.wait()
    print(f"first page after {first:.2f} s")
    print(f"{len(delays)} saves: median {statistics.median(delays):.3f} s ({min(delays):.3f} to {max(delays):.3f})")


def _delay(path: Path, number: int, kind: Kind, lines: SimpleQueue[str]) -> float:
    time.sleep(PAUSE_SECONDS)
    _save(path, number, kind)
    return _until_it_waits(lines)


def _save(path: Path, number: int, kind: Kind) -> None:
    notebook = blank()
    fill(notebook, number, kind)
    nbformat.write(notebook, path)


def _until_it_waits(lines: SimpleQueue[str]) -> float:
    began = time.perf_counter()
    while WAITING not in lines.get(timeout=LONGEST_SECONDS):
        pass
    return time.perf_counter() - began


def _read(stream: IO[str] | None, lines: SimpleQueue[str]) -> None:
    for line in stream or ():
        lines.put(line)


if __name__ == "__main__":
    main()
