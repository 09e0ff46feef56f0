"""A kernel that is interrupted: how long it has to come back, on a machine that is idle and on one that is busy."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from grader.sandbox.isolation.policy import Bounds
from grader.sandbox.isolation.wall import walls_of
from grader.sandbox.worker import kernel as kernel_process
from grader.sandbox.worker.kernels import Kernels
from grader.sandbox.worker.launch import Plan
from grader.sandbox.worker.usage import seconds_in_queue
from grader.sandbox.worker.watchdog import family_of
from tests.loop import run_in_loop

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how long a process waits for a processor"),
]

SPINNING = "import os\nos.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\nwhile True: pass"


async def comes_back(folder: Path, *, resumed_after: float) -> bool:
    """Interrupt a kernel that gets no processor for some seconds; say whether it answered in time."""
    kernels = Kernels(Plan(folder, walls_of("linux")), starts_ahead=False)
    kernel = await kernels.take(Bounds())
    student = family_of(kernel._process())[-1]  # noqa: SLF001 (there is no other way to see it)
    student.suspend()
    resuming = asyncio.get_running_loop().call_later(resumed_after, student.resume)
    try:
        return await kernel.interrupt()
    finally:
        resuming.cancel()
        await kernel.kill()
        await kernels.close()


def test_the_time_in_which_there_was_no_processor_for_it_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_process, "seconds_in_queue", lambda _: time.monotonic())
    assert run_in_loop(comes_back(tmp_path, resumed_after=kernel_process.INTERRUPT_SECONDS + 1.5))


def test_a_kernel_that_wants_no_processor_has_a_second(tmp_path: Path) -> None:
    began = time.monotonic()
    assert not run_in_loop(comes_back(tmp_path, resumed_after=60))
    assert time.monotonic() - began < 60, "it was not waited for until it ran again"


def test_it_is_not_waited_for_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_process, "seconds_in_queue", lambda _: time.monotonic())
    monkeypatch.setattr(kernel_process, "MOST_QUEUED_SECONDS", 1.0)
    assert not run_in_loop(comes_back(tmp_path, resumed_after=60))


def test_where_several_share_a_processor_each_is_seen_to_wait() -> None:
    with ExitStack() as ends:
        spinning = [ends.enter_context(subprocess.Popen([sys.executable, "-c", SPINNING])) for _ in range(2)]
        for process in spinning:
            ends.callback(process.kill)
        until = time.monotonic() + 60
        while not all(seconds_in_queue([process.pid]) > 0.2 for process in spinning) and time.monotonic() < until:
            time.sleep(0.05)
        assert all(seconds_in_queue([process.pid]) > 0.2 for process in spinning)


def test_one_that_has_ended_waits_for_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    assert seconds_in_queue([ended.pid]) == 0
