"""Ctrl-C ends every command soon, at whatever moment it comes, with one sentence, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.interrupts import AGAIN_SECONDS, insistent, uninterrupted
from grader.sandbox.runner import Runner
from grader.system import HERE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GRADE = Path(sys.executable).with_name("grade")
LONGEST = 10.0
"""In seconds, on a busy machine. What is interrupted here goes on for longer, or for good."""
SOLVED = ("def double(x):\n    return 2 * x", "def total(x):\n    return sum(x)")
CTRL_C = """

import signal

class Gone:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

Gone()
"""
"""Python raises no exception out of a `__del__`: the first Ctrl-C is dropped for sure."""

pytestmark = pytest.mark.skipif(not HERE.has_signals, reason="signals of a terminal")


@pytest.fixture
def interrupted(tmp_path: Path, root: Path, notebook: Callable[..., Path]) -> Callable[..., tuple[int, str]]:
    """Return a grading of the small course, whose reference has Ctrl-C come at a bad moment: status and errors."""
    folder, scratch = tmp_path / "course", tmp_path / "scratch"
    shutil.copytree(root / "tests/another_course", folder)
    scratch.mkdir()
    reference = folder / "reference/warmup.py"
    reference.write_text(reference.read_text("utf-8") + CTRL_C, "utf-8")
    notebook(*SOLVED, "import time", *["time.sleep(1.8)"] * 6, folder=tmp_path / "class")

    def run(*words: str) -> tuple[int, str]:
        command = [str(GRADE), *words, "--course", str(folder), "--lang", "en"]
        heard = signal.signal(signal.SIGINT, signal.default_int_handler)  # what started the tests may ignore Ctrl-C
        with subprocess.Popen(
            command,
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(scratch)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            signal.signal(signal.SIGINT, heard)
            try:
                _, errors = process.communicate(timeout=60)
            finally:
                process.kill()
        assert list(scratch.iterdir()) == []
        return process.returncode, errors

    return run


@pytest.mark.kernel
@pytest.mark.parametrize(
    "words",
    [
        ("warmup", "class/s001.ipynb"),
        ("warmup", "class"),
        ("warmup", "class/s001.ipynb", "--watch"),
        ("audit", "warmup"),
    ],
    ids=["a notebook", "a class", "watching", "an audit"],
)
def test_ctrl_c_is_heard_even_where_python_drops_it(
    interrupted: Callable[..., tuple[int, str]], words: tuple[str, ...]
) -> None:
    status, errors = interrupted(*words)
    assert status == 130
    assert errors.splitlines()[-1].startswith("Stopped."), errors
    assert "Traceback" not in errors
    assert "ignored" not in errors


def test_ctrl_c_before_the_program_is_loaded_is_no_traceback(tmp_path: Path, root: Path) -> None:
    (tmp_path / "click.py").write_text("import signal\nsignal.raise_signal(signal.SIGINT)\n", "utf-8")
    words = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)"
    start = f"{words}; from grader.__main__ import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", start],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{root}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def _by_collection() -> None:
    def callback(*_: object) -> None:
        gc.callbacks.remove(callback)
        signal.raise_signal(signal.SIGINT)

    gc.callbacks.append(callback)
    gc.collect()


def _by_removal() -> None:
    class Gone:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    Gone()


def _by_a_package() -> None:
    with contextlib.suppress(BaseException):  # as Cython has it
        signal.raise_signal(signal.SIGINT)


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """Let Ctrl-C be as it is in a terminal."""
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, heard)


@pytest.mark.usefixtures("hears_ctrl_c")
@pytest.mark.parametrize("drop", [_by_collection, _by_removal, _by_a_package])
def test_an_interrupt_that_is_dropped_is_raised_again(
    drop: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    def go_on() -> None:
        with insistent():
            drop()
            drop()
            time.sleep(LONGEST)

    with pytest.raises(KeyboardInterrupt):
        go_on()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("hears_ctrl_c")
def test_an_interrupt_that_is_handled_is_not_raised_again() -> None:
    done = []

    def go_on() -> None:
        with insistent():
            try:
                signal.raise_signal(signal.SIGINT)
            finally:
                try:
                    int("")
                except ValueError:
                    time.sleep(5 * AGAIN_SECONDS)
                done.append("left in order")

    with pytest.raises(KeyboardInterrupt):
        go_on()
    assert done == ["left in order"]


def test_other_exceptions_that_python_ignores_are_told_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def __del__(self) -> None:
            raise ValueError

    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda ignored: told.append(ignored.exc_type))
    with insistent():
        Gone()
    assert told == [ValueError]


def test_where_ctrl_c_is_ignored_it_stays_so() -> None:
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with insistent(), uninterrupted():
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, heard)


@pytest.mark.usefixtures("hears_ctrl_c")
def test_ctrl_c_waits_until_what_must_not_be_interrupted_is_done() -> None:
    steps = []

    def act() -> None:
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            steps.append("to its end")

    with pytest.raises(KeyboardInterrupt):
        act()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert steps == ["to its end"]


class Worker:
    """A worker of which only its end is there."""

    def __init__(self, *, interrupts: bool = False) -> None:
        self._interrupts = interrupts
        self.is_closed = False

    def close(self) -> None:
        """End it; Ctrl-C may come meanwhile."""
        if self._interrupts:
            signal.raise_signal(signal.SIGINT)
        self.is_closed = True


@pytest.mark.usefixtures("hears_ctrl_c")
def test_ctrl_c_while_a_worker_is_launched_ends_it_and_removes_its_folder() -> None:
    worker: Any = Worker()
    folders = []

    def launch(folder: Path, _: object) -> Any:  # noqa: ANN401 (see above)
        folders.append(folder)
        signal.raise_signal(signal.SIGINT)
        return worker

    with pytest.raises(KeyboardInterrupt):
        Runner(launch, turn=contextlib.nullcontext())
    assert worker.is_closed
    assert not folders[0].exists()


@pytest.mark.usefixtures("hears_ctrl_c")
def test_ctrl_c_while_a_runner_is_left_waits_for_its_worker() -> None:
    worker: Any = Worker(interrupts=True)
    runner = Runner(lambda *_: worker, turn=contextlib.nullcontext())
    with pytest.raises(KeyboardInterrupt), runner:
        assert runner.scratch.is_dir()
    assert worker.is_closed
    assert not runner.scratch.exists()
