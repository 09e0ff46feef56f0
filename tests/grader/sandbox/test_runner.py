"""Our machinery: what is left behind when it is stopped or killed, and what is said when it cannot start."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil
import pytest

from grader.errors import SandboxError
from grader.model import Cell, Limits, NotAsked, Question, Returned, Run, Submission
from grader.sandbox.isolation.wall import walls_of
from grader.sandbox.pool import single_runner
from grader.sandbox.protocol import write
from grader.sandbox.runner import SPARE_SECONDS, Runner, RunSpec
from grader.sandbox.worker.launch import Plan, launch_kernel

if sys.platform == "win32":
    pytest.skip("signals and process groups of POSIX", allow_module_level=True)
from tests.loop import run_in_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GRADE = Path(sys.executable).with_name("grade")
ROOT = Path(__file__).parents[3]
LIMITS = Limits(cell_seconds=5, call_seconds=5, submission_seconds=30)
SUBMISSION = Submission("s001", Path("s001.ipynb"), (Cell(1, "def double(x):\n    return 2 * x"),), "")
QUESTION = Question("double", "values", (1.5,))
FIRST_SECONDS = 180.0
"""Until the first record of a class at most: its course has TensorFlow imported, and the machine may do other work."""

pytestmark = pytest.mark.kernel


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def processes_in(folder: Path) -> list[psutil.Process]:
    """Return the processes of a grading that was given `folder` for its temporary files."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("TMPDIR", "").startswith(str(folder)) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def obey_signals() -> None:
    """Take Ctrl-C, and a terminal that ends, as programs do: what a shell starts in the background ignores them."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def endless_class(notebook: Callable[..., Path], tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Start a grading of two submissions of which the second never ends; return it once the first one is done."""
    folder, temporary, output = tmp_path / "in", tmp_path / "t", tmp_path / "out"
    temporary.mkdir()
    notebook("def double(x): return 2 * x", "def total(x): return sum(x)", name="s001", folder=folder)
    notebook(
        "def double(x): return 2 * x",
        "import time; time.sleep(1.9)",
        *["while True: pass"] * 8,
        name="s002",
        folder=folder,
    )
    command = [
        str(word)
        for word in (
            GRADE,
            "warmup",
            folder,
            "--course",
            ROOT / "tests/another_course",
            "--output",
            output,
            "--lang",
            "en",
        )
    ]
    grading = subprocess.Popen(
        command,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=obey_signals,  # noqa: PLW1509 (no thread of this test holds a lock)
    )
    try:
        assert wait_for(lambda: grading.poll() is not None or (output / "s001.json").exists(), seconds=FIRST_SECONDS)
        assert grading.poll() is None, grading.communicate()
        assert wait_for(lambda: len(processes_in(temporary)) >= 3), "the grader, its worker and a kernel"
        yield grading, tmp_path
    finally:  # what is left running is told in the middle of another test
        grading.kill()
        grading.communicate()


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (signal.SIGINT, 130),
        (signal.SIGTERM, -signal.SIGTERM),
        (signal.SIGHUP, -signal.SIGHUP),
        (signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_a_grader_that_is_stopped_leaves_no_process_and_keeps_what_is_finished(
    endless_class: tuple[subprocess.Popen[bytes], Path], number: signal.Signals, status: int
) -> None:
    grading, folder = endless_class
    grading.send_signal(number)
    _, error = grading.communicate(timeout=20)
    assert grading.returncode == status
    assert wait_for(lambda: not processes_in(folder / "t")), processes_in(folder / "t")
    assert json.loads((folder / "out/s001.json").read_text("utf-8"))["earned"] == 10
    left = {path.name for path in (folder / "out").iterdir() if not path.name.startswith("gradebook.sqlite")}
    assert left - {".labgrader"} == {".warmup.seed", "s001.json"}, "no half record"
    assert b"Traceback" not in error
    assert wait_for(lambda: not list((folder / "t").iterdir())), "no scratch folder"
    if number == signal.SIGINT:
        assert error.decode().lstrip("\n") == "Stopped. What was finished is kept; the same command starts again.\n"


def test_a_runner_runs_one_submission_after_another_in_fresh_kernels() -> None:
    counting = (Cell(1, "import os\nruns = globals().get('runs', 0) + 1\ndef count(x): return runs"),)
    submission = Submission("s001", Path("s001.ipynb"), counting, "")
    with single_runner() as runner:
        for _ in range(2):
            run = runner.run(submission, RunSpec(questions=(Question("count", "values", (1.0,)),), limits=LIMITS))
            [answer] = run.observations
            assert isinstance(answer, Returned)
            assert answer.value == np.array(1)


def test_a_worker_that_dies_is_started_again() -> None:
    with single_runner() as runner:
        psutil.Process(runner._worker.pid).kill()  # noqa: SLF001 (nothing public kills our own worker)
        [answer] = runner.run(SUBMISSION, RunSpec(questions=(QUESTION,), limits=LIMITS)).observations
        assert isinstance(answer, Returned)


def test_leaving_a_runner_leaves_no_process() -> None:
    with single_runner() as runner:
        runner.run(SUBMISSION, RunSpec(questions=(QUESTION,), limits=LIMITS))
        worker = psutil.Process(runner._worker.pid)  # noqa: SLF001 (to look for what is left of it)
        below = worker.children(recursive=True)
    assert not worker.is_running()
    assert not any(process.is_running() for process in below)


@pytest.fixture
def python_without(tmp_path: Path) -> Callable[[str], Path]:
    """Return a maker of a Python environment like this one, in which one package is not installed."""

    def make(package: str) -> Path:
        folder = tmp_path / f"without-{package}"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        python = folder / "bin" / "python"
        place = subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for entry in Path(sysconfig.get_path("purelib")).iterdir():
            if not entry.name.startswith((package, "_virtualenv", "__pycache__", "distutils-precedence")):
                (Path(place) / entry.name).symlink_to(entry)
        return python

    return make


def grade_with(python: Path, *words: object) -> subprocess.CompletedProcess[str]:
    code = "import sys; from grader.cli import main; sys.exit(main())"
    command = [str(python), "-c", code, *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("language", "told"), [("en", "The Python kernel did not start"), ("zh-TW", "Python kernel 無法啟動")]
)
def test_without_ipykernel_it_is_our_machinery_that_fails(
    python_without: Callable[[str], Path], language: str, told: str
) -> None:
    done = grade_with(python_without("ipykernel"), "lab01", "reference/solutions/lab01.ipynb", "--lang", language)
    assert done.returncode == 3
    assert done.stderr.startswith(told)
    assert "No module named 'ipykernel'" in done.stderr
    assert "pip install" in done.stderr
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)


@pytest.mark.parametrize(
    ("language", "told"), [("en", "The notebook imports tensorflow"), ("zh-TW", "筆記本匯入了 tensorflow")]
)
def test_without_tensorflow_a_notebook_that_imports_it_is_not_graded(
    python_without: Callable[[str], Path], notebook: Callable[..., Path], language: str, told: str
) -> None:
    python = python_without("tensorflow")
    path = notebook("import tensorflow as tf\ndef mse(y_true, y_pred): return 0.0")
    done = grade_with(python, "lab01", path, "--lang", language)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(told)
    assert "pip install tensorflow" in done.stderr


def test_without_tensorflow_a_notebook_that_does_not_import_it_is_graded(python_without: Callable[[str], Path]) -> None:
    done = grade_with(python_without("tensorflow"), "lab01", "reference/solutions/lab01.ipynb")
    assert done.returncode == 0, done.stderr


class Worker:
    """Stands for a worker: gives these lines, and then hangs. It takes nothing more once it was left."""

    def __init__(self, *lines: bytes) -> None:
        self.lines = list(lines)
        self.sent: list[bytes] = []
        self.waited: list[float] = []
        self.is_left = False

    def send(self, line: bytes) -> bool:
        """Take a line."""
        self.sent.append(line)
        return not self.is_left

    def receive(self, seconds: float) -> bytes:
        """Give the next line, or none within the time."""
        self.waited.append(seconds)
        return self.lines.pop(0) if self.lines else b""

    def last_error(self) -> str:
        """Say nothing."""
        return ""

    def errors(self) -> str:
        """Say nothing."""
        return ""

    def leave(self) -> None:
        """Take nothing more."""
        self.is_left = True

    close = leave


def runner_of(*workers: Worker, act: Callable[[Worker], object] = lambda _: None) -> Runner:
    """Return a runner that launches these workers, one after another; `act` happens while each is launched."""
    waiting = list(workers)

    def launch(*_: object) -> Any:  # noqa: ANN401 (it stands for a WorkerProcess)
        act(waiting[0])
        return waiting.pop(0)

    return Runner(launch, turn=nullcontext())


RUN = write(Run(observations=(NotAsked(),), cells=(), isolation="none"))


def test_a_late_answer_is_not_taken_for_that_of_the_next_submission() -> None:
    hanging, fresh = Worker(RUN), Worker(RUN)
    spec = RunSpec(questions=(QUESTION,), limits=Limits(cell_seconds=5, call_seconds=500, submission_seconds=5))
    with runner_of(hanging, fresh) as runner:
        with runner.session(SUBMISSION, spec) as session, pytest.raises(SandboxError):
            session.ask([QUESTION])
        assert hanging.waited[-1] > 500, "a call may take that long"
        hanging.lines.append(write(NotAsked()))
        assert runner.run(SUBMISSION, spec).cells == ()
    assert len(fresh.sent) == 2, "the job, and its end"


@pytest.mark.parametrize(
    ("passes", "told"), [(True, f"did not answer within {SPARE_SECONDS + 30:g} s"), (False, "ended ()")]
)
def test_a_worker_that_is_slow_is_not_said_to_have_ended(
    monkeypatch: pytest.MonkeyPatch,
    passes: bool,  # noqa: FBT001 (a parameter of the test)
    told: str,
) -> None:
    """The whole time passes while one is waited for that runs, and none for one that has ended."""
    hanging = Worker(), Worker()
    monkeypatch.setattr(
        "grader.sandbox.runner.monotonic", lambda: sum(sum(worker.waited) for worker in hanging) * passes
    )
    with runner_of(*hanging) as runner, pytest.raises(SandboxError) as caught:
        runner.run(SUBMISSION, RunSpec(questions=(QUESTION,), limits=LIMITS))
    assert told in caught.value.text.en
    assert "Nothing was graded" in caught.value.text.en


def test_a_runner_that_is_stopped_while_it_replaces_its_worker_does_not_go_on() -> None:
    failing, fresh = Worker(), Worker(RUN)

    def stop(worker: Worker) -> None:
        if worker is fresh:
            runner.stop()

    runner = runner_of(failing, fresh, act=stop)
    with runner, pytest.raises(SandboxError):
        runner.run(SUBMISSION, RunSpec(questions=(QUESTION,), limits=LIMITS))


# The folder for temporary files -----------------------------------------------------------------------------------

WRITES = "import time\nopen('began', 'w').close()\ntime.sleep(1.5)\nopen('ended', 'w').close()"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for temporary files of this test alone."""
    (tmp_path / "t").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    return tmp_path / "t"


SHARED_FOLDER = tuple(name for name in walls_of() if name != "namespaces")
"""The walls behind which a kernel's working folder is the one outside, where it can be seen and removed."""


def remove(folder: Path, what: str) -> None:
    for path in folder.glob(what):
        shutil.rmtree(path, ignore_errors=True)


@pytest.mark.parametrize("what", ["grade-*", "grade-*/lab-*", "grade-*/data"])
def test_a_folder_that_the_system_removes_between_two_submissions_is_made_anew(temporary: Path, what: str) -> None:
    with single_runner() as runner:
        assert runner.run(SUBMISSION, RunSpec(questions=(QUESTION,), limits=LIMITS)).cells == ()
        remove(temporary, what)
        for _ in range(2):
            run = runner.run(SUBMISSION, RunSpec(questions=(QUESTION,), limits=LIMITS))
            assert run.cells == ()
            assert isinstance(run.observations[0], Returned)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("what", ["grade-*", "grade-*/lab-*"])
def test_a_folder_that_the_system_removes_during_a_run_is_no_fault_of_the_notebook(temporary: Path, what: str) -> None:
    submission = replace(SUBMISSION, cells=(*SUBMISSION.cells, Cell(2, WRITES)))
    with single_runner(walls=SHARED_FOLDER) as runner:
        if runner.isolation().level not in {"good", "strong"}:
            pytest.skip("behind a weaker wall a notebook can remove its folder itself")
        seen: list[Path] = []

        def remove_once() -> None:
            assert wait_for(lambda: bool(list(temporary.glob("grade-*/lab-*/home/began"))))
            seen.extend(temporary.glob(what))
            remove(temporary, what)

        remover = Thread(target=remove_once)
        remover.start()
        run = runner.run(submission, RunSpec(questions=(QUESTION,), limits=LIMITS))
        remover.join()
    assert seen
    assert run.cells == ()
    assert isinstance(run.observations[0], Returned)


def test_a_folder_that_is_removed_each_time_is_told_and_is_no_score(temporary: Path) -> None:
    submission = replace(SUBMISSION, cells=(*SUBMISSION.cells, Cell(2, WRITES)))
    with single_runner(walls=SHARED_FOLDER) as runner:
        if runner.isolation().level not in {"good", "strong"}:
            pytest.skip("behind a weaker wall a notebook can remove its folder itself")
        done = Event()

        def keep_removing() -> None:
            while not done.wait(0.02):
                if list(temporary.glob("grade-*/lab-*/home/began")):
                    remove(temporary, "grade-*/lab-*")

        remover = Thread(target=keep_removing)
        remover.start()
        try:
            with pytest.raises(SandboxError, match="was removed during the grading, perhaps by a clean-up") as caught:
                runner.run(submission, RunSpec(questions=(QUESTION,), limits=LIMITS))
        finally:
            done.set()
            remover.join()
    assert "TMPDIR" in caught.value.text.zh_tw


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), FileNotFoundError(2, "No such file")]
)
def test_where_no_folder_can_be_made_for_a_kernel_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def refuse(**_: object) -> str:
        raise error

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(SandboxError, match=r"There is no place for temporary files \(No s.*TMPDIR"):
        run_in_loop(launch_kernel(Plan(tmp_path, ())))
