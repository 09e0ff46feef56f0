"""What the operating system offers. Whatever depends on it asks here for a thing, and not for the system's name.

`sys.platform` stands elsewhere only where a module of Python has other names on another system, so that mypy leaves
those lines out; tests/grader/test_architecture.py has the list.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CREATE_NEW_PROCESS_GROUP = 0x00000200
"""https://learn.microsoft.com/windows/win32/procthread/process-creation-flags: Ctrl-C is then for the starter alone."""
LONGEST_WAIT = 0.2
"""In seconds: how long the first thread may wait for another one at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What one operating system offers to this program."""

    name: str
    """Python's name of it: which walls it has, and how to get more, is looked up by it."""
    forks: bool
    """Whether processes may be forked once libraries are loaded."""
    ends_children: bool
    """Whether it kills a process on request when the one that started it ends. Else a kernel watches its parent."""
    has_signals: bool
    """Whether a process can be sent signals, and has a parent that changes when its own ends."""
    has_socket_files: bool
    """Whether ZeroMQ has sockets that are files; else kernels listen on this machine's own address."""
    waits_on_pipes: bool
    """Whether `select` takes a pipe; else a thread must read it."""
    has_proc: bool
    """Whether /proc tells what a process uses, beside what psutil knows."""
    has_code_pages: bool
    """Whether text in files and pipes is in an encoding of the country, unless UTF-8 is asked for."""
    group_flags: int
    """What Popen's `creationflags` need, beside `start_new_session`, so that Ctrl-C does not reach the new process."""


def system_of(name: str) -> System:
    """Return what a system offers, by the name that `sys.platform` has for it."""
    posix = name != "win32"
    return System(
        name=name,
        forks=name == "linux",  # macOS' own libraries end a forked process that uses them
        ends_children=name == "linux",
        has_signals=posix,
        has_socket_files=posix,
        waits_on_pipes=posix,
        has_proc=name == "linux",
        has_code_pages=not posix,
        group_flags=0 if posix else CREATE_NEW_PROCESS_GROUP,
    )


HERE = system_of(sys.platform)


def has_ended(parent: int) -> bool:
    """Say whether the process that started this one, or started its launcher, has ended. `parent` is its number."""
    if HERE.has_signals:
        return os.getppid() != parent
    import psutil  # noqa: PLC0415 (only where the parent's number stays when it has ended)

    return not psutil.pid_exists(parent)


def interface_language() -> str:
    """Return the language of the user interface as "zh_TW", where no variable of the environment tells it; else ""."""
    if sys.platform != "win32":
        return ""
    import ctypes  # noqa: PLC0415 (only there)
    import locale  # noqa: PLC0415 (same)

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")


def waits(seconds: float) -> Iterator[float]:
    """Yield how long to wait at once, until `seconds` are over: Windows hears Ctrl-C only between two waits for a lock.

    https://docs.python.org/3/library/threading.html#threading.Lock.acquire
    """
    until = monotonic() + seconds
    while (left := until - monotonic()) > LONGEST_WAIT:
        yield LONGEST_WAIT
    yield max(0.0, left)
