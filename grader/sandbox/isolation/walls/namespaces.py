"""Namespaces: no other process, no network, and a file system in which few files even exist.

They are entered at the kernel's start, by two forks: the first process stays outside and passes on how the kernel
ended; the second is the namespace's init, and everything in the namespace dies with it. The file system is changed
later, once what the kernel needs is loaded. Source: namespaces(7), user_namespaces(7), pivot_root(2).
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import resource
import select
import signal
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.sandbox.isolation.linux import (
    MNT_DETACH,
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_REC,
    PR_SET_DUMPABLE,
    call,
    control,
    die_with_parent,
    mount,
)
from grader.sandbox.isolation.policy import MOST_FILES
from grader.sandbox.isolation.readable import PACKAGE, SYSTEM_FILES, is_within, roots

if sys.platform != "linux":
    raise ImportError("Linux alone")  # mypy leaves the rest out

if TYPE_CHECKING:
    from grader.sandbox.isolation.policy import Policy

CLOSES = frozenset({"stat", "processes", "environment", "read", "write", "signal"})

NEW_MOUNT, NEW_UTS, NEW_IPC, NEW_USER, NEW_PID, NEW_NET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 1 << 30
ALL = NEW_MOUNT | NEW_UTS | NEW_IPC | NEW_USER | NEW_PID | NEW_NET
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
READ_ONLY = 1
SHARED_MEMORY = "/dev/shm"  # noqa: S108 (where multiprocessing has its locks)
SHARED_ROOM = f"size=64m,nr_inodes={MOST_FILES}"
SPARE_MIB, SPARE_FILES = 1, 100
"""What passes a limit is to be seen over it: the file system holds a little more."""
REFUSED = 97
LOST = 98


def foresee() -> None:
    """Find out whether the system gives namespaces, and what is bound into one."""
    _is_given()
    roots(processes=False)


def enter(policy: Policy) -> None:  # noqa: ARG001 (a wall's signature)
    """Go on in new namespaces; raise OSError where the system does not give them, with nothing changed."""
    if not _is_given():
        raise OSError(errno.EPERM, "user namespaces are not allowed here")
    _unshare(ALL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reads, writes = os.pipe()
    init = os.fork()
    if init:
        os.close(writes)
        _end_as(reads, init)
    os.close(reads)
    _be_init(writes)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    with contextlib.suppress(OSError):  # a container may mask /proc: the old one stays, and the probes show it
        mount("proc", "/proc", kind="proc", flags=MS_NOSUID | MS_NODEV | MS_NOEXEC)


def put_up(policy: Policy) -> None:
    """Move to a file system in which what the kernel may not read does not exist."""
    new = policy.forbidden
    mount("none", new, kind="tmpfs", flags=MS_NOSUID | MS_NODEV, options="size=4m,mode=755")
    try:
        _fill(new, policy)
        _make_read_only(new, 0)
        os.chdir(new)
        call("pivot_root", b".", b".")
    except OSError:
        os.chdir(policy.home)
        call("umount2", os.fsencode(new), MNT_DETACH)
        raise
    call("umount2", b".", MNT_DETACH)
    os.chdir(policy.home)


@functools.cache  # the system's answer stays the same, and forking a large process takes long
def _is_given() -> bool:
    """Try it in a process of its own: there is no way back out of half a namespace."""
    child = os.fork()
    if not child:
        try:
            _unshare(NEW_USER | NEW_MOUNT)  # AppArmor lets it happen, and then gives no rights in it
            mount("none", "/", flags=MS_REC | MS_PRIVATE)
        except OSError:
            os._exit(REFUSED)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def _unshare(what: int) -> None:
    user, group = os.getuid(), os.getgid()
    call("unshare", what)
    Path("/proc/self/setgroups").write_text("deny", "ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")


def _end_as(reads: int, init: int) -> None:
    """Wait outside, and end as the kernel ends, with the same exit status or signal."""
    status = os.read(reads, 8)
    os.waitpid(init, 0)
    ended = int(status) if status else -signal.SIGKILL
    if ended < 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if -ended not in {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(-ended, signal.SIG_DFL)
        os.kill(os.getpid(), -ended)
    os._exit(max(ended, 0))


def _be_init(writes: int) -> None:
    """Fork once more: return in the child; as the init, reap whatever dies, and write down how the child ended."""
    die_with_parent()
    outside = select.poll()
    outside.register(writes, 0)
    if outside.poll(0):  # nobody reads: the process outside ended before that call
        os._exit(LOST)
    control(PR_SET_DUMPABLE, 0)  # nobody but root may look into it
    kernel = os.fork()
    if not kernel:
        control(PR_SET_DUMPABLE, 1)
        os.close(writes)
        return
    while True:
        process, status = os.wait()
        if process == kernel:
            os.write(writes, str(os.waitstatus_to_exitcode(status)).encode())
            os._exit(0)


def _fill(new: Path, policy: Policy) -> None:
    """Bind all that the kernel needs to the same paths below `new`."""
    found = roots(processes=policy.processes)
    for folder in (*found.trees, policy.data):
        _bind(folder, new, read_only=True)
    there = ["/proc", *map(str, found.trees)]
    for name in dict.fromkeys(map(os.path.realpath, SYSTEM_FILES)):
        if os.path.exists(name) and not any(is_within(name, folder) for folder in there):  # noqa: PTH110 (faster)
            _bind(Path(name), new, read_only=True)
    for path in (Path("/proc"), Path("/dev/null"), policy.wire):
        _bind(path, new, read_only=False)
    _make_home(new, policy)
    if PACKAGE.exists() and (place := _below(new, PACKAGE)).is_dir():
        mount("none", place, kind="tmpfs", flags=MS_NOSUID | MS_NODEV, options="size=4k,mode=755")
    if policy.processes:
        _below(new, Path(SHARED_MEMORY)).mkdir(parents=True)
        mount("none", _below(new, Path(SHARED_MEMORY)), kind="tmpfs", flags=MS_NOSUID | MS_NODEV, options=SHARED_ROOM)
    for name in (*map(str, found.names), *SYSTEM_FILES, sys.executable):
        _link(name, new)


def _make_home(new: Path, policy: Policy) -> None:
    """Give the kernel a working folder that the system bounds and counts, or where it does not, the one outside."""
    place = _below(new, policy.home)
    if policy.bounded:
        place.mkdir(parents=True)
        room = f"size={policy.disk_mib + SPARE_MIB}m,nr_inodes={MOST_FILES + SPARE_FILES},mode=700"
        with contextlib.suppress(OSError):
            mount("none", place, kind="tmpfs", flags=MS_NOSUID | MS_NODEV, options=room)
            return
    _bind(policy.home, new, read_only=False)


def _bind(path: Path, new: Path, *, read_only: bool) -> None:
    place = _below(new, path)
    if path.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    mount(path, place, flags=MS_BIND | MS_REC)
    if read_only:
        _make_read_only(place, AT_RECURSIVE)


def _make_read_only(place: Path, flags: int) -> None:
    attributes = struct.pack("QQQQ", READ_ONLY, 0, 0, 0)
    with contextlib.suppress(OSError):  # before Linux 5.12; Landlock lets nothing be written either
        call("mount_setattr", AT_FDCWD, os.fsencode(place), flags, attributes, len(attributes))


def _link(path: str, new: Path) -> None:
    """Make the symbolic links on the way to `path`, as they are outside."""
    parts = path.split("/")
    for length in range(2, len(parts) + 1):
        part = "/".join(parts[:length])
        if os.path.islink(part):  # noqa: PTH114 (pathlib is slow, and these are many)
            place, target = _below(new, Path(part)), os.readlink(part)  # noqa: PTH115 (same)
            if not os.path.lexists(place):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.symlink_to(target)
            _link(os.path.normpath("/".join([os.path.dirname(part), target, *parts[length:]])), new)  # noqa: PTH120
            return


def _below(new: Path, path: Path) -> Path:
    return Path(f"{new}{path}")
