"""Runners side by side whose workers and kernels one forkserver forks: as good as those that are started one by one."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from grader.errors import SandboxError
from grader.messages.sentences import quote
from grader.sandbox.environment import environment_of
from grader.sandbox.pool import Pool, single_runner
from grader.sandbox.runner import Runner

if sys.platform != "linux":
    pytest.skip("processes are forked on Linux alone", allow_module_level=True)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.sandbox.worker_process import WorkerProcess

    Told = Callable[..., float]
    Below = Callable[[str], list[psutil.Process]]

PACKAGE = "wave"
"""What no kernel imports by itself: conftest's `told` answers whether it was there before."""

pytestmark = pytest.mark.kernel


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(2) as one:
        one.preload([PACKAGE])
        yield one


def test_all_workers_and_kernels_are_forked_by_one_process_that_has_imported_the_packages(
    pool: Pool, told: Told, below: Below
) -> None:
    with pool.runner() as one, pool.runner() as other:
        assert [told(one), told(other), told(one)] == [1.0, 1.0, 1.0]
        [forkserver] = [process for process in psutil.Process().children() if process.name() == "grade-server"]
        while "grade-server" in (names := [process.name() for process in forkserver.children()]):
            time.sleep(0.01)  # a kernel that has just been forked still has the forkserver's name
        assert names.count("grade-worker") == 2
        assert set(names) <= {"grade-worker", "grade-kernel"}
        assert not below("grader.sandbox.worker.main")
        assert not below("grader.sandbox.kernel.begin")


def test_a_single_notebook_takes_the_same_path(told: Told, below: Below) -> None:
    with single_runner() as runner:
        assert told(runner) == 0.0, "nothing was preloaded"
        assert len(below("grade-server")) == len(below("grade-worker")) == 1


def test_where_nothing_can_be_forked_worker_and_kernel_are_started(told: Told, below: Below) -> None:
    with single_runner(forks=False) as runner:
        assert runner.isolation().level
        assert below("grader.sandbox.worker.main")
        assert below("grader.sandbox.kernel.begin")
        assert told(runner) == 0.0, "there is nothing to preload for"
    assert not below("grader.sandbox.worker.main")


def test_a_forked_kernel_is_as_well_walled_as_one_that_was_started(pool: Pool) -> None:
    with pool.runner() as forked, single_runner(forks=False) as started:
        assert forked.isolation() == started.isolation()


def test_a_package_that_cannot_be_imported_costs_nothing_but_its_preload(told: Told) -> None:
    with single_runner(packages=["antigravity_that_is_not_there", PACKAGE]) as runner:
        assert told(runner) == 1.0


def test_a_package_whose_import_ends_the_forkserver_costs_nothing_but_its_preload(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As TensorFlow does on a processor that it was not built for."""
    (tmp_path / "ends_the_process.py").write_text("import os\nos._exit(3)", "utf-8")
    path = {"PYTHONPATH": str(tmp_path)}
    monkeypatch.setattr("grader.sandbox.pool.environment_of", lambda home: environment_of(home) | path)
    with Pool(2) as pool:
        pool.preload(["ends_the_process"])
        with pool.runner() as one, pool.runner() as other:
            assert [told(one), told(other)] == [0.0, 0.0]


def test_without_a_place_for_temporary_files_there_is_a_sentence_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Pool() as pool:
        for name in ("mkdtemp", "TemporaryFile"):
            with monkeypatch.context() as patch:
                patch.setattr(f"tempfile.{name}", full)
                with pytest.raises(SandboxError, match="no place for temporary files"):
                    pool.runner()
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_cannot_be_launched_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> WorkerProcess:
        raise SandboxError(quote("refused"))

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(SandboxError, match="refused"):
        Runner(refuse, turn=contextlib.nullcontext())
    assert list(tmp_path.iterdir()) == []


def test_no_more_submissions_than_said_are_run_at_once(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "import time\ndef told():\n    return 1.0\ntime.sleep(0.5)"
    at_once, most, lock = [0], [0], threading.Lock()
    with Pool(2) as pool:
        runners = [pool.runner() for _ in range(3)]
        for runner in runners:
            counting = _counting(runner._twice, at_once, most, lock)  # noqa: SLF001 (nothing public says when one is run)
            monkeypatch.setattr(runner, "_twice", counting)
        with runners[0], runners[1], runners[2], ThreadPoolExecutor(3) as threads:
            assert list(threads.map(lambda runner: told(runner, source), runners)) == [1.0, 1.0, 1.0]
    assert most == [2]


def _counting(run: Any, at_once: list[int], most: list[int], lock: threading.Lock) -> Any:  # noqa: ANN401 (a method)
    def counted(*message: Any) -> Any:  # noqa: ANN401 (a method's arguments)
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        try:
            return run(*message)
        finally:
            with lock:
                at_once[0] -= 1

    return counted


@pytest.mark.parametrize("forks", [True, False])
def test_nothing_is_left_after_it_neither_process_nor_file_nor_descriptor(
    *, forks: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: Told, below: Below
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = psutil.Process().num_fds()
    with Pool(2, forks=forks) as pool:
        pool.preload([PACKAGE])
        with pool.runner() as one, pool.runner() as other:
            told(one)
            told(other)
    assert not below("grade-server")
    assert not below("grader.sandbox.worker.main")
    assert list(tmp_path.iterdir()) == []
    assert psutil.Process().num_fds() <= before


@pytest.mark.skipif(find_spec("tensorflow") is None, reason="needs a package that takes seconds to import")
def test_whoever_leaves_while_packages_are_imported_does_not_wait_for_them() -> None:
    others = set(psutil.Process().children(recursive=True))
    with Pool(2) as pool:
        pool.preload(["tensorflow"])
        with pool.runner(), pool.runner():
            began, started = time.monotonic(), set(psutil.Process().children(recursive=True)) - others
    assert time.monotonic() - began < 2.0, "an import takes longer"
    assert len(started) == 1, "no worker was there yet"
    assert not started.pop().is_running()
