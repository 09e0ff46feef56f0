"""What every wall does, measured in real processes: what it says it closes is closed, and a kernel works inside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from grader.sandbox.isolation import calls, probes, wall
from grader.sandbox.isolation.policy import Policy, read_policy, write_policy
from grader.sandbox.isolation.readable import is_within, readable, roots
from grader.system import system_of

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.kernel

WALLS = tuple(path.stem for path in (Path(wall.__file__).parent / "walls").glob("[!_]*.py"))
linux = pytest.mark.skipif(sys.platform != "linux", reason="walls of Linux")

INSIDE = """
import json, os, sys
from grader.sandbox.isolation import wall
from grader.sandbox.isolation.policy import read_policy
from grader.sandbox.isolation.probes import closed
policy = read_policy(sys.argv[1])
entered = wall.enter(policy)
standing = wall.put_up(policy, entered)
print(json.dumps([standing.up, dict(standing.missing), closed(policy)]))
sys.stdout.flush()
os._exit(0)
"""


@pytest.fixture
def policy(tmp_path: Path) -> Callable[..., Policy]:
    """Return a maker of policies, with folders as a kernel has them."""

    def make(*walls: str, processes: bool = False) -> Policy:
        for name in ("home", "wire", "data", "forbidden"):
            (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / "forbidden/canary").write_bytes(b"canary")
        (tmp_path / "data/digits").write_bytes(b"data")
        return Policy(
            home=tmp_path / "home",
            wire=tmp_path / "wire",
            data=tmp_path / "data",
            forbidden=tmp_path / "forbidden",
            parent=os.getpid(),
            processes=processes,
            walls=walls,
        )

    return make


def behind(policy: Policy, code: str = INSIDE) -> subprocess.CompletedProcess[str]:
    """Run code in a process that is given a policy."""
    return subprocess.run(
        [sys.executable, "-P", "-c", code, write_policy(policy)],
        cwd=policy.home,
        env={"OPENBLAS_NUM_THREADS": "1", "PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def needs(done: subprocess.CompletedProcess[str], name: str) -> list[str]:
    """Return what was found closed; skip where this system does not give the wall at all."""
    assert done.returncode == 0, done.stderr
    up, missing, closed = json.loads(done.stdout)
    if name in missing:
        pytest.skip(f"{name} cannot be had here: {missing[name]}")
    assert name in up
    found: list[str] = closed
    return found


@pytest.mark.parametrize("name", sorted({"none", *wall.walls_of()} - {"sandbox_exec"}))
def test_a_wall_closes_what_it_says(policy: Callable[..., Policy], name: str) -> None:
    closed = needs(behind(policy(name)), name)
    said = __import__(f"grader.sandbox.isolation.walls.{name}", fromlist=["CLOSES"]).CLOSES
    assert said <= set(closed)


@linux
def test_the_whole_wall_closes_everything_that_is_tried(policy: Callable[..., Policy]) -> None:
    done = behind(policy(*wall.walls_of("linux")))
    assert set(needs(done, "namespaces")) == set(probes.PROBES)


@linux
def test_a_wall_that_cannot_be_had_is_left_out_and_the_reason_told(policy: Callable[..., Policy]) -> None:
    code = INSIDE.replace(
        "policy = read",
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\npolicy = read",
    )
    done = behind(policy("rlimits", "landlock"), code)
    up, missing, closed = json.loads(done.stdout)
    assert (up, list(missing)) == (["rlimits"], ["landlock"])
    assert "read" not in closed


REFUSED_BY_SECCOMP = """
import ctypes, fcntl, os, socket, struct
libc = ctypes.CDLL(None)
left, right = socket.socketpair()
folder = os.open(".", os.O_RDONLY)
owner = struct.pack("ii", 1, os.getppid())
acts = {
    "F_SETOWN": lambda: fcntl.fcntl(left, fcntl.F_SETOWN, os.getppid()),
    "F_SETOWN_EX": lambda: fcntl.fcntl(left, 15, owner),
    "F_SETSIG": lambda: fcntl.fcntl(left, 10, 9),
    "F_SETLEASE": lambda: fcntl.fcntl(folder, 1024, fcntl.F_RDLCK),
    "F_NOTIFY": lambda: fcntl.fcntl(folder, 1026, 2),
    "FIOSETOWN": lambda: fcntl.ioctl(left, 0x8901, owner),
    "SIOCSPGRP": lambda: fcntl.ioctl(left, 0x8902, owner),
    "hiding": lambda: libc.prctl(4, 0, 0, 0, 0) == 0 or 1 / 0,
    "io_setup": lambda: call("io_setup", 1, ctypes.byref(ctypes.c_ulong())),
}
found = []
for name, act in acts.items():
    try:
        act()
        found.append(name)
    except (OSError, ZeroDivisionError):
        continue
from grader.sandbox.isolation.probes import closed
print(json.dumps([[], {}, [*found, *{"signal"} - set(closed(policy))]]))
sys.stdout.flush(); os._exit(0)
"""


@linux
def test_no_process_is_signalled_as_the_owner_of_a_file_and_no_file_is_leased(policy: Callable[..., Policy]) -> None:
    """With seccomp alone: neither Landlock nor a namespace helps."""
    code = INSIDE.partition("print(")[0] + "from grader.sandbox.isolation.linux import call\n" + REFUSED_BY_SECCOMP
    done = behind(policy("seccomp"), code)
    assert json.loads(done.stdout)[2] == [], done.stderr
    code = code.replace("wall.put_up(policy, entered)", "None")
    open_without = json.loads(behind(policy("none"), code).stdout)[2]
    assert {"F_SETOWN", "FIOSETOWN", "io_setup", "signal"} <= set(open_without), "else the test shows nothing"


@linux
def test_a_forked_process_keeps_no_file_however_high_its_number_is(policy: Callable[..., Policy]) -> None:
    code = textwrap.dedent("""
        import os, resource
        from grader.sandbox.isolation.linux import close_above
        os.dup2(0, 900); os.dup2(0, 40)
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, 1000))
        close_above(2)
        print(*sorted(name for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}")))
    """)
    assert behind(policy("none"), code).stdout.split() == ["0", "1", "2"]


@linux
def test_memory_that_files_share_is_a_kernels_own_or_there_is_none(policy: Callable[..., Policy]) -> None:
    code = INSIDE.partition("print(")[0] + textwrap.dedent("""
        try:
            open("/dev/shm/left", "x").close()
            print("written")
        except OSError:
            print("refused")
        sys.stdout.flush(); os._exit(0)
    """)
    left = Path("/dev/shm/left")  # noqa: S108 (the one of the system)
    for walls in (("landlock",), ("capabilities", "rlimits", "landlock", "seccomp")):
        assert behind(policy(*walls, processes=True), code).stdout.split() == ["refused"]
        assert not left.exists()
    assert behind(policy(*wall.walls_of("linux"), processes=True), code).stdout.split() == ["written"]
    assert not left.exists()


@linux
@pytest.mark.parametrize("walls", [("capabilities", "rlimits", "landlock", "seccomp"), wall.walls_of("linux")])
def test_what_a_notebook_needs_is_there(policy: Callable[..., Policy], walls: tuple[str, ...]) -> None:
    code = INSIDE.partition("print(")[0] + textwrap.dedent("""
        import ctypes, decimal, random, socket, sqlite3, ssl, tempfile, threading, zoneinfo
        import numpy as np
        from pathlib import Path
        assert (policy.data / "digits").read_bytes() == b"data"
        np.save("own.npy", np.ones(3))
        assert np.load("own.npy").sum() == 3
        os.rename("own.npy", "other.npy"); os.makedirs("a/b"); os.remove("other.npy"); os.removedirs("a/b")
        Path("x").write_text("x"); os.chmod("x", 0o600)
        thread = threading.Thread(target=print, args=("thread",)); thread.start(); thread.join()
        left, right = socket.socketpair(); left.send(b"x"); assert right.recv(1) == b"x"
        assert os.urandom(4) and zoneinfo.ZoneInfo("Asia/Taipei")
        os.kill(os.getpid(), 0); os.getpriority(os.PRIO_PROCESS, 0)
        print("well"); sys.stdout.flush(); os._exit(0)
    """)
    done = behind(policy(*walls), code)
    assert done.stdout.split() == ["thread", "well"], done.stderr


@linux
def test_programs_may_be_started_where_the_lab_says_so_and_see_no_more(policy: Callable[..., Policy]) -> None:
    code = INSIDE.partition("print(")[0] + textwrap.dedent("""
        import subprocess
        print(subprocess.run(["cat", "/proc/self/comm"], capture_output=True, text=True).stdout.strip())
        print(subprocess.run(["cat", str(policy.forbidden / "canary")], capture_output=True).returncode)
        sys.stdout.flush(); os._exit(0)
    """)
    done = behind(policy(*wall.walls_of("linux"), processes=True), code)
    assert done.stdout.split() == ["cat", "1"], done.stderr


@linux
def test_the_process_ends_as_the_kernel_ended(policy: Callable[..., Policy]) -> None:
    """Also where the kernel is in a namespace, and another process passes it on."""
    code = INSIDE.partition("print(")[0]
    assert behind(policy(*wall.walls_of("linux")), code + "os._exit(7)").returncode == 7
    died = "import signal; os.kill(os.getpid(), signal.SIGSEGV)"
    assert behind(policy(*wall.walls_of("linux")), code + died).returncode == -11


@linux
def test_a_kernel_does_not_outlive_the_process_that_started_it(policy: Callable[..., Policy]) -> None:
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    orphan = read_policy(
        write_policy(policy(*wall.walls_of("linux"))).replace(
            f'"parent": {os.getpid()}', f'"parent": {int(gone.stdout)}'
        )
    )
    assert behind(orphan).returncode == 1


def test_a_policy_is_read_as_it_was_written(policy: Callable[..., Policy]) -> None:
    one = policy("landlock", processes=True)
    assert read_policy(write_policy(one)) == one


def test_other_systems_have_other_walls(
    policy: Callable[..., Policy], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from grader.sandbox.isolation.walls import sandbox_exec  # noqa: PLC0415 (as it is found by its name)

    assert wall.walls_of("win32") == ("job_object",)
    assert wall.walls_of("darwin") == ("sandbox_exec", "rlimits")
    one = policy(*wall.walls_of("darwin"))
    assert wall.around(one) == [], "there is no such program here"
    monkeypatch.setattr(sandbox_exec, "PROGRAM", tmp_path)
    program, flag, profile = wall.around(one)
    assert (program, flag) == (str(tmp_path), "-p")
    assert "(deny network*)" in profile
    assert f'(allow file-write* (subpath "{one.home.resolve()}")' in profile
    assert "(deny process-fork)" in profile
    assert "(deny process-fork)" not in sandbox_exec.profile(policy("sandbox_exec", processes=True))


def test_a_job_object_holds_programs_memory_and_the_kernels_end(
    policy: Callable[..., Policy], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows is asked for it: whether Windows does it can only be seen there."""
    asked: list[dict[str, object]] = []
    windows = ModuleType("windows")
    vars(windows)["enter_job"] = lambda **limits: asked.append(limits)
    monkeypatch.setitem(sys.modules, "grader.sandbox.isolation.windows", windows)
    monkeypatch.delitem(sys.modules, "grader.sandbox.isolation.walls.job_object", raising=False)
    wall.hold(["job_object"])
    one = policy("job_object")
    assert wall.put_up(one, wall.WallStatus((), {})).up == ("job_object",)
    wall.put_up(policy("job_object", processes=True), wall.WallStatus((), {}))
    wall.tighten(["job_object"], {"memory_mib": 64, "cpu_seconds": 1})
    assert asked == [{"ends_with_this": True}, {"processes": 1}, {"processes": None}, {"memory": 64 * 2**20}]


def test_a_system_without_signals_is_not_sent_any(
    policy: Callable[..., Policy], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows the number 0 is Ctrl-C, and would end the worker."""
    sent: list[int] = []
    monkeypatch.setattr(probes, "HERE", system_of("win32"))
    monkeypatch.setattr(os, "kill", lambda _, number: sent.append(number))
    probes.PROBES["signal"](policy())
    assert sent == []


@linux
def test_nothing_readable_holds_the_graders_package() -> None:
    package = str(Path(wall.__file__).parents[2])
    found = readable(processes=False)
    assert not [
        path for path in (*found.trees, *found.files) if is_within(package, str(path)) or is_within(str(path), package)
    ]


@linux
def test_what_lies_beside_the_hidden_package_stays_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "lib/site-packages"
    for name in ("grader", "numpy", "labgrader-1.dist-info"):
        (site / name).mkdir(parents=True)
    (site / "six.py").touch()
    monkeypatch.setattr(sys, "path", [str(site)])
    found = readable(processes=False, hidden=site / "grader")
    assert site / "numpy" in found.trees
    assert site / "six.py" in found.files
    assert found.listed == (site,)
    assert str(site) in {str(tree) for tree in roots(processes=False, hidden=site / "grader").trees}


@pytest.mark.skipif(not Path("/usr/include/asm-generic/unistd.h").exists(), reason="no kernel headers here")
def test_the_numbers_of_the_calls_are_the_kernels() -> None:
    tables = ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm-generic/unistd.h")
    for column, table in enumerate(tables):
        if not Path(table).exists():
            continue
        lines = (
            line.split() for line in Path(table).read_text("ascii").splitlines() if line.startswith("#define __NR")
        )
        known = {
            line[1].removeprefix("__NR3264_").removeprefix("__NR_"): line[2]
            for line in lines
            if line[2:] and line[2].isdigit()
        }
        for name, numbers in calls.NUMBERS.items():
            assert known.get(name, str(numbers[column])) == str(numbers[column]), name
