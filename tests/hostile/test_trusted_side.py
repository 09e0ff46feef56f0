"""What drives a hostile kernel stays small and alive, and the next submission is graded as if nothing had been."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from grader.model import Cell, Died, Limits, OverLimit, Question, Raised, Returned, Submission, TimedOut
from grader.sandbox.isolation.wall import walls_of
from grader.sandbox.pool import single_runner
from grader.sandbox.runner import Runner, RunSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Observation, Run

pytestmark = pytest.mark.kernel

MOST_MEMORY_MIB = 150
LIMITS = Limits(30, 30, 90, memory_mib=600, output_mib=8, disk_mib=32)
"""Time enough for a busy machine: what is over another limit is ended at once."""
HASTY = replace(LIMITS, cell_seconds=4, call_seconds=2, submission_seconds=12)
"""For what may end by its time."""
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
    done = answer(run(runner, "def f(x):\n    while True:\n        print('flood ' * 20_000)", limits=HASTY))
    assert isinstance(done, OverLimit | TimedOut)


def test_messages_that_are_too_large_or_too_many_parts_do_no_harm(runner: Runner) -> None:
    big = CHANNEL + "send(b'<IDS|MSG>', b's' * 60_000_000)\n"
    many = CHANNEL + "for _ in range(50): send(*[b'x' * 100_000] * 300)\ntime.sleep(1)"
    done = run(runner, big, many, RIGHT)
    assert isinstance(answer(done), Returned)


def test_messages_that_are_none_are_counted_and_end_it(runner: Runner) -> None:
    garbage = CHANNEL + "for _ in range(100): send(b'<IDS|MSG>', os.urandom(20), b'{', b'[', b'1', b'2')\ntime.sleep(9)"
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
    assert not isinstance(answer(run(runner, forged, limits=HASTY)), Returned)


def test_memory_ends_at_its_limit_and_is_told_as_such(runner: Runner) -> None:
    done = run(runner, RIGHT, "def f(x):\n    return len([bytearray(50_000_000) for _ in range(100)])")
    found = answer(done)
    assert isinstance(found, OverLimit), "told by the kernel itself, its group, or whoever watches it: whoever is first"
    assert (found.limit, found.allowed) == ("memory", 600)


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
        "    time.sleep(20)"
    )
    done = answer(run(runner, starting, limits=Limits(30, 30, 90, processes=4)))
    assert done == OverLimit("processes", 4, 6)
    assert not [p for p in psutil.process_iter(["cmdline"]) if "1234.5" in (p.info["cmdline"] or [])]


def test_where_no_program_may_be_started_none_is(runner: Runner) -> None:
    done = answer(run(runner, "import subprocess\ndef f(x):\n    return subprocess.run(['true']).returncode"))
    assert isinstance(done, Raised)
    assert done.kind == "PermissionError"


def test_a_kernel_that_stops_itself_costs_its_time_and_no_more(runner: Runner) -> None:
    stopping = "import os, signal\ndef f(x):\n    os.kill(os.getpid(), signal.SIGSTOP)"
    assert answer(run(runner, stopping, limits=HASTY)) == TimedOut("call", 2)


def test_a_death_is_told_by_its_signal(runner: Runner) -> None:
    assert answer(run(runner, "import os\ndef f(x):\n    os.kill(os.getpid(), 9)")) == Died(9)
    assert answer(run(runner, "import ctypes\ndef f(x):\n    ctypes.string_at(0)")) == Died(11)
    assert isinstance(answer(run(runner, RIGHT)), Returned), "the next one is as good as ever"


FILES = """
import fcntl, mmap, os, socket, time
def file(name, mib=24, remove=True):
    opened = os.open(name, os.O_RDWR | os.O_CREAT)
    if remove:
        os.unlink(name)
    os.posix_fallocate(opened, 0, mib * 2**20)
    return opened
"""
HELD = {
    "open": "kept = [file(f'u{n}') for n in range(3)]",
    "open_in_a_folder_that_is_gone": "os.mkdir('d'); os.chdir('d')\n"
    "    kept = [file(f'u{n}') for n in range(3)]; os.rmdir('../d')",
    "mapped": "kept = []\n"
    "    for n in range(3):\n"
    "        opened = file(f'u{n}')\n"
    "        kept.append(mmap.mmap(opened, 24 * 2**20, mmap.MAP_SHARED, mmap.PROT_READ)); os.close(opened)",
    "in_flight": "left, right = socket.socketpair()\n"
    "    for n in range(3):\n"
    "        opened = file(f'u{n}')\n"
    "        socket.send_fds(left, [b'x'], [opened]); os.close(opened)",
    "below_a_folder_that_may_not_be_read": "os.umask(0); os.mkdir('d', 0o300); os.chdir('d')\n"
    "    kept = [os.close(file(f'u{n}', remove=False)) for n in range(3)]",
    "by_a_descriptor_that_it_was_given": "given = [int(n) for n in os.listdir('/proc/self/fd')]\n"
    "    for n in given:\n"
    "        try:\n"
    "            os.posix_fallocate(n, 0, 2**20 * 24)\n"
    "        except OSError:\n"
    "            pass\n"
    "    file('f', 16, remove=False)",
}


@pytest.mark.parametrize("way", HELD)
def test_files_are_counted_wherever_they_are_held(runner: Runner, way: str) -> None:
    holding = FILES + f"def f(x):\n    {HELD[way]}\n    time.sleep(20)\n    return 2 * x"
    found = answer(run(runner, holding))
    assert isinstance(found, OverLimit)
    assert (found.limit, found.allowed) == ("disk", 32)


def test_folders_in_folders_end_at_their_depth_and_are_removed(runner: Runner) -> None:
    nesting = (
        "import os, time\ndef f(x):\n    for _ in range(1500):\n        os.mkdir('d'); os.chdir('d')\n"
        "    time.sleep(20)"
    )
    assert answer(run(runner, nesting)) == OverLimit("depth", 100)
    assert isinstance(answer(run(runner, RIGHT)), Returned)
    folders = [path for path in runner._folder.iterdir() if path.name.startswith("lab-")]  # noqa: SLF001 (its folder)
    assert len(folders) <= 2, "those of kernels that are ready"


BINDING = (
    "import socket, time\ndef f(x):\n"
    "    for n in range(12_000):\n"
    "        one = socket.socket(socket.AF_UNIX); one.bind(f'../wire/s{n}'); one.close()\n"
    "    time.sleep(20)"
)


def test_no_socket_gets_a_name(runner: Runner) -> None:
    found = answer(run(runner, BINDING))
    assert isinstance(found, Raised)
    assert found.kind == "PermissionError"


def test_sockets_that_have_names_are_counted_as_files_where_nothing_refuses_them() -> None:
    walls = tuple(name for name in walls_of() if name != "seccomp")
    with single_runner(walls=walls) as weaker:
        found = answer(run(weaker, BINDING, limits=Limits(60, 60, 120, memory_mib=600)))
    assert isinstance(found, OverLimit)
    assert (found.limit, found.allowed) == ("files", 10_000)


def test_threads_with_small_stacks_end_at_their_limit(runner: Runner) -> None:
    starting = (
        "import threading, time\ndef f(x):\n    threading.stack_size(32768)\n    stop = threading.Event()\n"
        "    for _ in range(6000):\n        threading.Thread(target=stop.wait, daemon=True).start()\n    time.sleep(20)"
    )
    found = answer(run(runner, starting))
    assert isinstance(found, OverLimit)
    assert (found.limit, found.allowed) == ("threads", 1000)


def test_the_tables_of_memory_are_memory(runner: Runner) -> None:
    """Reading one byte of each two megabytes costs no page of its own, and a table for it."""
    reading = (
        "import mmap, time\ndef f(x):\n    kept = []\n    for _ in range(32):\n"
        "        kept.append(mmap.mmap(-1, 2**33, mmap.MAP_PRIVATE | 0x4000, mmap.PROT_READ))\n"
        "        for place in range(0, 2**33, 2**21):\n            kept[-1][place]\n    time.sleep(20)"
    )
    found = answer(run(runner, reading, limits=replace(LIMITS, memory_mib=400)))
    assert isinstance(found, OverLimit)
    assert (found.limit, found.allowed) == ("memory", 400)


def test_many_threads_of_an_honest_notebook_are_not_too_many(runner: Runner) -> None:
    honest = (
        "from concurrent.futures import ThreadPoolExecutor\nimport time\ndef f(x):\n"
        "    with ThreadPoolExecutor(200) as pool:\n"
        "        return sum(pool.map(lambda _: time.sleep(.3) or x / 200, range(400)))"
    )
    assert isinstance(answer(run(runner, honest, limits=Limits(30, 30, 90))), Returned)


RAW = """
import os, select, socket, struct, time
app = get_ipython().kernel.parent
def connection(port):
    for name in os.listdir("/proc/self/fd"):
        try:
            one = socket.socket(fileno=os.dup(int(name)))
            listens = one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if one.family == socket.AF_UNIX and str(one.getsockname()).endswith(f"-{port}") and not listens:
                return one
        except OSError:
            continue
def write(one, data, until):
    view = memoryview(data)
    while view and time.time() < until:
        select.select([], [one], [], 0.1)
        try:
            view = view[one.send(view):]
        except BlockingIOError:
            pass
def f(x):
    one, until = connection(app.PORT), time.time() + 20
    try:
        while time.time() < until:
            write(one, FRAMES, until)
    except OSError:
        time.sleep(20)
    raise RuntimeError("sent")
"""
ENDLESS = {
    "large_frames_that_go_on": "struct.pack('>BQ', 3, 7 * 2**20) + bytes(7 * 2**20)",
    "small_frames_that_go_on": "(bytes([1, 100]) + bytes(100)) * 1000",
    "empty_frames_that_go_on": "bytes([1, 0]) * 2**16",
    "one_frame_of_exabytes": "struct.pack('>BQ', 2, 2**62) + bytes(2**20)",
    "commands": "(bytes([4, 5]) + b'\\x04PING') * 1000",
    "no_frames": "b'\\xff' * 2**16",
}


@pytest.mark.parametrize("port", ["shell_port", "iopub_port"])
@pytest.mark.parametrize("frames", ENDLESS)
def test_frames_written_by_hand_are_bounded_and_told(runner: Runner, frames: str, port: str) -> None:
    done = answer(run(runner, RAW.replace("PORT", port).replace("FRAMES", ENDLESS[frames])))
    assert done in {OverLimit("output", 8), OverLimit("messages", 20)}


def test_a_connection_that_was_closed_costs_a_moment(runner: Runner) -> None:
    closing = RAW.partition("def f")[0] + (
        "def f(x):\n    connection(app.shell_port).shutdown(socket.SHUT_RDWR)\n    time.sleep(20)\n    return 2 * x"
    )
    assert answer(run(runner, closing)) == Died(9)


@pytest.mark.parametrize("part", ["[],", "{},", '{"":0},', '"\\u4e2d",'], ids=["lists", "objects", "names", "texts"])
def test_many_values_in_few_bytes_are_no_message(runner: Runner, part: str) -> None:
    """14 MiB of empty objects take 400."""
    forged = CHANNEL + (
        "def f(x):\n"
        "    parent, ident = kernel.get_parent('shell'), kernel._shell_parent_ident.get()\n"
        "    session = kernel.session\n"
        f"    content = b'[' + {part.encode()!r} * 1_500_000 + b'0]'\n"
        "    first = [session.pack(one) for one in (session.msg_header('ask_reply'), parent['header'], {})]\n"
        "    frames = [*first, b'{\"observations\":' + content + b'}']\n"
        "    kernel.shell_stream.send_multipart([*ident, b'<IDS|MSG>', session.sign(frames), *frames])\n"
        "    kernel.shell_stream.flush()\n"
        "    raise RuntimeError('honest')"
    )
    assert isinstance(answer(run(runner, forged)), Raised | OverLimit | TimedOut)
