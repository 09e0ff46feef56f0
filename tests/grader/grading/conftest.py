"""Notebooks of Lab02 that are graded as one class; what is said of them is looked up by their names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.cli import main
from grader.records.record import load_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.records.record import CheckPart, Record

    Grade = Callable[..., Mapping[str, Record]]

ROOT = Path(__file__).resolve().parents[3]
IMPORT = "import numpy as np"


@pytest.fixture(scope="session")
def graded_class(tmp_path_factory: pytest.TempPathFactory) -> Grade:
    """Return a grader of notebooks by their names: each is a list of code cells, or of (kind, source).

    A cell that imports NumPy stands before them, unless they do that themselves (`first=()`).
    """

    def grade(
        notebooks: Mapping[str, Sequence[str | tuple[str, str]]], first: tuple[str, ...] = (IMPORT,)
    ) -> Mapping[str, Record]:
        folder, output = tmp_path_factory.mktemp("handed_in"), tmp_path_factory.mktemp("records")
        for name, cells in notebooks.items():
            parts = [_cell(cell) for cell in (*first, *cells)]
            content: dict[str, Any] = {"cells": parts, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            (folder / f"{name}.ipynb").write_text(json.dumps(content), "utf-8")
        main(["lab02", str(folder), "--course", str(ROOT), "--seed", "7", "--output", str(output), "--lang", "en"])
        return {path.stem: load_record(path) for path in output.glob("*.json")}

    return grade


def _cell(cell: str | tuple[str, str]) -> dict[str, Any]:
    kind, source = ("code", cell) if isinstance(cell, str) else cell
    form: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
    return form | ({"execution_count": None, "outputs": []} if kind == "code" else {})


@pytest.fixture(scope="session")
def check_of() -> Callable[[Record, str], CheckPart]:
    """Return a finder of a task's first check that did not pass."""

    def find(record: Record, task: str) -> CheckPart:
        [part] = [part for part in record.tasks if part.name == task]
        return next(check for check in part.checks if check.verdict != "passed")

    return find
