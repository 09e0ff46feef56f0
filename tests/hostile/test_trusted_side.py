"""What drives a hostile kernel stays small and alive, and the next submission is graded as if nothing had been."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from grader.model import Cell, Died, Limits, OverLimit, Question, Raised, Returned, Submission, TimedOut
from grader.sandbox.pool import single_runner
from grader.sandbox.runner import Runner, RunSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Observation, Run

pytestmark = pytest.mark.kernel

MOST_MEMORY_MIB = 150
LIMITS = Limits(4, 2, 12, memory_mib=600, output_mib=8, disk_mib=32)
RIGHT = "def f(x):\n    return 2 * x"
CHANNEL = """
import os, time
kernel = get_ipython().kernel
def send(*frames):
    kernel.iopub_socket.send_multipart(list(frames))
"""


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with single_runner() as one:
        yield one


@pytest.fixture(autouse=True)
def most_memory(runner: Runner) -> Iterator[None]:
    """Watch the process that a kernel's messages reach."""
    worker = psutil.Process(runner._worker.pid)  # noqa: SLF001 (there is no other way to see it)
    done, seen = threading.Event(), [0]

    def look() -> None:
        while not done.wait(0.02):
            seen.append(worker.memory_info().rss // 2**20)

    looking = threading.Thread(target=look)
    looking.start()
    yield
    done.set()
    looking.join()
    assert runner._worker.pid == worker.pid, "the worker is still the same"  # noqa: SLF001 (same)
    assert max(seen) < MOST_MEMORY_MIB


def run(runner: Runner, *sources: str, limits: Limits = LIMITS) -> Run:
    cells = tuple(Cell(number, source) for number, source in enumerate(sources, 1))
    return runner.run(
        Submission("s001", Path("s001.ipynb"), cells, ""),
        RunSpec(questions=(Question("f", "c", (2.0,)),), limits=limits),
    )


def answer(run: Run) -> Observation:
    [observation] = run.observations
    return observation


def over(run: Run) -> OverLimit | None:
    return next((stop.over for stop in run.cells), None)


def test_a_right_one_is_right(runner: Runner) -> None:
    assert isinstance(answer(run(runner, RIGHT)), Returned)


def test_a_flood_of_output_in_a_cell_ends_at_its_limit(runner: Runner) -> None:
    done = run(runner, RIGHT, "while True:\n    print('flood ' * 20_000)")
    limit = over(done)
    assert limit is not None
    assert (limit.limit, limit.allowed) in {("output", 8), ("memory", 600)}, "whichever is full first"
    assert isinstance(answer(done), Returned), "the other cells are run without it"


def test_a_flood_of_output_in_a_call_ends_too(runner: Runner) -> None:
    done = answer(run(runner, "def f(x):\n    while True:\n        print('flood ' * 20_000)"))
    assert isinstance(done, OverLimit | TimedOut)


def test_messages_that_are_too_large_or_too_many_parts_do_no_harm(runner: Runner) -> None:
    big = CHANNEL + "send(b'<IDS|MSG>', b's' * 60_000_000)\n"
    many = CHANNEL + "for _ in range(50): send(*[b'x' * 100_000] * 300)\ntime.sleep(1)"
    done = run(runner, big, many, RIGHT)
    assert isinstance(answer(done), Returned)


def test_messages_that_are_none_are_counted_and_end_it(runner: Runner) -> None:
    garbage = CHANNEL + "for _ in range(100): send(b'<IDS|MSG>', os.urandom(20), b'{', b'[', b'1', b'2')\ntime.sleep(2)"
    done = run(runner, garbage, RIGHT)
    limit = over(done)
    assert limit is not None
    assert (limit.limit, limit.allowed) == ("messages", 20)
    assert isinstance(answer(done), Returned)


def test_forged_replies_are_worth_what_they_say(runner: Runner) -> None:
    forged = CHANNEL + (
        "def f(x):\n"
        "    parent, ident = kernel.get_parent('shell'), kernel._shell_parent_ident.get()\n"
        "    for _ in range(30):\n"
        "        reply = {'observations': [{'not_asked': {}}]}\n"
        "        kernel.session.send(kernel.shell_stream, 'ask_reply', reply, parent, ident)\n"
        "    raise RuntimeError('honest')"
    )
    assert not isinstance(answer(run(runner, forged)), Returned)


def test_memory_ends_at_its_limit_and_is_told_as_such(runner: Runner) -> None:
    done = run(runner, RIGHT, "def f(x):\n    return len([bytearray(50_000_000) for _ in range(100)])")
    assert answer(done) == OverLimit("memory", 600)


def test_files_end_at_their_limit(runner: Runner) -> None:
    writing = "def f(x):\n    n = 0\n    while True:\n        open(f'f{n}', 'wb').write(b'x' * 2**22)\n        n += 1"
    found = answer(run(runner, writing))
    assert isinstance(found, OverLimit)
    assert (found.limit, found.allowed) == ("disk", 32)
    assert (found.reached or 0) > 32


def test_programs_end_at_their_limit_and_leave_nobody_behind(runner: Runner) -> None:
    starting = (
        "import subprocess, time\n"
        "def f(x):\n"
        "    for _ in range(6):\n"
        "        subprocess.Popen(['sleep', '1234.5'], stdin=subprocess.DEVNULL)\n"
        "    time.sleep(5)"
    )
    done = answer(run(runner, starting, limits=Limits(4, 4, 20, processes=4)))
    assert done == OverLimit("processes", 4, 6)
    assert not [p for p in psutil.process_iter(["cmdline"]) if "1234.5" in (p.info["cmdline"] or [])]


def test_where_no_program_may_be_started_none_is(runner: Runner) -> None:
    done = answer(run(runner, "import subprocess\ndef f(x):\n    return subprocess.run(['true']).returncode"))
    assert isinstance(done, Raised)
    assert done.kind == "PermissionError"


def test_a_kernel_that_stops_itself_costs_its_time_and_no_more(runner: Runner) -> None:
    stopping = "import os, signal\ndef f(x):\n    os.kill(os.getpid(), signal.SIGSTOP)"
    assert answer(run(runner, stopping)) == TimedOut("call", 2)


def test_a_death_is_told_by_its_signal(runner: Runner) -> None:
    assert answer(run(runner, "import os\ndef f(x):\n    os.kill(os.getpid(), 9)")) == Died(9)
    assert answer(run(runner, "import ctypes\ndef f(x):\n    ctypes.string_at(0)")) == Died(11)
    assert isinstance(answer(run(runner, RIGHT)), Returned), "the next one is as good as ever"
