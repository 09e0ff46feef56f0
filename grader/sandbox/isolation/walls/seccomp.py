"""seccomp: system calls that no notebook needs are refused, and so are calls that Linux does not have yet.

Written out here because `pyseccomp` has been dormant since 2021 and needs a library of the system; the filter is a few
comparisons of numbers. Source: the Linux kernel's Documentation/userspace-api/seccomp_filter.rst and linux/filter.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.sandbox.isolation.calls import NEWEST, NUMBERS, REFUSED
from grader.sandbox.isolation.linux import call, machine, refuse_new_privileges

if sys.platform != "linux":
    raise ImportError("Linux alone")  # mypy leaves the rest out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.sandbox.isolation.policy import Policy

CLOSES = frozenset({"network", "connect", "start", "signal", "shared_memory"})

PROCESSES = ("fork", "vfork", "execve", "execveat", "link", "linkat")
"""The links are for locks between processes."""
PRETENDED = ("chmod", "fchmod", "fchmodat", "fchmodat2", "utime", "utimes", "futimesat", "utimensat")
"""Landlock does not refuse these on any file of the user's. They do nothing and report success: copying works then."""
UNKNOWN = ("clone3", "openat2")
"""Their flags lie behind a pointer, which a filter cannot follow; the C library does without them."""

AF_UNIX, AF_NETLINK, SOCK_STREAM, SOCK_KIND = 1, 16, 1, 0xF
CLONE_FILES, CLONE_THREAD = 0x400, 0x10000
OWN_THREAD = CLONE_FILES | CLONE_THREAD
"""A thread has the open files of its process: those of its own would not be counted."""
CLONE_NAMESPACES = 0x7E020080
MAP_SHARED_ANONYMOUS = 0x21
O_TRUNC, O_ACCMODE = 0o1000, 0o3
SCHED_OTHER = 0
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
FIOSETOWN, SIOCSPGRP = 0x8901, 0x8902
F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY = 8, 10, 15, 1024, 1026
"""A file's owner is sent a signal, of any number, when something happens to the file: fcntl(2)."""
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_PTRACER = 1, 4, 36, 0x59616D61
"""One that may not be dumped hides its open files as well, and they could not be counted."""

LOAD, AND, EQUAL, GREATER, RETURN = 0x20, 0x54, 0x15, 0x25, 0x06
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
ARCHITECTURES = (0xC000003E, 0xC00000B7)
SET_MODE_FILTER, FOR_ALL_THREADS = 1, 1


@dataclass(frozen=True, slots=True)
class Rule:
    """Which values one argument of a call, its lower 32 bits under a mask, must have, or must not have."""

    call: str
    argument: int
    values: tuple[int, ...]
    error: int
    mask: int = 0xFFFFFFFF
    refuse: bool = False
    """Refuse these values and allow others, instead of the other way round."""


def put_up(policy: Policy) -> None:
    """Filter the system calls of this process and all its threads, for good."""
    _load(program_of(policy))


def tighten(**_: int) -> None:
    """Refuse names for sockets, once the kernel's own have theirs: each would stay as a file. No filter follows."""
    _load(_program([("bind", errno.EPERM), ("seccomp", errno.EPERM)], ()))


def _load(program: bytes) -> None:
    code = ctypes.create_string_buffer(program)
    whole = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code)))
    refuse_new_privileges()
    call("seccomp", SET_MODE_FILTER, FOR_ALL_THREADS, whole)


def program_of(policy: Policy) -> bytes:
    """Return the filter: the comparisons of a call's number and arguments, in order."""
    return _program(_names(policy), _rules(policy))


def _program(names: Iterable[tuple[str, int]], rules: Iterable[Rule]) -> bytes:
    column = machine()
    lines: list[tuple[int, int, int, int]] = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (EQUAL, 1, 0, ARCHITECTURES[column]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
        (GREATER, 0, 1, NEWEST),  # also the x32 calls, which have a bit set that is higher
        (RETURN, 0, 0, ERROR | errno.ENOSYS),
    ]
    for name, error in names:
        if (number := NUMBERS[name][column]) is not None:
            lines += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ERROR | error)]
    for rule in rules:
        if (number := NUMBERS[rule.call][column]) is not None:
            block = list(_lines(rule))
            lines += [(EQUAL, 0, len(block), number), *block]
    lines.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def _names(policy: Policy) -> Iterator[tuple[str, int]]:
    yield from ((name, errno.EPERM) for name in REFUSED)
    yield from ((name, 0) for name in PRETENDED)
    yield from ((name, errno.ENOSYS) for name in UNKNOWN)
    yield (
        "connect",
        errno.ECONNREFUSED,
    )  # an error that libzmq accepts, and that spares IPython's debugger client a wait
    if not policy.processes:
        yield from ((name, errno.EPERM) for name in PROCESSES)


def _rules(policy: Policy) -> Iterator[Rule]:
    own = os.getpid()
    yield Rule("socket", 0, (AF_NETLINK,), error=errno.EOPNOTSUPP, refuse=True)  # else libzmq ends the process
    for name in ("socket", "socketpair"):
        yield Rule(name, 0, (AF_UNIX,), error=errno.EAFNOSUPPORT)
        yield Rule(name, 1, (SOCK_STREAM,), error=errno.EPROTONOSUPPORT, mask=SOCK_KIND)
    yield Rule("prlimit64", 0, (0, own), error=errno.EPERM)
    yield Rule("sched_setaffinity", 0, (0, own), error=errno.EPERM)
    yield Rule("sched_setscheduler", 1, (SCHED_OTHER,), error=errno.EPERM)  # libzmq asks for it for its threads
    yield Rule("ioctl", 1, (TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP), error=errno.EPERM, refuse=True)
    owner = (F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY)
    yield Rule("fcntl", 1, owner, error=errno.EPERM, refuse=True)
    own_only = (PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_PTRACER)
    yield Rule("prctl", 0, own_only, error=errno.EPERM, refuse=True)
    yield Rule("open", 1, (O_TRUNC,), error=errno.EPERM, mask=O_TRUNC | O_ACCMODE, refuse=True)
    yield Rule("openat", 2, (O_TRUNC,), error=errno.EPERM, mask=O_TRUNC | O_ACCMODE, refuse=True)
    if policy.processes:
        yield Rule("clone", 0, (0,), error=errno.EPERM, mask=CLONE_NAMESPACES)
        return
    yield Rule("clone", 0, (OWN_THREAD,), error=errno.EPERM, mask=OWN_THREAD | CLONE_NAMESPACES)
    yield Rule("kill", 0, (own,), error=errno.EPERM)
    yield Rule("tgkill", 0, (own,), error=errno.EPERM)
    yield Rule("mmap", 3, (MAP_SHARED_ANONYMOUS,), error=errno.EPERM, mask=MAP_SHARED_ANONYMOUS, refuse=True)


def _lines(rule: Rule) -> Iterator[tuple[int, int, int, int]]:
    """Yield a rule's comparisons. A call that passes goes on with its number loaded again."""
    yield LOAD, 0, 0, ARGUMENTS_AT + 8 * rule.argument
    yield AND, 0, 0, rule.mask
    if rule.refuse:
        for value in rule.values:
            yield EQUAL, 0, 1, value
            yield RETURN, 0, 0, ERROR | rule.error
    else:
        for left, value in zip(reversed(range(len(rule.values))), rule.values, strict=True):
            yield EQUAL, left + 1, 0, value
        yield RETURN, 0, 0, ERROR | rule.error
    yield LOAD, 0, 0, NUMBER_AT
