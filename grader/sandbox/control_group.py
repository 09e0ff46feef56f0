"""Control groups (cgroups(7)): the system itself bounds the memory and the tasks of each kernel, where it lets us.

    the grader's own group
     +- grade-XXXXXXXX     made for one forkserver
         +- grader         version 2 alone: the grader, the forkserver, the workers
         +- 1, 2, 3 …      one for each kernel, with its limits

Version 2 lets no group hold both processes and bounded groups: so the grader moves to a leaf, and it does that only
where it is alone in a group that was delegated to it. Version 1 has a hierarchy for memory and one for tasks, and no
word for delegation: a group below the top is its maker's (a service manager, a runner of jobs), which finds and ends
its processes by it, so nothing is moved out of it even where root could. Where there is no such group, none is used.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT, OWN = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
CONTROLLERS = ("memory", "pids")
ALL, NONE = "+memory +pids", "-memory -pids"
PROCESSES, DIVIDED_BY = "cgroup.procs", "cgroup.subtree_control"
LEAF = "grader"
MIB = 2**20
REMOVING_SECONDS = 5.0
"""How long killed processes may take to leave a group: giving back gigabytes takes a second."""


@dataclass(frozen=True, slots=True)
class KernelGroup:
    """The control group of one kernel: a folder in each hierarchy; none where the system offers none."""

    folders: tuple[Path, ...] = ()

    def enter(self) -> None:
        """Have this process in it from now on, with what it forks; memory that it has already is charged elsewhere."""
        for folder in self.folders:
            _set(folder / PROCESSES, 0)

    def lacked_memory(self) -> bool:
        """Say whether the system has ended a process in it for want of memory."""
        return any(_count(folder / name) for folder in self.folders for name in ("memory.events", "memory.oom_control"))

    def kill(self) -> None:
        """Kill every process in it, whatever session that is in."""
        if sys.platform == "win32":
            return
        for folder in self.folders:
            for number in _processes_in(folder):
                if number > 0:  # one of another process namespace is 0, which would be our own process group
                    with suppress(ProcessLookupError):
                        os.kill(number, signal.SIGKILL)

    def remove(self) -> bool:
        """Remove it if all processes have left it; say whether it is gone."""
        return not [folder for folder in self.folders if not _is_removed(folder)]


NO_GROUP = KernelGroup()


@dataclass(frozen=True, slots=True)
class ControlGroups:
    """What was made for one forkserver: a folder in each hierarchy, which holds the groups of its kernels."""

    folders: tuple[Path, ...] = ()
    home: Path | None = None
    """The group of version 2 that the grader came from, where there is one."""

    def for_kernel(self, number: int, *, memory_mib: int, tasks: int) -> KernelGroup:
        """Make the group of one kernel; what the system refuses is left out, and is polled for as elsewhere."""
        made = []
        for folder in self.folders:
            with suppress(OSError):
                (folder / str(number)).mkdir()
                made.append(folder / str(number))
        for folder in made:
            _bound(folder, memory_mib * MIB, tasks)
        return KernelGroup(tuple(made))

    def remove(self, seconds: float = REMOVING_SECONDS) -> None:
        """End what is left of the kernels, go back, and remove all; what a process does not leave in time stays."""
        if self.home is not None:
            self._go_back(self.home)
        until = time.monotonic() + seconds
        while [folder for folder in self.folders if not _is_cleared(folder)] and time.monotonic() < until:
            time.sleep(0.01)

    def _go_back(self, home: Path) -> None:
        for folder in (*self.folders, home):
            _set(folder / DIVIDED_BY, NONE)
        _set(home / PROCESSES, 0)

    def words(self) -> list[str]:
        """Return what `read_groups` takes."""
        return [str(self.home or ""), *map(str, self.folders)]


NO_GROUPS = ControlGroups()


def read_groups(words: Sequence[str]) -> ControlGroups:
    """Return the groups that `words` was asked of; none where there are no words."""
    home, *folders = words or [""]
    return ControlGroups(tuple(map(Path, folders)), Path(home) if home else None)


def make_control_groups(root: Path = ROOT, own: Path = OWN) -> ControlGroups:
    """Make what the groups of kernels lie in, wherever the system lets this process; version 2 moves it to a leaf."""
    folders: list[Path] = []
    home = None
    with suppress(OSError):  # as on a system without control groups
        for line in own.read_text("utf-8").splitlines():
            _, controllers, path = [*line.split(":", 2), "", ""][:3]
            with suppress(OSError):  # as where they may not be written
                if not controllers and path and (group := _delegated(root, path)):
                    folders.append(_divide(group))
                    home = group
                elif controllers in CONTROLLERS and path == "/":
                    folders.append(_new_in(root / controllers))
    return ControlGroups(tuple(folders), home)


def _delegated(root: Path, path: str) -> Path | None:
    """Return the own group of version 2, if this process is alone in it and may divide it."""
    group = (root / "unified" if (root / "unified").is_dir() else root) / path[1:]
    offered = (group / "cgroup.controllers").read_text("utf-8").split()
    is_free = set(CONTROLLERS) <= set(offered) and _processes_in(group) == [os.getpid()]
    return group if is_free and (path == "/" or _is_ours(group)) else None


def _is_ours(group: Path) -> bool:
    """Say whether a group was delegated: it is this user's, or marked (systemd's documentation, CGROUP_DELEGATION)."""
    if sys.platform != "linux":
        return False
    if os.geteuid():
        return group.stat().st_uid == os.geteuid()
    for name in ("user.delegate", "trusted.delegate"):
        with suppress(OSError):  # it has no such mark
            return os.getxattr(group, name) == b"1"
    return False


def _divide(home: Path) -> Path:
    """Move this process from its group to a leaf below, and return the new group beside which kernels get theirs."""
    folder = _new_in(home)
    try:
        (folder / LEAF).mkdir()
        for file, word in ((folder / LEAF / PROCESSES, "0"), *((one / DIVIDED_BY, ALL) for one in (home, folder))):
            file.write_text(word, "ascii")
    except OSError:
        ControlGroups((folder,), home).remove()
        raise
    return folder


def _new_in(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix="grade-", dir=folder))


def _bound(folder: Path, memory: int, tasks: int) -> None:
    """Set the limits of a group, each where the hierarchy has it."""
    _set(folder / "memory.max", memory)
    _set(folder / "memory.swap.max", 0)
    _set(folder / "memory.oom.group", 1)
    _set(folder / "memory.limit_in_bytes", memory)
    _set(folder / "memory.memsw.limit_in_bytes", memory)  # with swap; never less than the one before it
    _set(folder / "pids.max", tasks)


def _set(file: Path, value: int | str) -> None:
    with suppress(OSError), file.open("r+b", buffering=0) as opened:  # the hierarchy has no such file, or refuses
        opened.write(str(value).encode())


def _count(file: Path) -> int:
    """Return how many processes the system has ended, as a file of counts says; 0 where there is no such file."""
    with suppress(OSError):
        words = file.read_text("ascii").split()
        return int(words[words.index("oom_kill") + 1]) if "oom_kill" in words else 0
    return 0


def _processes_in(folder: Path) -> list[int]:
    with suppress(OSError):  # it was removed
        return [int(word) for word in (folder / PROCESSES).read_text("ascii").split()]
    return []


def _is_cleared(folder: Path) -> bool:
    """Kill and remove what lies in a folder, and the folder; say whether it is gone. The leaf may hold the grader."""
    with suppress(FileNotFoundError):
        for inside in folder.iterdir():
            if inside.is_dir():
                group = KernelGroup((inside,))
                if inside.name != LEAF:
                    group.kill()
                group.remove()
    return _is_removed(folder)


def _is_removed(folder: Path) -> bool:
    with suppress(OSError):  # something is still in there
        folder.rmdir()
    return not folder.exists()
