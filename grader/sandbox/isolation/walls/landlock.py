"""Landlock: only listed parts of the file system may be read, and only the scratch folder may be written to.

Written out here because no library does what is needed: `landlock` 1.0 covers files alone, others are young, and the
student's code can reach any package that the kernel process imports. Source: the Linux kernel's
Documentation/userspace-api/landlock.rst. It restricts one thread, so it is put up while there is only one.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from grader.sandbox.isolation.linux import call_number, refuse_new_privileges
from grader.sandbox.isolation.readable import readable

if sys.platform != "linux":
    raise ImportError("Linux alone")  # mypy leaves the rest out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.sandbox.isolation.policy import Policy

CLOSES = frozenset({"read", "list", "write", "environment"})

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION = 1
PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, MAKE_SOCK = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 9
REFER, TRUNCATE = 1 << 13, 1 << 14
RIGHTS = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF}
"""All rights over files, by the ABI's version; from the fifth on there is one more, over devices."""
LATEST_RIGHTS = 0xFFFF

READ = READ_FILE | READ_DIR
WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
TCP = 0b11
SCOPES = 0b11
"""No connection to an abstract Unix socket outside, and no signal to a process outside."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def foresee() -> None:
    """Find out what may be read."""
    readable(processes=False)


def put_up(policy: Policy) -> None:
    """Restrict this process for good."""
    if threading.active_count() > 1 or len(list(Path("/proc/self/task").iterdir())) > 1:
        raise OSError(errno.EBUSY, "another thread would stay free")
    version = call_number(CREATE_RULESET, 0, 0, VERSION)
    handled = RIGHTS.get(version, LATEST_RIGHTS)
    attributes = _Ruleset(handled, TCP if version >= 4 else 0, SCOPES if version >= 6 else 0)  # noqa: PLR2004 (ABI)
    size = 8 if version < 4 else 16 if version < 6 else 24  # noqa: PLR2004 (same)
    ruleset = call_number(CREATE_RULESET, ctypes.byref(attributes), size, 0)
    try:
        for path, rights in _rules(policy):
            _allow(ruleset, path, rights & handled)
        refuse_new_privileges()
        call_number(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _rules(policy: Policy) -> Iterator[tuple[Path, int]]:
    found = readable(processes=policy.processes)
    reading = READ | EXECUTE if policy.processes else READ
    yield from ((path, reading) for path in (*found.trees, *found.files))
    yield from ((path, READ_DIR) for path in found.listed)
    yield Path("/proc/self"), READ  # this process' own folder, not the link
    yield Path("/dev/null"), READ_FILE | WRITE_FILE
    yield policy.data, READ
    yield policy.wire, READ | MAKE_SOCK | REMOVE_FILE
    yield policy.home, WRITE
    if policy.processes:
        yield Path("/proc"), READ  # each program's own; the environment and memory of those outside stay closed
        if not policy.forbidden.exists():  # a file system of its own: elsewhere the next submission would find it
            yield Path("/dev/shm"), WRITE  # noqa: S108 (where multiprocessing has its locks)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    """Add a rule; a path that no longer exists needs none."""
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        is_folder = os.path.isdir(f"/proc/self/fd/{opened}")  # noqa: PTH112 (a descriptor's own path)
        rule = _PathBeneath(rights if is_folder else rights & OF_A_FILE, opened)
        if rule.allowed:
            call_number(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(opened)
