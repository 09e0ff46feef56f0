"""Each kernel has a control group where the system gives one that may be divided; nothing of it is left.

Version 2 is tried in a tree of plain files: what is written where. The rest is the system's own hierarchies.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from grader.model import Cell, Died, Limits, OverLimit, Question, Raised, Submission
from grader.sandbox.control_group import ControlGroups, KernelGroup, make_control_groups
from grader.sandbox.isolation.policy import Bounds, bounds_of
from grader.sandbox.pool import Pool, single_runner
from grader.sandbox.runner import RunSpec
from tests.processes import still_running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Told = Callable[..., float]
    Below = Callable[[str], list[psutil.Process]]

if sys.platform != "linux":
    pytest.skip("control groups are Linux' own", allow_module_level=True)

MIB = 2**20
ROOT = Path("/sys/fs/cgroup")
SPEC = RunSpec(questions=(Question("told", "it", ()),), limits=Limits(20, 10, 60), packages=("numpy",))
FILES = {
    "v2": ("cgroup.procs", "cgroup.subtree_control", "memory.max", "memory.swap.max", "memory.oom.group", "pids.max"),
    "memory": ("cgroup.procs", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes"),
    "pids": ("cgroup.procs", "pids.max"),
}


class Tree:
    """A cgroup file system of plain files, and what /proc/self/cgroup says of it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "cgroup"
        self.root.mkdir()
        self.own = folder / "own"

    def kind(self, folder: Path) -> str:
        """Return which files a folder has."""
        first = folder.relative_to(self.root).parts[:1]
        return first[0] if first and first[0] in FILES else "v2"

    def version_2(self, path: str, *, processes: tuple[int, ...] = (os.getpid(),)) -> Path:
        """Have this process in a group of version 2, with these processes, and return the group."""
        self.own.write_text(f"0::{path}\n")
        group = self.root / path[1:]
        group.mkdir(parents=True, exist_ok=True)
        (group / "cgroup.controllers").write_text("cpu memory pids\n")
        (group / "cgroup.procs").write_text("".join(f"{number}\n" for number in processes))
        (group / "cgroup.subtree_control").touch()
        return group

    def make(self) -> ControlGroups:
        """Make what the groups of kernels lie in."""
        return make_control_groups(self.root, self.own)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """Return a tree in which a new folder has a group's files, and is removed with them."""
    make, remove, tree = os.mkdir, os.rmdir, Tree(tmp_path)

    def mkdir(path: Any, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 (os.mkdir's)
        make(path, *arguments, **options)
        if Path(path).is_relative_to(tree.root):
            for name in FILES[tree.kind(Path(path))]:
                (Path(path) / name).touch()

    def rmdir(path: Any, **options: Any) -> None:  # noqa: ANN401 (os.rmdir's)
        if Path(path).is_relative_to(tree.root) and not any(one.is_dir() for one in Path(path).iterdir()):
            for one in Path(path).iterdir():
                one.unlink()
        remove(path, **options)

    monkeypatch.setattr(os, "mkdir", mkdir)
    monkeypatch.setattr(os, "rmdir", rmdir)
    return tree


def test_in_version_2_the_grader_moves_to_a_leaf_and_its_own_group_is_divided(tree: Tree) -> None:
    group = tree.version_2("/")
    groups = tree.make()
    [folder] = groups.folders
    assert folder.parent == group
    assert (folder / "grader" / "cgroup.procs").read_text() == "0"
    assert [(one / "cgroup.subtree_control").read_text() for one in (group, folder)] == ["+memory +pids"] * 2


def test_in_version_2_a_kernel_is_bounded_in_memory_without_swap_and_in_tasks_and_killed_whole(tree: Tree) -> None:
    tree.version_2("/")
    [folder] = tree.make().for_kernel(1, memory_mib=100, tasks=7).folders
    written = {name: (folder / name).read_text() for name in FILES["v2"]}
    assert int(written["memory.max"]) == 100 * MIB
    assert (written["memory.swap.max"], written["memory.oom.group"], written["pids.max"]) == ("0", "1", "7")


def test_in_version_2_the_grader_goes_back_and_nothing_is_left(tree: Tree) -> None:
    group = tree.version_2("/")
    groups = tree.make()
    groups.for_kernel(1, memory_mib=100, tasks=7)
    groups.remove(1)
    assert not [one for one in group.iterdir() if one.is_dir()]
    assert (group / "cgroup.procs").read_text().startswith("0")
    assert (group / "cgroup.subtree_control").read_text() == "-memory -pids"


def test_in_version_2_a_group_that_holds_other_processes_is_left_alone(tree: Tree) -> None:
    group = tree.version_2("/", processes=(1, os.getpid()))
    assert tree.make().folders == ()
    assert not [one for one in group.iterdir() if one.is_dir()]


@pytest.mark.parametrize(
    ("attribute", "divided"), [({}, 0), ({"user.delegate": b"1"}, 1), ({"user.delegate": b"0"}, 0)]
)
def test_in_version_2_a_group_further_down_is_divided_only_where_it_was_delegated(
    attribute: dict[str, bytes], divided: int, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_: object, name: str) -> bytes:
        if name not in attribute:
            raise OSError
        return attribute[name]

    tree.version_2("/system.slice/job.service")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "getxattr", read)
    assert len(tree.make().folders) == divided


def test_in_version_2_a_users_own_group_is_delegated(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    group = tree.version_2("/user.slice/run.scope")
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    assert tree.make().folders == (), "another user's"
    os.chown(group, 1234, -1) if os.getuid() == 0 else monkeypatch.setattr(os, "geteuid", os.getuid)
    assert len(tree.make().folders) == 1


def test_in_version_1_each_hierarchy_is_divided_by_itself_and_only_at_its_top(tree: Tree) -> None:
    """A group further down is its maker's, which finds and ends processes by it; version 1 delegates none."""
    for name in ("memory", "pids"):
        (tree.root / name).mkdir()
    tree.own.write_text("5:memory:/job/17\n4:pids:/\n1:name=systemd:/\n0::/\n")
    [folder] = tree.make().folders
    assert folder.parent == tree.root / "pids"
    tree.own.write_text("5:memory:/\n4:pids:/\n")
    groups = tree.make()
    memory, pids = groups.for_kernel(3, memory_mib=10, tasks=9).folders
    assert (memory / "memory.limit_in_bytes").read_text() == (memory / "memory.memsw.limit_in_bytes").read_text()
    assert int((memory / "memory.limit_in_bytes").read_text()) == 10 * MIB
    assert (pids / "pids.max").read_text() == "9"
    groups.remove(1)
    assert not any(folder.exists() for folder in groups.folders)


@pytest.mark.parametrize("said", ["", "0::/\n", "4:pids:/\n", "0::/gone\n", "nonsense\n"])
def test_where_the_system_offers_none_nothing_is_made(said: str, tree: Tree) -> None:
    tree.own.write_text(said)
    groups = tree.make()
    assert groups.folders == ()
    assert groups.for_kernel(1, memory_mib=1, tasks=1).folders == ()
    groups.remove(1)
    tree.own.unlink()
    assert tree.make().folders == ()


@pytest.mark.parametrize("name", ["memory.events", "memory.oom_control"])
def test_the_group_says_whether_memory_ended_something(name: str, tmp_path: Path) -> None:
    group = KernelGroup((tmp_path,))
    assert not group.lacked_memory()
    (tmp_path / name).write_text("oom 4\noom_kill 0\n")
    assert not group.lacked_memory()
    (tmp_path / name).write_text("oom 4\noom_kill 1\n")
    assert group.lacked_memory()


def test_the_bounds_of_a_launch_have_the_memory_of_the_lab() -> None:
    assert Bounds().memory_mib == Limits(1, 1, 1).memory_mib
    assert bounds_of(Limits(1, 1, 1, memory_mib=777)).memory_mib == 777


@pytest.fixture
def real() -> Iterator[ControlGroups]:
    """Return groups in the system's own hierarchies."""
    groups = make_control_groups()
    yield groups
    groups.remove()
    assert not any(folder.exists() for folder in groups.folders)


def folder_with(file: str, groups: ControlGroups | KernelGroup) -> Path:
    for folder in groups.folders:
        if (folder / file).exists():
            return folder
    pytest.skip(f"the system offers no group with {file} that may be divided")


BOMB = """
import os, sys, time
from pathlib import Path
from grader.sandbox.control_group import KernelGroup
KernelGroup(tuple(map(Path, sys.argv[1:]))).enter()
begun = 0
try:
    while begun < 200:
        if not os.fork():
            os.setsid()
            time.sleep(60)
            os._exit(0)
        begun += 1
except BlockingIOError:
    pass
print(begun, flush=True)
time.sleep(60)
"""


def bomb(group: KernelGroup) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", BOMB, *map(str, group.folders)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).resolve().parents[3])


@pytest.mark.kernel
def test_no_more_tasks_begin_than_a_group_has_room_for_and_none_escapes_its_end(real: ControlGroups) -> None:
    folder_with("cgroup.procs", real)
    group = real.for_kernel(1, memory_mib=500, tasks=20)
    folder = folder_with("pids.max", group)
    with bomb(group) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"19\n"
        inside = [psutil.Process(int(number)) for number in (folder / "cgroup.procs").read_text().split()]
        assert len(inside) == 20
        group.kill()
        assert process.wait(10) == -signal.SIGKILL
    assert still_running(inside, within=10) == []
    until = time.monotonic() + 10
    while not group.remove() and time.monotonic() < until:
        time.sleep(0.01)
    assert not folder.exists()


def groups_of(process: psutil.Process) -> list[Path]:
    """Return where a kernel's process is, in the hierarchies in which it has a group of its own."""
    found = []
    for line in Path(f"/proc/{process.pid}/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if "/grade-" in path and controllers in {"", "memory", "pids"}:
            found.append(ROOT / (controllers or ("unified" if (ROOT / "unified").exists() else "")) / path[1:])
    return found


def kernel_groups(below: Below, seconds: float = 20) -> list[Path]:
    """Return the groups of the kernels below this process, once there are some; skip where there are none."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for kernel in below("grade-kernel"):
            try:
                if found := groups_of(kernel):
                    return found
            except OSError:  # it has just ended
                continue
        time.sleep(0.02)
    pytest.skip("the system offers no group that may be divided")


def is_gone(folders: list[Path], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while any(folder.exists() for folder in folders) and time.monotonic() < until:
        time.sleep(0.02)
    return not any(folder.exists() for folder in folders)


@pytest.mark.kernel
def test_a_kernel_is_in_a_group_with_the_limits_of_its_lab_and_the_grader_is_not(told: Told, below: Below) -> None:
    with single_runner(packages=["numpy"]) as runner:
        told(runner)
        groups = kernel_groups(below)
        for folder in groups:
            if (folder / "pids.max").exists():
                assert int((folder / "pids.max").read_text()) == 1100
            for name in ("memory.max", "memory.limit_in_bytes"):
                if (folder / name).exists():
                    assert 3072 + 256 < int((folder / name).read_text()) / MIB < 3072 + 256 + 256
        inside = {number for folder in groups for number in (folder / "cgroup.procs").read_text().split()}
        assert str(os.getpid()) not in inside
        assert not inside & {str(one.pid) for name in ("grade-server", "grade-worker") for one in below(name)}
    assert is_gone([folder.parent for folder in groups], 0)


@pytest.mark.kernel
def test_the_groups_of_kernels_that_have_ended_do_not_pile_up(told: Told, below: Below) -> None:
    with single_runner(packages=["numpy"]) as runner:
        for _ in range(4):
            told(runner)
        [folder, *_] = kernel_groups(below)
        time.sleep(0.5)
        assert len([one for one in folder.parent.iterdir() if one.is_dir() and one.name != "grader"]) <= 3


@pytest.mark.kernel
@pytest.mark.parametrize("name", ["grade-worker", "grade-server"])
def test_no_group_is_left_where_a_process_is_killed(name: str, told: Told, below: Below) -> None:
    with Pool() as pool:
        pool.preload(["numpy"])
        with pool.runner() as runner:
            told(runner)
            groups = kernel_groups(below)
            below(name)[0].kill()
            assert told(runner) == 0.0
            assert is_gone(groups)
    assert is_gone([folder.parent for folder in groups], 0)


GRADER = """
import time
from pathlib import Path
from grader.model import Cell, Limits, Question, Submission
from grader.sandbox.pool import single_runner
from grader.sandbox.runner import RunSpec
spec = RunSpec(questions=(Question("told", "it", ()),), limits=Limits(60, 10, 100))
with single_runner() as runner:
    runner.run(Submission("s001", Path("s001.ipynb"), (Cell(1, "while True: pass"),), ""), spec)
"""


@pytest.mark.kernel
def test_no_group_is_left_where_the_grader_is_killed(below: Below) -> None:
    grader = subprocess.Popen([sys.executable, "-c", GRADER], cwd=Path(__file__).resolve().parents[3])
    try:
        groups = kernel_groups(below)
    finally:
        grader.kill()
        grader.wait()
    assert is_gone([folder.parent for folder in groups])


BOMBS = {
    "processes": "import os\ndef told():\n    while True:\n        try: os.fork()\n        except OSError: pass",
    "threads": (
        "import threading, time\nthreading.stack_size(2**16)\ndef told():\n    while True:\n"
        "        try: threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n"
        "        except RuntimeError: pass"
    ),
}


@pytest.mark.kernel
@pytest.mark.parametrize("limit", BOMBS)
def test_a_bomb_is_told_as_the_limit_and_never_passes_its_group(limit: str, below: Below) -> None:
    seen: list[int] = []
    stop = threading.Event()
    spec = replace(SPEC, limits=Limits(20, 10, 60, processes=4))

    def look(folder: Path) -> None:
        with contextlib.suppress(OSError):  # the group is gone, perhaps since this was opened
            while not stop.wait(0.005):
                seen.append(int((folder / "pids.current").read_text()))

    with single_runner(packages=["numpy"]) as runner:
        runner.isolation(spec.limits)
        [folder, *_] = [one for one in kernel_groups(below) if (one / "pids.max").exists()] or [pytest.skip("no pids")]
        assert int((folder / "pids.max").read_text()) == 1104
        watching = threading.Thread(target=look, args=(folder,))
        watching.start()
        run = runner.run(Submission("s001", Path("s001.ipynb"), (Cell(1, BOMBS[limit]),), "0"), spec)
        stop.set()
        watching.join()
    assert isinstance(run.observations[0], OverLimit)
    assert run.observations[0].limit == limit
    assert max(seen) <= 1104
    assert is_gone([folder.parent], 0)


MANY = "import threading, time\nthreading.stack_size(2**{stack})\ndef begin():\n    for _ in range(6000):\n"
MANY += "        threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n"


@pytest.mark.kernel
def test_a_thread_that_the_group_refuses_is_told_as_the_limit_in_a_call_and_in_a_cell() -> None:
    small = MANY.format(stack=15)
    cell = Submission("s001", Path("s001.ipynb"), (Cell(1, small + "begin()"),), "0")
    call = Submission("s001", Path("s001.ipynb"), (Cell(1, small + "told = begin"),), "0")
    with single_runner(packages=["numpy"]) as runner:
        [seen] = runner.run(call, SPEC).observations
        assert isinstance(seen, OverLimit)
        assert (seen.limit, seen.allowed) == ("threads", 1000)
        [stop] = runner.run(cell, SPEC).cells
        assert isinstance(stop.over, OverLimit)
        assert stop.over.limit == "threads"


@pytest.mark.kernel
def test_a_thread_that_is_refused_for_another_reason_is_told_as_pythons_own_error() -> None:
    """Here the stacks are too much memory, after some dozens of threads."""
    large = Submission("s001", Path("s001.ipynb"), (Cell(1, MANY.format(stack=25) + "told = begin"),), "0")
    with single_runner(packages=["numpy"]) as runner:
        [seen] = runner.run(large, SPEC).observations
    assert isinstance(seen, Raised)
    assert seen.kind == "RuntimeError"


FAST = """
import mmap
def told():
    held = []
    for _ in range(40):
        held.append(mmap.mmap(-1, 64 * 2**20))  # shared: RLIMIT_DATA does not count it
        held[-1].write(bytes(64 * 2**20))
    return 1.0
"""


@pytest.mark.kernel
def test_memory_that_grows_between_two_polls_is_told_as_the_limit(below: Below) -> None:
    spec = replace(SPEC, limits=Limits(20, 10, 60, memory_mib=512, disk_mib=16, processes=4))
    with single_runner(packages=["numpy"]) as runner:
        runner.isolation(spec.limits)
        if not any(
            (one / name).exists()
            for one in kernel_groups(below)
            for name in FILES["v2"] + FILES["memory"][1:]
            if name.startswith("memory")
        ):
            pytest.skip("the system offers no group for memory that may be divided")
        run = runner.run(Submission("s001", Path("s001.ipynb"), (Cell(1, FAST),), "0"), spec)
    assert isinstance(run.observations[0], OverLimit)
    assert run.observations[0].limit == "memory"


@pytest.mark.kernel
def test_a_kernel_that_its_group_ends_for_memory_is_told_as_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The group is a plain folder here, in which the system's count is written by hand."""
    source = "import os, signal, time\ndef told():\n    time.sleep(1)\n    os.kill(os.getpid(), signal.SIGKILL)"
    ends = Submission("s001", Path("s001.ipynb"), (Cell(1, source),), "0")
    monkeypatch.setattr("grader.sandbox.forkserver_process.make_control_groups", lambda: ControlGroups((tmp_path,)))
    with single_runner(walls=("capabilities", "rlimits", "landlock")) as runner:
        assert runner.run(ends, SPEC).observations == (Died(signal.SIGKILL),)
        runner.isolation(SPEC.limits)  # the next kernel is there
        for kernel in tmp_path.iterdir():
            (kernel / "memory.events").write_text("oom 2\noom_kill 1\n")
        seen = runner.run(ends, SPEC).observations
        for kernel in tmp_path.iterdir():
            (kernel / "memory.events").unlink(missing_ok=True)
    assert seen == (OverLimit("memory", SPEC.limits.memory_mib),)
    assert not tmp_path.exists()
