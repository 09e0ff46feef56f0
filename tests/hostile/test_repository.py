"""The grader started inside a hostile repository imports nothing of it, and killed at any moment leaves nothing."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

GRADE = Path(sys.executable).with_name("grade")
COURSE = Path(__file__).parent / "course"
NAMES = (
    "numpy",
    "json",
    "click",
    "yaml",
    "grader",
    "nbclient",
    "conftest",
    "sitecustomize",
    "usercustomize",
    "zmq",
    "re",
)
KILLED = 4

pytestmark = [pytest.mark.kernel, pytest.mark.skipif(os.name != "posix", reason="signals and process groups of POSIX")]


def test_nothing_of_a_hostile_repository_is_imported(notebook: Callable[..., Path], tmp_path: Path) -> None:
    repository, marker = tmp_path / "repository", tmp_path / "marker"
    path = notebook("def double(x): return 2 * x", name="target", folder=repository)
    for name in NAMES:
        (repository / f"{name}.py").write_text(f"open({str(marker)!r}, 'a').write({name!r})", "utf-8")
    (repository / "pytest.ini").write_text("[pytest]\naddopts = --version", "utf-8")
    (repository / "grade.toml").write_text("course = '/'", "utf-8")
    shutil.copytree(repository, repository / "kernels/python3")
    words = ["target", path, "--course", COURSE, "--output", tmp_path / "out", "--lang", "en"]
    environment = {**os.environ, "JUPYTER_PATH": str(repository), "IPYTHONDIR": str(repository)}
    done = subprocess.run(
        [str(word) for word in (GRADE, *words)], cwd=repository, env=environment, capture_output=True, check=False
    )
    record = json.loads((tmp_path / "out/target.json").read_text("utf-8"))
    assert done.returncode in {0, 1}, done.stderr
    assert record["student"] == "target"
    imported = marker.read_text("utf-8") if marker.exists() else ""
    assert "grader" not in imported
    assert record["isolation"] in {"none", "limited"} or imported == "", (
        "the notebook's own imports are behind the wall"
    )


def left_in(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if str(folder) in process.environ().get("TMPDIR", "") and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.mark.parametrize("seed", range(KILLED))
def test_killed_at_any_moment_it_leaves_no_process_and_no_half_report(
    notebook: Callable[..., Path], tmp_path: Path, seed: int
) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    path = notebook("import os\nos.system('sleep 99 &')", "def double(x):\n    return 2 * x")
    words = ("target", path, "--course", COURSE, "--output", tmp_path / "out")
    grading = subprocess.Popen(
        [str(word) for word in (GRADE, *words)],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(random.Random(seed).uniform(0.1, 2.0))  # noqa: S311 (no secret)
    grading.kill()
    grading.wait()
    deadline = time.monotonic() + 20
    while (left := left_in(temporary)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left
    for report in (tmp_path / "out").glob("[!.]*"):
        json.loads(report.read_text("utf-8"))
