"""A worker that is started, as everywhere but on Linux: how it reads its input, and what it leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.sandbox.environment import environment_of
from grader.sandbox.pool import single_runner
from grader.system import HERE

if TYPE_CHECKING:
    from collections.abc import Callable

    import psutil

pytestmark = pytest.mark.kernel

ASKED = "import platform\ndef told():\n    return float(platform._uname_cache is not None)"


@pytest.mark.skipif(not HERE.has_proc, reason="/proc tells what a descriptor is")
def test_a_worker_leaves_nothing_to_be_read_as_standard_input(below: Callable[[str], list[psutil.Process]]) -> None:
    """On Windows, importing NumPy while a thread reads descriptor 0 hangs for good."""
    with single_runner(forks=False) as runner:
        runner.isolation()
        [worker] = below("grader.sandbox.worker.main")
        assert Path(f"/proc/{worker.pid}/fd/0").resolve() == Path(os.devnull)


@pytest.mark.parametrize(
    "forks", [False, pytest.param(True, marks=pytest.mark.skipif(not HERE.forks, reason="forks nothing"))]
)
def test_python_knows_its_system_before_student_code_runs(told: Callable[..., float], *, forks: bool) -> None:
    """On Windows, Python 3.11 starts a program to find it out, and TensorFlow asks."""
    with single_runner(forks=forks) as runner:
        assert told(runner, ASKED) == 1.0


@pytest.mark.parametrize("runs", [True, False], ids=["the grader runs", "the grader has ended"])
def test_a_worker_removes_its_folder_where_the_grader_cannot(tmp_path: Path, *, runs: bool) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    folder = tmp_path / "worker"
    (folder / "data").mkdir(parents=True)
    grader = os.getpid() if runs else ended.pid
    words = ["-P", "-m", "grader.sandbox.worker.main", str(folder), "none", str(grader)]
    subprocess.run(
        [sys.executable, *words], stdin=subprocess.DEVNULL, env=environment_of(folder), check=True, timeout=60
    )
    assert folder.exists() == runs
