"""A working folder that the system bounds: what it refuses is told as the limit, and nothing is left of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.model import Cell, Limits, OverLimit, Question, Raised, Returned, Submission
from grader.sandbox.isolation.policy import Bounds
from grader.sandbox.isolation.wall import walls_of
from grader.sandbox.pool import single_runner
from grader.sandbox.protocol import Job
from grader.sandbox.runner import Runner, RunSpec
from grader.sandbox.worker import kernel as kernel_process
from grader.sandbox.worker import kernels as kernels_of
from grader.sandbox.worker.bounded_folder import OutOfReachError, refused
from grader.sandbox.worker.kernels import Kernels
from grader.sandbox.worker.launch import Plan
from grader.sandbox.worker.session import KernelSession
from tests.loop import run_in_loop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Observation, Run
    from grader.sandbox.worker.kernel import Kernel

pytestmark = [pytest.mark.kernel, pytest.mark.skipif(sys.platform != "linux", reason="the wall of Linux")]

LIMITS = Limits(10, 5, 60, memory_mib=800, disk_mib=32)
RIGHT = "def f(x):\n    return 2 * x"
FULL, MANY = OverLimit("disk", 32), OverLimit("files", 10_000)
JOB = Job(
    cells=(Cell(1, "open('mine', 'w').close()"),),
    questions=(),
    limits=LIMITS,
    packages=(),
    helpers=None,
    mnist=None,
    training=None,
    seed=1,
)
WAYS = {
    "a file": ("open('big', 'wb').write(bytes(40 * 2**20))", FULL),
    "a file that is removed": (
        "import tempfile\n    with tempfile.TemporaryFile() as file: file.write(bytes(40 * 2**20))",
        FULL,
    ),
    "small files that are removed": (
        (
            "import tempfile\n    with tempfile.TemporaryDirectory() as folder:\n"
            "        for n in range(100): open(f'{folder}/{n}', 'wb').write(bytes(2**20))"
        ),
        FULL,
    ),
    "many files that are removed": (
        (
            "import tempfile\n    with tempfile.TemporaryDirectory() as folder:\n"
            "        for n in range(12_000): open(f'{folder}/{n}', 'w').close()"
        ),
        MANY,
    ),
    "many folders": ("import os\n    for n in range(12_000): os.mkdir(f'd{n}')", MANY),
    "an array": ("import numpy as np\n    np.save('big', np.zeros(5 * 2**20))", FULL),
    "a database": (
        (
            "import sqlite3\n    base = sqlite3.connect('base')\n    base.execute('create table t (x)')\n"
            "    for _ in range(40): base.execute('insert into t values (zeroblob(1048576))')"
        ),
        FULL,
    ),
    "room that is asked for": (
        (
            "import os, tempfile\n    file = tempfile.TemporaryFile()\n"
            "    os.posix_fallocate(file.fileno(), 0, 40 * 2**20)"
        ),
        FULL,
    ),
    "a long file of nothing": ("open('holes', 'wb').truncate(2**40)", FULL),
    "an array in files": (
        (
            "import numpy as np\n"
            "    for n in range(3): np.memmap(f'm{n}', mode='w+', shape=20 * 2**20, dtype=np.uint8)[:] = 1"
        ),
        FULL,
    ),
    "an error of its own": (
        (
            "import tempfile\n    try:\n"
            "        with tempfile.TemporaryFile() as file: file.write(bytes(40 * 2**20))\n"
            "    except OSError as error: raise ValueError('not saved') from error"
        ),
        FULL,
    ),
    "what is left where the error is caught": (
        "try:\n        open('big', 'wb').write(bytes(40 * 2**20))\n    except OSError: pass",
        FULL,
    ),
}


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with single_runner() as running:
        if running.isolation().level != "strong":
            pytest.skip("there are no namespaces here")
        yield running


def run(runner: Runner, *sources: str, limits: Limits = LIMITS, helpers: Path | None = None) -> Run:
    cells = tuple(Cell(number, source) for number, source in enumerate(sources, 1))
    submission = Submission("s001", Path("s001.ipynb"), cells, "", helpers=helpers)
    return runner.run(submission, RunSpec(questions=(Question("f", "c", (2.0,)),), limits=limits))


def answer(run: Run) -> Observation:
    [observation] = run.observations
    return observation


def limit(over: object) -> OverLimit | None:
    """Return the limit alone: what was reached is not the same where the system was first, and where it was seen."""
    return OverLimit(over.limit, over.allowed) if isinstance(over, OverLimit) else None


@pytest.mark.parametrize("way", WAYS)
def test_what_a_call_cannot_store_is_told_as_the_limit(runner: Runner, way: str) -> None:
    act, expected = WAYS[way]
    for _ in range(2):
        seen = answer(run(runner, f"def f(x):\n    {act}\n    return 2 * x"))
        assert limit(seen) == expected, seen


@pytest.mark.parametrize("way", WAYS)
def test_what_a_cell_cannot_store_is_told_as_the_limit(runner: Runner, way: str) -> None:
    act, expected = WAYS[way]
    done = run(runner, f"def g(x):\n    {act}\ng(1)", RIGHT)
    assert [(stop.place.cell, limit(stop.over)) for stop in done.cells] == [(1, expected)]
    assert isinstance(answer(done), Returned), "the other cells are run"


def test_what_stays_within_the_limit_is_no_matter(runner: Runner) -> None:
    writing = "def f(x):\n    open('file', 'wb').write(bytes(31 * 2**20))\n    return 2 * x"
    assert isinstance(answer(run(runner, writing)), Returned)


def test_an_error_that_only_looks_like_it_is_the_notebooks_own() -> None:
    assert refused("[Errno 2] No such file or directory: 'x'", LIMITS, bounded=True) is None
    assert refused("[Errno 28] No space left on device", LIMITS, bounded=False) is None, "the disk may be full"
    assert refused("[Errno 27] File too large", LIMITS, bounded=False) == FULL
    assert refused("[Errno 28] No space left on device: 'a' -> 'b'", LIMITS, bounded=True) == FULL
    assert refused("[Errno 28] No space left on device: 'a: b'", LIMITS, bounded=True) == MANY


def test_helper_files_are_there_and_can_only_be_spoiled_as_copies(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner/tables.py").write_text("TWO = 2", "utf-8")
    (tmp_path / "numbers.txt").write_text("3", "utf-8")
    using = "from inner.tables import TWO\nopen('numbers.txt', 'a').write('4')\ndef f(x):\n    return TWO * x"
    assert isinstance(answer(run(runner, using, helpers=tmp_path)), Returned)
    assert (tmp_path / "numbers.txt").read_text("utf-8") == "3"


def test_nothing_that_a_notebook_writes_is_on_the_disk_or_left(runner: Runner) -> None:
    names = [path.name for path in runner._folder.rglob("*")]  # noqa: SLF001 (there is no other way to see it)
    looking = "import os\ndef f(x):\n    open('mine', 'w').write('x' * 10_000)\n    return 2 * x"
    with runner.session(
        Submission("s001", Path("s001.ipynb"), (Cell(1, looking),), ""),
        RunSpec(questions=(Question("f", "c", (2.0,)),), limits=LIMITS),
    ) as session:
        assert isinstance(session.run.observations[0], Returned)
        assert not list(runner._folder.rglob("mine"))  # noqa: SLF001 (same)
        assert len(list(runner._folder.rglob("*"))) <= len(names) + 30  # noqa: SLF001 (same)


def test_no_socket_gets_a_name_and_no_folder_beside_the_own_one_is_written_to(runner: Runner) -> None:
    for act in (
        "socket.socket(socket.AF_UNIX).bind('../wire/mine')",
        "socket.socket(socket.AF_UNIX).bind('mine')",
        "open('../wire/mine', 'w')",
        "os.mkdir('../mine')",
        "os.rename('../wire', 'wire')",
    ):
        seen = answer(run(runner, f"import os, socket\ndef f(x):\n    {act}\n    return 2 * x"))
        assert isinstance(seen, Raised), act


class Ready:
    """Stands for a kernel that is ready."""

    async def kill(self) -> None:
        """End it."""


def launches(monkeypatch: pytest.MonkeyPatch, *taken: Bounds) -> list[Plan]:
    """Take kernels with such bounds, one after another; return the plans of all that were launched."""
    plans: list[Plan] = []

    async def launch(plan: Plan) -> Any:  # noqa: ANN401 (a kernel, by its methods)
        plans.append(plan)
        return Ready()

    async def wait(_: object) -> None:
        """Be ready at once."""

    async def act() -> None:
        kernels = Kernels(Plan(Path(), ()), starts_ahead=True)
        await kernels.start_ahead()
        for bounds in taken:
            await kernels.ready(bounds)
            await kernels.take(bounds)
        await kernels.close()

    monkeypatch.setattr(kernels_of, "launch_kernel", launch)
    monkeypatch.setattr(kernels_of, "wait_until_ready", wait)
    run_in_loop(act())
    return plans


def test_a_lab_with_limits_of_its_own_costs_one_more_launch_and_any_other_none(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, other = Bounds(), Bounds(disk_mib=64)
    assert [plan.bounds for plan in launches(monkeypatch, usual, usual)] == [usual] * 3, "with the next one"
    assert [plan.bounds for plan in launches(monkeypatch, other, other)] == [usual, *[other] * 3]


def test_the_bounds_of_a_launch_are_those_of_a_lab_that_sets_none() -> None:
    limits = Limits(1, 1, 1)
    assert (Bounds().processes, Bounds().disk_mib) == (limits.processes, limits.disk_mib)


def test_where_it_cannot_be_looked_into_a_kernel_has_the_folder_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OutOfReachError

    async def written(kernels: Kernels) -> list[str]:
        taken: list[Kernel] = []

        async def take(bounds: Bounds) -> Kernel:
            taken.append(await kernels.take(bounds))
            return taken[-1]

        session = KernelSession(JOB, take)
        try:
            await session.run()
            return [path.name for path in taken[-1].scratch.iterdir()]
        finally:
            await session.close()
            await kernels.close()

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(kernel_process, "open_bounded", refuse)
    (tmp_path / "data").mkdir()
    assert "mine" in run_in_loop(written(Kernels(Plan(tmp_path, walls_of("linux")), starts_ahead=False)))
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_however_often_a_kernel_is_waited_for_nothing_of_its_folder_stays_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def left_open(kernels: Kernels) -> list[Path]:
        bounds = Plan(tmp_path, walls_of("linux")).bounds
        for _ in range(2):
            await kernels.ready(bounds)
        kernel = await kernels.take(bounds)
        opened = _opened_on(kernel.scratch)
        await kernel.kill()
        await kernels.close()
        return opened

    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    assert len(run_in_loop(left_open(Kernels(Plan(tmp_path, walls_of("linux")), starts_ahead=False)))) <= 1


def _opened_on(place: Path) -> list[Path]:
    """Return what this process has open on the file system of a folder."""
    return [one for one in Path("/proc/self/fd").iterdir() if one.exists() and one.stat().st_dev == place.stat().st_dev]
