"""System calls of Linux that Python has no function for. An error of the system is raised as OSError."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import signal
import sys
from functools import cache
from pathlib import Path

from grader.sandbox.isolation.calls import MACHINES, NUMBERS

if sys.platform != "linux":
    raise ImportError("Linux alone")  # mypy leaves the rest out

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
PR_CAPBSET_DROP = 24
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MADV_COLLAPSE, LARGE_PAGE = 25, 2**21
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2


def machine() -> int:
    """Return this machine's column of `calls.NUMBERS`; raise OSError where it has none."""
    if platform.machine() not in MACHINES:
        raise OSError(errno.ENOSYS, "the wall knows no system calls of this machine")
    return MACHINES.index(platform.machine())


def call(name: str, *arguments: object) -> int:
    """Make a system call that is in the table."""
    number = NUMBERS[name][machine()]
    if number is None:
        raise OSError(errno.ENOSYS, name)
    return call_number(number, *arguments)


def call_number(number: int, *arguments: object) -> int:
    """Make a system call by its number; whole numbers are passed as C longs."""
    words = [ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments]
    return _checked(_libc().syscall(ctypes.c_long(number), *words))


def control(option: int, *arguments: int) -> int:
    """Make a prctl call."""
    words = [*arguments, 0, 0, 0, 0][:4]
    return _checked(_libc().prctl(option, *(ctypes.c_ulong(word) for word in words)))


def mount(source: Path | str, target: Path | str, *, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a file system, or bind a folder or file to another place."""
    words = (os.fsencode(source), os.fsencode(target), kind.encode() or None)
    _checked(_libc().mount(*words, ctypes.c_ulong(flags), options.encode() or None))


def die_with_parent() -> None:
    """Have the system kill this process when the one that started it ends."""
    control(PR_SET_PDEATHSIG, signal.SIGKILL)


def close_above(highest: int) -> None:
    """Close every file above a descriptor: a forked process has those of the one that it was forked from.

    They are looked up: one may be higher than the limit, which may have been lowered since it was opened.
    """
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 (all at once: they are closed meanwhile)
        if int(name) > highest:
            with contextlib.suppress(OSError):  # the one that was listed by
                os.close(int(name))


def be_called(name: str) -> None:
    """Name this process, which was forked, for `ps` and `top` (15 bytes at most)."""
    with contextlib.suppress(OSError):  # nothing depends on it
        Path("/proc/self/comm").write_text(name, "ascii")


def gather_memory() -> None:
    """Move this process' own memory into large pages, where the system can (Linux 6.1, madvise(2)).

    A fork copies an entry for each page: with large pages it takes less than half the time.
    """
    with Path("/proc/self/maps").open("rb") as maps:
        lines = [line.split() for line in maps]
    for place, rights, *_, owner in lines:
        if rights.startswith(b"rw") and owner in {b"0", b"[heap]"}:  # inode 0 and no name
            first, last = (int(word, 16) for word in place.split(b"-"))
            first, last = -(-first // LARGE_PAGE) * LARGE_PAGE, last // LARGE_PAGE * LARGE_PAGE
            if first < last:
                _libc().madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), MADV_COLLAPSE)


def refuse_new_privileges() -> None:
    """Make sure that no program started from here gains privileges: Landlock and seccomp require it."""
    control(PR_SET_NO_NEW_PRIVS, 1)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
