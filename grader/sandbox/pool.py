"""Runners that share a forkserver: what their workers and kernels import is imported once for all of them.

Only on Linux: elsewhere nothing can be forked safely, and each worker is started.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import threading
from typing import IO, TYPE_CHECKING, Self

from grader.sandbox.child import ask_for_child
from grader.sandbox.control_group import make_control_groups
from grader.sandbox.environment import environment_of
from grader.sandbox.folder import make_folder
from grader.sandbox.isolation.wall import walls_of
from grader.sandbox.runner import Runner
from grader.sandbox.tree import remove_tree
from grader.sandbox.worker_process import WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType


CAN_FORK = sys.platform == "linux"


class Pool:
    """A context whose runners share what is imported. Its runners are left before it is.

    At most `most` submissions are run at once; one runner more than that allows one to be judged meanwhile. `walls` are
    the names of the walls to put up, instead of all that this system has: it shows what each of them is good for. With
    `forks` processes are forked, else each is started.
    """

    def __init__(self, most: int = 1, *, walls: tuple[str, ...] | None = None, forks: bool = CAN_FORK) -> None:
        self._turns = threading.BoundedSemaphore(most)
        self._walls = walls_of() if walls is None else walls
        self._packages: tuple[str, ...] | None = None
        self._launching = threading.Lock()
        self._forkserver = _Forkserver() if forks else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._forkserver is not None:
            self._forkserver.close()

    def preload(self, packages: Sequence[str]) -> None:
        """Import packages for all kernels of the runners that are made from now on, and keep a next kernel ready.

        This pays where many submissions follow: it takes as long as one import.
        """
        self._packages = tuple(packages)
        if self._forkserver is not None:
            self._forkserver.preload(self._packages)

    def runner(self) -> Runner:
        """Return one more runner."""
        return Runner(self._launch, turn=self._turns)

    def _launch(self, folder: Path, errors: IO[bytes]) -> WorkerProcess:
        """Launch a worker in a folder of its own."""
        if self._forkserver is None:
            return _start(folder, self._walls, errors)
        with self._launching:
            if self._forkserver.has_exited():
                self._forkserver.close()
                self._forkserver = _Forkserver()  # without packages: importing one may be what ended the other
            request = {"folder": str(folder), "walls": self._walls, "starts_ahead": self._packages is not None}
            return self._forkserver.launch(request, errors)


@contextlib.contextmanager
def single_runner(
    *, packages: Sequence[str] | None = None, walls: tuple[str, ...] | None = None, forks: bool = CAN_FORK
) -> Iterator[Runner]:
    """Give a runner with a pool of its own, which preloads `packages` where they are given."""
    with Pool(walls=walls, forks=forks) as pool:
        if packages is not None:
            pool.preload(packages)
        with pool.runner() as runner:
            yield runner


class _Forkserver:
    """The forkserver, from the grader's side: its process, and the socket on which it is asked."""

    def __init__(self) -> None:
        self._folder = make_folder()
        self._groups = make_control_groups()
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "grader.sandbox.forkserver", str(theirs.fileno()), *self._groups.words()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment_of(self._folder),
                cwd=self._folder,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for this process, which then ends the workers in order
            )

    def preload(self, packages: Sequence[str]) -> None:
        """Have packages imported before anything else is forked; if the forkserver has exited, nothing happens."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._socket.send(json.dumps({"type": "preload", "packages": packages}).encode())

    def launch(self, request: dict[str, object], errors: IO[bytes]) -> WorkerProcess:
        """Have a worker forked: at once, or when the imports that were requested before are done."""
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        message = json.dumps({"type": "worker", **request}).encode()
        child = ask_for_child(self._socket, message, [theirs_in, theirs_out, errors.fileno()])
        os.close(theirs_in)
        os.close(theirs_out)
        return WorkerProcess(child, os.fdopen(ours_in, "wb"), os.fdopen(ours_out, "rb"), errors=errors)

    def has_exited(self) -> bool:
        """Say whether it can no longer be asked."""
        closed = select.select([self._socket], [], [], 0)[0]  # it sends nothing: only the end can be read
        return bool(closed) or self._process.poll() is not None

    def close(self) -> None:
        """End it. Its workers have ended, and no further one is forked."""
        self._socket.close()
        self._process.kill()
        self._process.wait()
        self._groups.remove()
        remove_tree(self._folder)


def _start(folder: Path, walls: Sequence[str], errors: IO[bytes]) -> WorkerProcess:
    """Start a worker, where it cannot be forked."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader.sandbox.worker.main", str(folder), ",".join(walls)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=environment_of(folder),
        cwd=folder,
        start_new_session=True,  # as above
    )
    if process.stdin is None or process.stdout is None:
        raise AssertionError
    return WorkerProcess(process, process.stdin, process.stdout, errors=errors)
