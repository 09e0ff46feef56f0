"""Runners side by side whose workers are forked from one process: as good as those that are started one by one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from grader.model import Cell, Limits, Question, Returned, Submission
from grader.sandbox.pool import Crew
from grader.sandbox.runner import Runner, Terms

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone"),
]
TERMS = Terms((Question("told", "it", ()),), Limits(20, 10, 60), ("numpy",))
TOLD = "import sys, time\ndef told():\n    return float('numpy' in sys.modules)"


def submission(source: str = TOLD) -> Submission:
    return Submission("s001", Path("s001.ipynb"), (Cell(1, source),), "0")


def told(runner: Runner, source: str = TOLD) -> float:
    [seen] = runner.run(submission(source), TERMS).observations
    assert isinstance(seen, Returned), seen
    return float(seen.value)


@pytest.fixture
def crew() -> Iterator[Crew]:
    with Crew(2) as one:
        one.warm_up(["numpy"])
        yield one


def below(name: str) -> list[psutil.Process]:
    """Return the processes under this one whose command holds a word."""
    found = []
    for one in psutil.Process().children(recursive=True):
        try:
            if any(name in word for word in one.cmdline()):
                found.append(one)
        except psutil.Error:  # it has just ended
            continue
    return found


def office() -> psutil.Process:
    """Return the process that workers are forked from."""
    [found] = [one for one in psutil.Process().children() if "grader.sandbox.forkserver" in one.cmdline()]
    return found


def test_all_workers_and_kernels_come_from_one_process_that_has_imported_the_packages(crew: Crew) -> None:
    with crew.runner() as one, crew.runner() as other:
        assert [told(one), told(other), told(one)] == [1.0, 1.0, 1.0]
        assert not below("grader.sandbox.worker.main")
        assert not below("grader.sandbox.kernel.begin")
        assert [one.name() for one in office().children()] == ["grade-worker"] * 2


def test_a_crews_kernels_are_as_well_walled_as_a_cold_one(crew: Crew) -> None:
    with crew.runner() as forked, Runner() as cold:
        assert forked.isolation() == cold.isolation()


def test_a_worker_that_was_killed_is_replaced_by_one_that_is_started(crew: Crew) -> None:
    with crew.runner() as runner:
        told(runner)
        os.kill(runner._worker.pid, signal.SIGKILL)  # noqa: SLF001 (nothing public names it)
        assert [told(runner), told(runner)] == [1.0, 1.0]
        assert len(below("grader.sandbox.worker.main")) == 1


def test_where_the_process_that_forks_is_killed_the_workers_are_started(crew: Crew) -> None:
    for process in below("grader.sandbox.forkserver"):
        process.kill()
    with crew.runner() as runner:
        assert runner.isolation().level
        assert told(runner) == 1.0


def test_workers_go_on_when_the_process_that_forked_them_is_killed(crew: Crew) -> None:
    with crew.runner() as runner:
        told(runner)
        office().kill()
        assert [told(runner), told(runner)] == [1.0, 1.0]


def test_a_package_that_ends_the_process_on_import_costs_only_the_warmth() -> None:
    with Crew(1) as crew:
        crew.warm_up(["antigravity_that_is_not_there", "numpy"])
        with crew.runner() as runner:
            assert told(runner) == 1.0


def test_no_more_submissions_than_said_are_run_at_once() -> None:
    source = f"import time\n{TOLD}\ntime.sleep(0.5)"
    at_once, most, lock = [0], [0], threading.Lock()
    with Crew(2) as crew:
        crew.warm_up(["numpy"])
        runners = [crew.runner() for _ in range(3)]
        for runner in runners:
            runner._run = _counting(runner._run, at_once, most, lock)  # type: ignore[method-assign]  # noqa: SLF001 (same)
        with runners[0], runners[1], runners[2], ThreadPoolExecutor(3) as threads:
            assert list(threads.map(lambda runner: told(runner, source), runners)) == [1.0, 1.0, 1.0]
    assert most == [2]


def _counting(run: Any, at_once: list[int], most: list[int], lock: threading.Lock) -> Any:  # noqa: ANN401 (a method)
    def counted(job: Any) -> Any:  # noqa: ANN401 (a method's argument)
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        try:
            return run(job)
        finally:
            with lock:
                at_once[0] -= 1

    return counted


def test_nothing_is_left_after_it_neither_process_nor_file_nor_descriptor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = psutil.Process().num_fds()
    with Crew(2) as crew:
        crew.warm_up(["numpy"])
        with crew.runner() as one, crew.runner() as other:
            told(one)
            told(other)
    assert not below("grader.sandbox")
    assert list(tmp_path.iterdir()) == []
    assert psutil.Process().num_fds() <= before


@pytest.mark.skipif(find_spec("tensorflow") is None, reason="needs a package that takes seconds to import")
def test_who_leaves_while_packages_are_imported_does_not_wait_for_them() -> None:
    with Crew(2) as crew:
        crew.warm_up(["tensorflow"])
        with crew.runner(), crew.runner():
            began = time.monotonic()
    assert time.monotonic() - began < 1.0
    assert not below("grader.sandbox")


ENDLESS = """
import sys, time
sys.path.insert(0, {here!r})
from tests.grader.sandbox.test_crew import Crew, told
with Crew(2) as crew:
    crew.warm_up(["numpy"])
    with crew.runner() as one, crew.runner() as other:
        told(one), told(other)
        print("ready", flush=True)
        time.sleep(60)
"""


def test_when_the_grader_is_killed_nothing_is_left(tmp_path: Path) -> None:
    here = str(Path(__file__).resolve().parents[3])
    grader = subprocess.Popen(
        [sys.executable, "-c", ENDLESS.format(here=here)],
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert grader.stdout is not None
    assert grader.stdout.readline() == b"ready\n"
    started = psutil.Process(grader.pid).children(recursive=True)
    assert started
    grader.kill()
    grader.wait()
    grader.stdout.close()
    _, alive = psutil.wait_procs(started, timeout=20)
    assert alive == []
    until = time.monotonic() + 10
    while list(tmp_path.iterdir()) and time.monotonic() < until:
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []
