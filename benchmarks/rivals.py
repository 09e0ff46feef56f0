"""The same class and the same questions for two other graders, nbgrader and otter-grader.

Each has an environment of its own, which is made where it is missing (that needs a network).
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import nbformat
import numpy as np

from benchmarks.classroom import LAB, ROOT, blank, fill, students, task_of, write_class
from grader.course.folder import Course
from grader.course.lab import load_lab
from grader.grading.make_key import make_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from benchmarks.classroom import Kind

SEED = 7
NBGRADER, OTTER = "nbgrader==0.9.6", "otter-grader==7.0.0"
COMMON = ("numpy", "tensorflow", "ipykernel")


def environment(folder: Path, package: str) -> Path:
    """Return the folder of programs of an environment with a package; make the environment where it is missing."""
    programs = folder / package.partition("=")[0] / "bin"
    if not programs.exists():
        subprocess.run([sys.executable, "-m", "venv", str(programs.parent)], check=True)
        subprocess.run([str(programs / "pip"), "install", "--quiet", package, *COMMON], check=True)
    return programs


class Nbgrader:
    """A course of nbgrader's: a release with the tests locked, a database, and a folder per student."""

    name = "nbgrader"

    def __init__(self, environments: Path, folder: Path, count: int, kind: Kind) -> None:
        self._programs = environment(environments, NBGRADER)
        self._folder, self._count = folder, count
        source = folder / "source" / LAB / f"{LAB}.ipynb"
        source.parent.mkdir(parents=True)
        nbformat.write(_for_nbgrader(), source)
        (folder / "nbgrader_config.py").write_text("c = get_config()\nc.ExecutePreprocessor.timeout = 300\n")
        self._run("generate_assignment", LAB)
        released = nbformat.read(folder / "release" / LAB / f"{LAB}.ipynb", as_version=4)
        for number, student in enumerate(students(count), start=1):
            notebook = nbformat.from_dict(json.loads(json.dumps(released)))
            fill(notebook, number, kind)
            submitted = folder / "submitted" / student / LAB / f"{LAB}.ipynb"
            submitted.parent.mkdir(parents=True)
            nbformat.write(notebook, submitted)

    def grade(self) -> None:
        """Grade the whole class, all of it anew."""
        self._run("autograde", LAB, "--force")

    def full_marks(self) -> int:
        """Return how many students have all points."""
        with sqlite3.connect(self._folder / "gradebook.db") as database:
            rows = database.execute(
                "select sum(grade.auto_score), sum(grade_cells.max_score) from grade"
                " join grade_cells on grade.cell_id = grade_cells.id group by grade.notebook_id"
            ).fetchall()
        return sum(score == most for score, most in rows)

    def _run(self, *words: str) -> None:
        with (self._folder / "log").open("a") as log:
            command = [str(self._programs / "nbgrader"), *words]
            environ = {"PATH": f"{self._programs}:/usr/bin:/bin", "HOME": str(self._folder)}
            subprocess.run(command, cwd=self._folder, env=environ, check=True, stdout=log, stderr=log)


class Otter:
    """An autograder zip of otter-grader's, and `otter run` for each notebook, as a platform runs it."""

    name = "otter-grader"

    def __init__(self, environments: Path, folder: Path, count: int, kind: Kind) -> None:
        self._programs = environment(environments, OTTER)
        self._folder, self._count = folder, count
        write_class(folder / "submissions", count, kind)
        (folder / "tests").mkdir()
        for name, lines in _tests():
            (folder / "tests" / f"{name}.py").write_text(_doctest(name, lines), encoding="utf-8")
        self._run("generate", "-t", "tests", "-o", "autograder.zip", "--no-environment")

    def grade(self) -> None:
        """Grade the whole class, one after the other."""
        shutil.rmtree(self._folder / "results", ignore_errors=True)
        for student in students(self._count):
            (self._folder / "results" / student).mkdir(parents=True)
            self._run("run", f"submissions/{student}.ipynb", "-a", "autograder.zip", "-o", f"results/{student}")

    def full_marks(self) -> int:
        """Return how many students have all points."""
        texts = [path.read_text(encoding="utf-8") for path in self._folder.glob("results/*/results.json")]
        tests = [[test for test in json.loads(text)["tests"] if "max_score" in test] for text in texts]
        return sum(all(test["score"] == test["max_score"] for test in one) and bool(one) for one in tests)

    def _run(self, *words: str) -> None:
        with (self._folder / "log").open("a") as log:
            environ = {"PATH": f"{self._programs}:/usr/bin:/bin", "HOME": str(self._folder)}
            command = [str(self._programs / "otter"), *words]
            subprocess.run(command, cwd=self._folder, env=environ, check=True, stdout=log, stderr=log)


def _tests() -> Iterator[tuple[str, list[str]]]:
    """Yield each check's name with the lines that ask its questions by NumPy's own assertions."""
    found: dict[str, list[str]] = {}
    for asked in make_key(load_lab(Course(ROOT), LAB), SEED).asked:
        question = asked.question
        arguments = [
            f"np.array({_plain(one)})" if isinstance(one, np.ndarray) and one.ndim else _plain(one)
            for one in question.arguments
        ]
        call = f"{question.task}({', '.join(arguments)})"
        line = f"np.testing.assert_allclose({call}, {_plain(asked.expected)}, rtol=1e-3, atol=1e-4)"
        found.setdefault(f"{question.task}_{question.check}", []).append(line)
    yield from found.items()


def _plain(value: object) -> str:
    return repr(np.asarray(value).tolist())


def _doctest(name: str, lines: list[str]) -> str:
    code = "".join(f">>> {line}\n" for line in ["import numpy as np", *lines])
    case: Mapping[str, object] = {"code": code, "hidden": False, "locked": False}
    suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    return f"OK_FORMAT = True\n\ntest = { ({'name': name, 'points': 1, 'suites': [suite]})!r}\n"


def _for_nbgrader() -> nbformat.NotebookNode:
    notebook = blank()
    for cell in notebook.cells:
        task = task_of(cell)
        if task is not None:
            cell.metadata["nbgrader"] = _marks(task, is_solution=True)
    for name, lines in _tests():
        cell = nbformat.v4.new_code_cell("\n".join(lines))
        cell.metadata["nbgrader"] = {**_marks(name, is_solution=False), "points": 1}
        notebook.cells.append(cell)
    return notebook


def _marks(name: str, *, is_solution: bool) -> dict[str, object]:
    return {
        "grade": not is_solution,
        "grade_id": name,
        "locked": not is_solution,
        "schema_version": 3,
        "solution": is_solution,
        "task": False,
    }
