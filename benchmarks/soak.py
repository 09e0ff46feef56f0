"""Kills the grader with SIGKILL at random moments, and counts the processes, folders and half-written reports left.

    python benchmarks/soak.py [--kills N]

The exit status is 1 where anything is left.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "reference" / "solutions" / "lab02.ipynb"
LATEST_SECONDS = 3.0
GRACE_SECONDS = 20.0


def main() -> int:
    """Print what was left."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=30)
    kills = parser.parse_args().kills
    processes = folders = halves = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        for number in range(kills):
            folder = Path(name, str(number))
            folder.mkdir()
            _kill(folder)
            processes += len(left_in(folder))
            folders += len(list(folder.glob("grade-*")))
            halves += sum(not is_whole(path) for path in folder.glob("out/[!.]*.json"))
    print(f"{kills} kills: {processes} processes left, {folders} folders, {halves} half reports")
    return int(bool(processes or folders or halves))


def _kill(folder: Path) -> None:
    """Start a grading, kill it, and wait until what it started has gone."""
    grade = [str(Path(sys.executable).with_name("grade")), "lab02", str(NOTEBOOK), "--output", str(folder / "out")]
    environment = {**os.environ, "TMPDIR": str(folder)}
    grading = subprocess.Popen(grade, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(random.uniform(0, LATEST_SECONDS))  # noqa: S311 (no secret)
    grading.kill()
    grading.wait()
    deadline = time.monotonic() + GRACE_SECONDS
    while left_in(folder) and time.monotonic() < deadline:
        time.sleep(0.1)


def left_in(folder: Path) -> list[int]:
    """Return the processes whose temporary files are in a folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("TMPDIR", "").startswith(str(folder)):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def is_whole(path: Path) -> bool:
    """Say whether a file holds complete JSON."""
    try:
        json.loads(path.read_text("utf-8"))
    except ValueError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
