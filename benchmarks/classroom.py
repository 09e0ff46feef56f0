"""Makes classes of Lab02 for measurements: notebooks of students who use NumPy or TensorFlow, no two alike."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Literal

import nbformat

ROOT = Path(__file__).resolve().parent.parent
LAB = "lab02"
TASKS = ("information_content", "entropy", "softmax", "cross_entropy", "softmax_cross_entropy")
WRONG_EVERY = 4

Kind = Literal["numpy", "tensorflow"]


def students(count: int) -> list[str]:
    """Return the names of a class, s0001 first."""
    return [f"s{number:04}" for number in range(1, count + 1)]


def answers_of(number: int, kind: Kind) -> dict[str, str]:
    """Return the source of each task's function as the student with this number writes it.

    Every fourth one has one task wrong: it answers 1.4427 times what it should (bits for nats).
    """
    sources = _tensorflow() if kind == "tensorflow" else _numpy()
    if number % WRONG_EVERY == 0:
        task = TASKS[number // WRONG_EVERY % len(TASKS)]
        sources[task] += (
            f"\n\n\nin_nats_{number} = {task}\n\n\n"
            f"def {task}(*arguments):\n    return np.asarray(in_nats_{number}(*arguments)) / np.log(2)\n"
        )
    sources[TASKS[0]] += f"\n# This is the attempt of student {number}.\n"
    return sources


def setup_of(kind: Kind) -> str:
    """Return the lines that such a student adds to the notebook's first cell."""
    return "import tensorflow as tf\n" if kind == "tensorflow" else ""


def blank() -> nbformat.NotebookNode:
    """Return the lab's notebook as students get it."""
    notebook: nbformat.NotebookNode = nbformat.read(ROOT / "labs" / f"{LAB}.ipynb", as_version=4)
    return notebook


def task_of(cell: nbformat.NotebookNode) -> str | None:
    """Return the task whose function a cell defines, or should define where its text has been taken out."""
    if cell.cell_type != "code":
        return None
    if cell.metadata.get("nbgrader", {}).get("solution"):
        return str(cell.metadata["nbgrader"]["grade_id"])
    return next((task for task in TASKS if f"def {task}(" in cell.source), None)


def fill(notebook: nbformat.NotebookNode, number: int, kind: Kind) -> None:
    """Write a student's answers into a notebook."""
    sources = answers_of(number, kind)
    for cell in notebook.cells:
        task = task_of(cell)
        if task is not None:
            cell.source = sources[task]
        elif cell.cell_type == "code" and cell.source.startswith("import numpy as np\n"):
            cell.source = setup_of(kind) + cell.source


def write_class(folder: Path, count: int, kind: Kind) -> None:
    """Write a class as the grader takes it, one STUDENT.ipynb each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, student in enumerate(students(count), start=1):
        notebook = blank()
        fill(notebook, number, kind)
        nbformat.write(notebook, folder / f"{student}.ipynb")


def _numpy() -> dict[str, str]:
    solved = nbformat.read(ROOT / "reference" / "solutions" / f"{LAB}.ipynb", as_version=4)
    return {task: cell.source for cell in solved.cells if (task := task_of(cell)) is not None}


def _tensorflow() -> dict[str, str]:
    source = (ROOT / "benchmarks" / "solutions" / "lab02_tensorflow.py").read_text(encoding="utf-8")
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return {node.name: ast.get_source_segment(source, node) or "" for node in functions}
