"""Grades classes of 10, 100 and 1,000 notebooks, and prints the cost of a submission and the memory of every process.

    python -m benchmarks.growth [--notebooks 10 100 1000] [--kind numpy|tensorflow]

The cost of one more submission has to be the same for all sizes. Memory is resident memory (RSS), its own and shared,
sampled twice a second: the largest value in the first and in the last third of the run, of the grader, the process that
the others are forked from, the workers, the parents of the kernels, and the kernels. It has to stay flat. Descriptors
are those of the grader and its workers.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from benchmarks.classroom import LAB, ROOT, write_class

if sys.platform != "linux":
    raise ImportError("Linux alone")  # mypy leaves the rest out

if TYPE_CHECKING:
    from benchmarks.classroom import Kind

LOOK_SECONDS = 0.5
MIB = 2**20
WORKER = "grade-worker"
NAMED = frozenset({WORKER, "grade-server", "grade-kernel"})
OTHER = "what they are forked from"


@dataclass(slots=True)
class Seen:
    """The samples of a run in the order of time: for each role the largest memory, and all descriptors."""

    memory: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    descriptors: list[int] = field(default_factory=list)
    processes: list[int] = field(default_factory=list)


def main() -> None:
    """Print a row per size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notebooks", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--kind", choices=("numpy", "tensorflow"), default="numpy")
    options = parser.parse_args()
    before: tuple[int, float] | None = None
    for size in options.notebooks:
        wall, cpu, seen = _graded(size, options.kind)
        print(f"{size} notebooks: {wall:.1f} s, {wall / size:.3f} s each; CPU {cpu:.1f} s, {cpu / size:.3f} s each")
        if before is not None:
            print(f"  each more than {before[0]}: {(wall - before[1]) / (size - before[0]):.3f} s")
        for line in thirds_text(seen):
            print(line)
        before = (size, wall)


def _graded(size: int, kind: Kind) -> tuple[float, float, Seen]:
    with tempfile.TemporaryDirectory(prefix="growth-") as name:
        handed_in, output = Path(name, "submissions"), Path(name, "results")
        write_class(handed_in, size, kind)
        command = [str(Path(sys.executable).with_name("grade")), LAB, str(handed_in), "--output", str(output)]
        before, began = psutil.cpu_times(), time.perf_counter()
        grading = subprocess.Popen([*command, "--seed", "7"], cwd=ROOT, stdout=subprocess.DEVNULL)
        seen = watch(grading)
        wall, after = time.perf_counter() - began, psutil.cpu_times()
        if grading.returncode:
            raise SystemExit(f"exit status {grading.returncode}")
        return wall, after.user + after.system - before.user - before.system, seen


def watch(grading: subprocess.Popen[bytes]) -> Seen:
    """Sample a run's processes until it has ended."""
    seen = Seen()
    while grading.poll() is None:
        largest: dict[str, float] = defaultdict(float)
        descriptors = processes = 0
        root = psutil.Process(grading.pid)
        for process in (root, *root.children(recursive=True)):
            try:
                name = process.name()
                role = "grader" if process == root else name if name in NAMED else OTHER
                largest[role] = max(largest[role], process.memory_info().rss / MIB)
                descriptors += process.num_fds() if role in {"grader", WORKER} else 0
                processes += 1
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue  # a kernel that has just ended
        for role, size in largest.items():
            seen.memory[role].append(size)
        seen.descriptors.append(descriptors)
        seen.processes.append(processes)
        time.sleep(LOOK_SECONDS)
    return seen


def thirds_text(seen: Seen) -> list[str]:
    """Return the first and the last third of a run as text."""
    lines = []
    for role, sizes in seen.memory.items():
        first, last = _thirds(sizes)
        lines.append(f"  {role}: {first:.0f} MiB in the first third, {last:.0f} MiB in the last")
    first, last = _thirds(seen.descriptors)
    lines.append(f"  descriptors: {first:.0f} in the first third, {last:.0f} in the last")
    return [*lines, f"  at most {max(seen.processes)} processes at once"]


def _thirds(values: list[float] | list[int]) -> tuple[float, float]:
    third = max(len(values) // 3, 1)
    return max(values[:third]), max(values[-third:])


if __name__ == "__main__":
    main()
