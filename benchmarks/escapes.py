"""What the escape battery tries from inside: each act succeeds where it is open, and raises where a wall closes it.

battery.py runs this file as text in a process behind a wall, where it cannot be imported.
"""

# An escape is written as the system call that it is, with the numbers that it takes.
# ruff: noqa: PTH101, PTH102, PTH104, PTH107, PTH111, PTH116, PTH118, PTH123, PTH208, PTH211, S108, PLR2004

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import mmap
import os
import platform
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if sys.platform != "linux":
    raise ImportError("Linux alone")  # mypy leaves the rest out

if TYPE_CHECKING:
    from collections.abc import Callable

Outside = dict[str, Any]
"""What is there to be reached: files, sockets and processes that the battery made outside."""

LIBC = ctypes.CDLL(None, use_errno=True)
NUMBERS = {
    "x86_64": {
        "io_uring_setup": 425,
        "bpf": 321,
        "userfaultfd": 323,
        "memfd_create": 319,
        "add_key": 248,
        "shmget": 29,
        "io_setup": 206,
    },
    "aarch64": {
        "io_uring_setup": 425,
        "bpf": 280,
        "userfaultfd": 282,
        "memfd_create": 279,
        "add_key": 217,
        "shmget": 194,
        "io_setup": 0,
    },
}
MORE_NUMBERS = {
    "x86_64": {"msgget": 68, "mq_open": 240, "process_vm_readv": 310, "perf_event_open": 298, "pidfd_open": 434},
    "aarch64": {"msgget": 186, "mq_open": 180, "process_vm_readv": 270, "perf_event_open": 241, "pidfd_open": 434},
}


PERF = struct.pack("II", 1, 112) + bytes(104)
PROMISED = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000
"""Memory that is not reserved: nothing but a limit refuses it."""


def call(name: str, *arguments: object) -> int:
    """Make a system call; raise OSError where it is refused."""
    numbers = {**NUMBERS.get(platform.machine(), {}), **MORE_NUMBERS.get(platform.machine(), {})}
    result = int(LIBC.syscall(numbers[name], *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), name)
    return result


def function(name: str, *arguments: object) -> None:
    """Call a function of the C library; raise OSError where it is refused."""
    if getattr(LIBC, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), name)


def reach(family: int, kind: int, address: Any) -> None:  # noqa: ANN401 (an address of any family)
    """Connect, and send something."""
    with socket.socket(family, kind) as one:
        one.settimeout(1)
        one.connect(address)
        one.send(b"x")


def datagram(address: Any) -> None:  # noqa: ANN401 (same)
    """Send a datagram without connecting."""
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with left, right:
        left.sendto(b"x", address)


def mount() -> None:
    """Mount a file system, and take it away again."""
    function("mount", b"none", b".", b"tmpfs", 0, None)
    function("umount2", b".", 2)


def listen() -> None:
    """Offer a service."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()


def fork() -> None:
    """Start a process and reap it."""
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)


def other_processes() -> None:
    """See a process that is not this one or its own."""
    own = {os.getpid(), os.getppid(), 1}
    if not [name for name in os.listdir("/proc") if name.isdigit() and int(name) not in own]:
        raise FileNotFoundError


def mode_of(path: str) -> None:
    """Change a file's mode, and look whether it has changed: the call may only pretend."""
    before = os.stat(path).st_mode
    os.chmod(path, before ^ 0o010)
    if os.stat(path).st_mode == before:
        raise PermissionError


def time_of(path: str) -> None:
    """Change a file's time, and look whether it has changed."""
    os.utime(path, (1, 1))
    if os.stat(path).st_mtime != 1:
        raise PermissionError


def own(process: int) -> None:
    """Have the system signal a process when there is news of a file."""
    with socket.socket(socket.AF_UNIX) as one:
        fcntl.fcntl(one, fcntl.F_SETOWN, process)


def traced() -> None:
    """Look into another process as a debugger does."""
    function("ptrace", 16, OUTSIDE["sibling"], 0, 0)


def threads_without_end() -> None:
    """Take more memory for threads than any notebook needs."""
    stop = threading.Event()
    with contextlib.suppress(RuntimeError):
        for _ in range(2000):
            threading.Thread(target=stop.wait, daemon=True).start()
    count = threading.active_count()
    stop.set()
    if count < 2000:
        raise MemoryError


def acts(there: Outside) -> dict[str, Callable[[], object]]:
    """Return all acts under the names of what they do."""
    file, unlisted = there["file"], there["folder"]
    return {
        "read a file outside": lambda: Path(file).read_bytes(),
        "list a folder outside": lambda: os.listdir(unlisted),
        "see that a file exists": lambda: os.stat(file),
        "see a file's size by access": lambda: os.access(file, os.F_OK) or os.stat(file),
        "read /etc/passwd": lambda: Path("/etc/passwd").read_bytes(),
        "list the root folder's home": lambda: os.listdir(os.path.expanduser("~root")) or os.listdir("/home"),
        "list /tmp": lambda: os.listdir("/tmp"),
        "read the grader's source": lambda: Path(there["source"]).read_bytes(),
        "write a file outside": lambda: Path(unlisted, "written").write_bytes(b"x"),
        "append to a file outside": lambda: open(file, "ab").close(),
        "truncate a file outside": lambda: os.truncate(there["spoil"], 0),
        "empty a file by opening it": lambda: os.close(os.open(there["spoil"], os.O_RDONLY | os.O_TRUNC)),
        "remove a file outside": lambda: os.remove(there["remove"]),
        "rename a file outside": lambda: os.rename(there["rename"], there["rename"] + "2"),
        "make a folder outside": lambda: os.mkdir(os.path.join(unlisted, "made")),
        "make a symbolic link": lambda: os.symlink("/etc/passwd", "link"),
        "make a hard link": lambda: os.link(sys.modules["os"].__file__ or "", "hard"),
        "make a FIFO": lambda: os.mkfifo("fifo"),
        "change a file's mode": lambda: mode_of(file),
        "change a file's time": lambda: time_of(file),
        "change a file's owner": lambda: os.chown(file, os.getuid(), os.getgid()),
        "set an attribute of a file": lambda: os.setxattr(file, "user.x", b"x"),
        "watch a folder": lambda: function("inotify_add_watch", LIBC.inotify_init(), os.fsencode(unlisted), 2),
        "read the parent's environment": lambda: Path(f"/proc/{there['parent']}/environ").read_bytes(),
        "read the parent's memory map": lambda: Path(f"/proc/{there['parent']}/maps").read_bytes(),
        "see the parent's command": lambda: Path(f"/proc/{there['parent']}/cmdline").read_bytes(),
        "see other processes": other_processes,
        "read another process' memory": lambda: call("process_vm_readv", there["sibling"], 0, 0, 0, 0, 0),
        "trace another process": traced,
        "hold another process by pidfd": lambda: call("pidfd_open", there["sibling"], 0),
        "signal a sibling": lambda: os.kill(there["sibling"], 0),
        "signal the parent": lambda: os.kill(there["parent"], 0),
        "signal the group": lambda: os.killpg(os.getpgid(there["parent"]), 0),
        "signal the parent by a file's owner": lambda: own(there["parent"]),
        "leave the session": os.setsid,
        "fork": fork,
        "start a program": lambda: subprocess.run(["/bin/true"], check=True),
        "start a shell": lambda: subprocess.run("true", shell=True, check=True),  # noqa: S602, S607 (it is an escape)
        "connect by TCP": lambda: reach(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", there["tcp"])),
        "connect by UDP": lambda: reach(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", there["udp"])),
        "make a TCP socket": lambda: socket.socket().close(),
        "listen by TCP": listen,
        "make a raw netlink socket": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close(),
        "connect to a Unix socket": lambda: reach(socket.AF_UNIX, socket.SOCK_STREAM, there["unix"]),
        "send to a Unix datagram socket": lambda: datagram(there["datagram"]),
        "connect to an abstract socket": lambda: reach(socket.AF_UNIX, socket.SOCK_STREAM, there["abstract"]),
        "mount": mount,
        "change the root": lambda: function("chroot", b"."),
        "io_uring": lambda: call("io_uring_setup", 1, ctypes.create_string_buffer(120)),
        "asynchronous input and output": lambda: call("io_setup", 1, ctypes.byref(ctypes.c_ulong())),
        "userfaultfd": lambda: call("userfaultfd", 1),
        "performance events": lambda: call("perf_event_open", PERF, 0, -1, -1, 0),
        "a kernel key": lambda: call("add_key", b"user", b"x", b"x", 1, -3),
        "memory by memfd": lambda: call("memfd_create", b"x", 0),
        "memory shared between processes": lambda: mmap.mmap(-1, 4096).close(),
        "memory of System V": lambda: call("shmget", 0, 4096, 0o1600),
        "a message queue of System V": lambda: call("msgget", 0, 0o1600),
        "lift a limit": lambda: resource.setrlimit(resource.RLIMIT_CORE, (1, 1)),
        "limit another process": lambda: resource.prlimit(there["sibling"], resource.RLIMIT_NOFILE),
        "a file of a gigabyte": lambda: os.truncate(os.open("big", os.O_RDWR | os.O_CREAT), 2**30),
        "64 GB of memory": lambda: mmap.mmap(-1, 2**36, flags=PROMISED).close(),
        "make a user namespace": lambda: function("unshare", 0x10000000),
        "2000 threads": threads_without_end,
        "be traced": lambda: function("ptrace", 0, 0, 0, 0),
    }


def is_open(act: Callable[[], object]) -> bool:
    """Say whether an act succeeds."""
    try:
        act()
    except Exception:  # noqa: BLE001 (whatever refuses it)
        return False
    return True


OUTSIDE: Outside = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}


def main() -> None:
    """Print what is open, by name."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    print(json.dumps({name: is_open(act) for name, act in acts(OUTSIDE).items()}))
    sys.stdout.flush()
    os._exit(0)
