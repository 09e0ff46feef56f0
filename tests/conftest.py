"""What tests share: the course of this repository, copies of it to spoil, and the command line as one function.

Golden files, pictures, the browser and the markers have plugins of their own, beside this file.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from grader.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

pytest_plugins = ["tests.browsing", "tests.golden", "tests.markers", "tests.pictures"]

ROOT = Path(__file__).resolve().parent.parent

os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(ROOT / ".hypothesis"))  # `grade` has none

# What must hold, holds on a machine that does other work as well: how long one example takes there says nothing.
# The rest is as Hypothesis has it, in CI for CI.
settings.register_profile("any machine", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit status."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository's folder, which is a course."""
    return ROOT


@pytest.fixture(scope="session")
def tensorflow() -> ModuleType:
    """Return TensorFlow, which takes seconds to import and warns of what is not ours."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("tensorflow")


@pytest.fixture(scope="session")
def torch() -> Any:  # noqa: ANN401 (PyTorch is not installed everywhere: its types are not known)
    """Return PyTorch, with all that an optimizer imports when the first one is made."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        importlib.import_module("torch._dynamo")
        return importlib.import_module("torch")


@pytest.fixture
def grade(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Return the command line as a function: `grade("lab02", path, "--lang", "en")`, started in the course's folder."""
    monkeypatch.chdir(ROOT)
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")

    def call(*words: object) -> Said:
        capsys.readouterr()
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Said(status, captured.out, captured.err)

    return call


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a copy of the course's three rooms, to be spoiled."""
    folder = tmp_path / "course"
    for room in ("labs", "reference", "rubrics"):
        shutil.copytree(ROOT / room, folder / room)
    return folder


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of notebooks: `notebook("x = 1", "y = 2", name="s001")` writes the cells and returns the path."""

    def write(*sources: str, name: str = "s001", folder: Path | None = None) -> Path:
        cells: list[dict[str, Any]] = [
            {"cell_type": "code", "id": f"c{i}", "metadata": {}, "execution_count": None, "outputs": [], "source": text}
            for i, text in enumerate(sources)
        ]
        content: dict[str, Any] = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        path = (folder or tmp_path) / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write
