"""Probes: forbidden things that a kernel tries, so that what the wall closes is measured and not assumed.

They run once, when the wall is up and before any student code. A probe raises OSError where the wall holds; where it
does not, the probe closes or removes what it has opened or made.
"""

from __future__ import annotations

import mmap
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.system import HERE

if sys.platform != "win32":
    import fcntl
    import resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.sandbox.isolation.policy import Policy

CREATE_SUSPENDED = 0x4
"""https://learn.microsoft.com/windows/win32/procthread/process-creation-flags: it runs nothing until it is ended."""


def closed(policy: Policy) -> tuple[str, ...]:
    """Return the names of the probes that were refused."""
    return tuple(name for name, probe in PROBES.items() if _is_refused(probe, policy))


def _is_refused(probe: Callable[[Policy], None], policy: Policy) -> bool:
    try:
        probe(policy)
    except OSError:
        return True
    return False


def _read(policy: Policy) -> None:
    (policy.forbidden / "canary").read_bytes()


def _list(policy: Policy) -> None:
    if not any(policy.forbidden.parent.iterdir()):
        raise FileNotFoundError


def _write(policy: Policy) -> None:
    (policy.forbidden / "written").write_bytes(b"")


def _stat(policy: Policy) -> None:
    (policy.forbidden / "canary").stat()


def _environment(policy: Policy) -> None:
    """Read the environment of the process that forked or started this one; refused as well where there is no /proc."""
    Path(f"/proc/{policy.parent}/environ").read_bytes()


def _processes(policy: Policy) -> None:
    Path(f"/proc/{policy.parent}").stat()


def _network(_: Policy) -> None:
    for family in (socket.AF_INET, socket.AF_INET6):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            try:
                socket.socket(family, kind).close()
            except OSError:
                continue
            return
    raise PermissionError


def _connect(policy: Policy) -> None:
    if sys.platform == "win32":
        return
    path = policy.wire / "probe"
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as caller:
        listener.bind(str(path))
        listener.listen(1)
        try:
            caller.connect(str(path))
        finally:
            path.unlink()


def _start(_: Policy) -> None:
    if sys.platform == "win32":
        with subprocess.Popen([sys.executable], creationflags=CREATE_SUSPENDED) as program:
            program.kill()
        return
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)


def _signal(policy: Policy) -> None:
    """Signal the process that forked or started this one: plainly, and as the owner of a file that has news.

    Windows closes neither. Its Python is not tried: it would send the number 0 as Ctrl-C.
    """
    if not HERE.has_signals:
        return
    try:
        os.kill(policy.parent, 0)
    except OSError:
        _own(policy)


def _own(policy: Policy) -> None:
    if sys.platform != "win32":
        with socket.socket(socket.AF_UNIX) as one:
            fcntl.fcntl(one, fcntl.F_SETOWN, policy.parent)


def _shared_memory(_: Policy) -> None:
    mmap.mmap(-1, mmap.PAGESIZE).close()


def _privileges(_: Policy) -> None:
    status = Path("/proc/self/status").read_text("ascii")
    if any(line.split()[1].strip("0") == "" for line in status.splitlines() if line.startswith("CapEff:")):
        raise PermissionError


def _core_files(_: Policy) -> None:
    if sys.platform == "win32" or resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        raise PermissionError


PROBES: dict[str, Callable[[Policy], None]] = {
    "read": _read,
    "list": _list,
    "write": _write,
    "stat": _stat,
    "environment": _environment,
    "processes": _processes,
    "network": _network,
    "connect": _connect,
    "start": _start,
    "signal": _signal,
    "shared_memory": _shared_memory,
    "privileges": _privileges,
    "core_files": _core_files,
}
