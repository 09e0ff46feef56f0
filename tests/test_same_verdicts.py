"""The same submission, course and seed give the same record, however it is graded, but for times."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.kernel, pytest.mark.tensorflow, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[1]
GRADE = str(Path(sys.executable).with_name("grade"))
TIMES = ("when", "seconds")


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a class of four: right, partly right, with TensorFlow, and untouched."""
    folder = tmp_path_factory.mktemp("submissions")
    solution = ROOT / "reference/solutions/lab02.ipynb"
    shutil.copy(solution, folder / "s001.ipynb")
    shutil.copy(ROOT / "tests/samples/lab02/s001.ipynb", folder / "s002.ipynb")
    shutil.copy(ROOT / "labs/lab02.ipynb", folder / "s004.ipynb")
    notebook = json.loads(solution.read_text("utf-8"))
    source = "import tensorflow as tf\n\n\ndef softmax(z):\n    return tf.nn.softmax(tf.cast(z, tf.float64))\n"
    notebook["cells"].append(
        {"cell_type": "code", "id": "own", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
    )
    (folder / "s003.ipynb").write_text(json.dumps(notebook), "utf-8")
    return folder


@pytest.fixture(scope="module")
def alone(handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the records of notebooks that were each graded alone, in a kernel started cold."""
    output = tmp_path_factory.mktemp("alone")
    for path in sorted(handed_in.glob("*.ipynb")):
        run(path, output)
    return records(output)


def run(path: Path, output: Path, *more: str) -> None:
    done = subprocess.run(
        [GRADE, "lab02", str(path), "--output", str(output), "--seed", "7", *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr


def records(output: Path) -> dict[str, Any]:
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in output.glob("s*.json")}
    return {
        student: json.dumps({name: part for name, part in record.items() if name not in TIMES})
        for student, record in found.items()
    }


def test_in_a_class_with_warm_kernels(handed_in: Path, alone: dict[str, Any], tmp_path: Path) -> None:
    run(handed_in, tmp_path, "--jobs", "2")
    assert records(tmp_path) == alone


def test_in_a_class_that_was_killed_and_resumed(handed_in: Path, alone: dict[str, Any], tmp_path: Path) -> None:
    words = [GRADE, "lab02", str(handed_in), "--output", str(tmp_path), "--seed", "7", "--jobs", "1"]
    grading = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL)
    while grading.poll() is None and not records_there(tmp_path):
        time.sleep(0.01)
    grading.kill()
    grading.wait()
    assert 0 < len(records_there(tmp_path)) < 4, "killed in the middle"
    run(handed_in, tmp_path)
    assert records(tmp_path) == alone


def records_there(output: Path) -> list[Path]:
    return list(output.glob("s*.json"))
