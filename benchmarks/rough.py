"""Grades a class in which a tenth of the notebooks never ends, a tenth kills its kernel and a tenth floods its output.

    python -m benchmarks.rough [--notebooks 40]

Prints the time and its bound: an endless submission takes as long as its cell or its calls may, one of the other two no
more than twice as long as an ordinary one, and none delays another. With N submissions, E of them endless, J at a time,
c seconds for an ordinary one and L the limit of a cell,

    (N * 2 * c + E * (L + 1)) / J + L + start

where the last L is for an endless one that starts when all others are done. The exit status is 1 if it took longer, or
if any other submission has other points than in a class without these.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from benchmarks.classroom import LAB, ROOT, students, write_class
from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.workflow.side_by_side import cores

ENDLESS = "while True:\n    pass\n"
DYING = "import os\nos.kill(os.getpid(), 9)\n"
FLOODING = "while True:\n    print('x' * 10_000)\n"
EVERY = 10
START_SECONDS = 5.0


def main() -> int:
    """Print how long it took and how long it may take."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notebooks", type=int, default=40)
    count = parser.parse_args().notebooks
    with tempfile.TemporaryDirectory(prefix="rough-") as name:
        folder = Path(name)
        write_class(folder / "plain", count, "numpy")
        plain, points = _graded(folder, "plain")
        write_class(folder / "rough", count, "numpy")
        spoilt = _spoil(folder / "rough", count)
        rough, rough_points = _graded(folder, "rough")
    limit = load_lab(Course(ROOT), LAB).rubric.limits.limits.cell_seconds
    endless = sum(source == ENDLESS for source in spoilt.values())
    ordinary = max(plain - START_SECONDS / 2, 0) * cores() / count
    bound = (count * 2 * ordinary + endless * (limit + 1)) / cores() + limit + START_SECONDS
    print(f"{count} notebooks, all in order: {plain:.1f} s")
    print(f"{endless} endless, {len(spoilt) - endless} dying or flooding: {rough:.1f} s; the bound is {bound:.1f} s")
    others = [student for student in points if student not in spoilt]
    changed = [student for student in others if points[student] != rough_points[student]]
    print(f"points of the {len(others)} others that changed: {len(changed)}; told of the rest:")
    for student in spoilt:
        print(f"  {student}: {rough_points[student]}")
    return int(bool(changed) or rough > bound)


def _spoil(folder: Path, count: int) -> dict[str, str]:
    """Insert an endless, a dying or a flooding cell into some of the notebooks; return which student got which."""
    spoilt = {}
    for place, student in enumerate(students(count)):
        if place % EVERY < 3:  # noqa: PLR2004 (three kinds)
            source = (ENDLESS, DYING, FLOODING)[place % EVERY]
            path = folder / f"{student}.ipynb"
            notebook = nbformat.read(path, as_version=4)
            notebook.cells.insert(1, nbformat.v4.new_code_cell(source))
            nbformat.write(notebook, path)
            spoilt[student] = source
    return spoilt


def _graded(folder: Path, name: str) -> tuple[float, dict[str, str]]:
    """Return the seconds that a class took, and the points of each student or why there are none."""
    output = folder / f"{name}-results"
    began = time.perf_counter()
    words = [LAB, str(folder / name), "--output", str(output), "--seed", "7"]
    program = str(Path(sys.executable).with_name("grade"))
    subprocess.run([program, *words], cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    records = [json.loads(path.read_text(encoding="utf-8")) for path in output.glob("s*.json")]
    return seconds, {record["student"]: _points_or_reason(record) for record in records}


def _points_or_reason(record: dict[str, object]) -> str:
    cells = record["cells"]
    first = f", {json.dumps(cells[0])[:150]}" if isinstance(cells, list) and cells else ""
    return f"{record['earned']} of {record['points']}{first}"


if __name__ == "__main__":
    sys.exit(main())
