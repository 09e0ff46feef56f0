"""`grade LAB --watch`: every save is graded, however it is written, and what it changed is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Said

TOTAL = "def total(x):\n    return sum(x)"
STUB = "def double(x):\n    raise NotImplementedError"
WRONG = "def double(x):\n    return 3 * x"
RIGHT = "def double(x):\n    return 2 * x"
SECONDS = 60.0


class Watching:
    """A `grade --watch` that runs, and what it has said so far."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.said = folder / "said.txt"
        self._file = self.said.open("wb")
        environment = {**os.environ, "LANG": "en_US.UTF-8", "LANGUAGE": "en", "COLUMNS": "80"}
        heard = signal.signal(signal.SIGINT, signal.default_int_handler)  # what started the tests may ignore Ctrl-C
        self.process = subprocess.Popen(command, stdout=self._file, stderr=self._file, env=environment)
        signal.signal(signal.SIGINT, heard)

    def wait_for(self, text: str, times: int = 1) -> str:
        """Wait until a text has been said so often; return all that has been said."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            said = self.said.read_text("utf-8")
            if said.count(text) >= times:
                return said
            assert self.process.poll() is None, said
            time.sleep(0.02)
        raise AssertionError(self.said.read_text("utf-8"))

    def end(self) -> int:
        """Send Ctrl-C and return the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(SECONDS)

    def clear(self) -> None:
        """Leave nothing running."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._file.close()


@pytest.fixture
def watching(root: Path, tmp_path: Path, notebook: Callable[..., Path]) -> Iterator[Watching]:
    """Return a watch over a notebook with one stub in it."""
    path = notebook(STUB, TOTAL)
    course = str(root / "tests/another_course")
    command = [str(Path(sys.executable).with_name("grade")), "warmup", str(path), "--course", course, "--watch"]
    running = Watching(command, tmp_path)
    yield running
    running.clear()


@pytest.mark.kernel
def test_every_save_is_graded_and_what_it_changed_is_told(watching: Watching, notebook: Callable[..., Path]) -> None:
    watching.wait_for("Waiting for the next save")
    notebook(WRONG, TOTAL)  # written in place
    said = watching.wait_for("Waiting for the next save", 2)
    assert "double.values: not attempted → failed" in said
    assert "2.5 → 2.5 points" in said

    other = notebook(RIGHT, TOTAL, name="written_beside")
    other.replace(other.with_name("s001.ipynb"))  # as most editors save
    said = watching.wait_for("Waiting for the next save", 3)
    assert "✓ double.values: failed → passed" in said
    assert "2.5 → 10 points" in said
    assert watching.end() == 130


@pytest.mark.kernel
def test_a_notebook_that_cannot_be_read_is_told_and_the_next_save_is_waited_for(
    watching: Watching, notebook: Callable[..., Path], tmp_path: Path
) -> None:
    watching.wait_for("Waiting for the next save")
    (tmp_path / "s001.ipynb").write_text("", "utf-8")
    said = watching.wait_for("Waiting for the next save", 2)
    assert "is empty" in " ".join(said.split())
    notebook(RIGHT, TOTAL)
    assert "10 of 10 points" in watching.wait_for("Waiting for the next save", 3)
    assert watching.end() == 130


def test_a_folder_cannot_be_watched(grade: Callable[..., Said], root: Path) -> None:
    said = grade("lab02", root / "tests/samples/lab02", "--watch")
    assert said.status == 2
    assert "--watch is for one notebook" in said.err
