"""Grades a large class, kills the grader twice with SIGKILL, goes on each time, and checks the results.

    python -m benchmarks.resume [--notebooks 1000] [--kind numpy|tensorflow]

Every submission has to be graded exactly once: a file that was finished before a kill is the same byte for byte at the
end, and the gradebook holds one result for each student. No process, folder or half-written file may be left over, and
the memory of every process has to stay flat. The exit status is 1 where any of this fails.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.classroom import LAB, ROOT, write_class
from benchmarks.growth import thirds_text, watch
from benchmarks.soak import is_whole, left_in
from grader.gradebook.book import open_book

if TYPE_CHECKING:
    from collections.abc import Callable

KILLED_AFTER = (0.3, 0.7)
"""What share of the class is finished when the grader is killed."""

GRACE_SECONDS = 20.0


def main() -> int:
    """Print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notebooks", type=int, default=1000)
    parser.add_argument("--kind", choices=("numpy", "tensorflow"), default="numpy")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="resume-") as name:
        folder = Path(name)
        write_class(folder / "submissions", options.notebooks, options.kind)
        (folder / "tmp").mkdir()
        return _soak(folder, options.notebooks)


def _soak(folder: Path, count: int) -> int:
    results = folder / "results"
    troubles: list[str] = []
    finished: dict[Path, bytes] = {}
    began = time.perf_counter()
    for share in (*KILLED_AFTER, None):
        grading = _start(folder)
        if share is not None:
            threading.Thread(target=_kill_at, args=(grading, results, share * count), daemon=True).start()
        seen = watch(grading)
        for line in thirds_text(seen):
            print(line)
        left = _after_a_while(lambda: left_in(folder))
        scraps = [path.name for path in (folder / "tmp").iterdir()]
        records = {path: path.read_bytes() for path in results.glob("s*.json")}
        changed = [path.name for path, content in finished.items() if records.get(path) != content]
        halves = [path.name for path in records if not is_whole(path)]
        how = "ended" if share is None else "killed"
        print(f"{how} with {len(records)} records, {len(halves)} of them not whole")
        print(f"  left: {len(left)} processes, {len(scraps)} folders")
        print(f"  of {len(finished)} that were finished before, {len(changed)} changed")
        troubles += [*map(str, left), *scraps, *halves, *changed]
        if share is None and grading.returncode:
            troubles.append(f"exit status {grading.returncode}")
        finished = records
    with open_book(results / "gradebook.sqlite", create=False) as book:
        results_of = Counter(len(book.history(student, LAB)) for student in book.students())
    print(f"gradebook: results of a student {dict(results_of)}; {time.perf_counter() - began:.0f} s in all")
    once = results_of == {1: count} and len(finished) == count
    return int(bool(troubles) or not once)


def _start(folder: Path) -> subprocess.Popen[bytes]:
    words = [LAB, str(folder / "submissions"), "--output", str(folder / "results"), "--seed", "7"]
    environment = {**os.environ, "TMPDIR": str(folder / "tmp")}
    program = str(Path(sys.executable).with_name("grade"))
    return subprocess.Popen([program, *words], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def _kill_at(grading: subprocess.Popen[bytes], results: Path, count: float) -> None:
    while grading.poll() is None and len(list(results.glob("s*.json"))) < count:
        time.sleep(0.02)
    grading.kill()


def _after_a_while(look: Callable[[], list[int]]) -> list[int]:
    deadline = time.monotonic() + GRACE_SECONDS
    while (found := look()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


if __name__ == "__main__":
    sys.exit(main())
