"""Runners that share a forkserver: what their workers and kernels import is imported once for all of them.

Only on Linux: elsewhere nothing can be forked safely, and each worker is started.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from typing import IO, TYPE_CHECKING, Self

from grader.interrupts import uninterrupted
from grader.sandbox.environment import environment_of
from grader.sandbox.isolation.wall import walls_of
from grader.sandbox.runner import Runner
from grader.sandbox.worker_process import WorkerProcess
from grader.system import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from grader.sandbox.forkserver_process import ForkserverProcess


class Pool:
    """A context whose runners share what is imported. Its runners are left before it is.

    At most `most` submissions are run at once; one runner more than that allows one to be judged meanwhile. `walls` are
    the names of the walls to put up, instead of all that this system has: it shows what each of them is good for. With
    `forks` processes are forked, else each is started.
    """

    def __init__(self, most: int = 1, *, walls: tuple[str, ...] | None = None, forks: bool = HERE.forks) -> None:
        self._turns = threading.BoundedSemaphore(most)
        self._walls = walls_of() if walls is None else walls
        self._packages: tuple[str, ...] | None = None
        self._launching = threading.Lock()
        self._forkserver = _forkserver() if forks else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._forkserver is not None:
            with uninterrupted():
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
                self._forkserver = _forkserver()  # without packages: importing one may be what ended the other
            request = {"folder": str(folder), "walls": self._walls, "starts_ahead": self._packages is not None}
            return self._forkserver.launch(request, errors)


@contextlib.contextmanager
def single_runner(
    *, packages: Sequence[str] | None = None, walls: tuple[str, ...] | None = None, forks: bool = HERE.forks
) -> Iterator[Runner]:
    """Give a runner with a pool of its own, which preloads `packages` where they are given."""
    with Pool(walls=walls, forks=forks) as pool:
        if packages is not None:
            pool.preload(packages)
        with pool.runner() as runner:
            yield runner


def _forkserver() -> ForkserverProcess:
    from grader.sandbox.forkserver_process import ForkserverProcess  # noqa: PLC0415 (Linux alone)

    with contextlib.ExitStack() as begun:  # for a Ctrl-C meanwhile
        with uninterrupted():
            made = ForkserverProcess()
            begun.callback(made.close)
        begun.pop_all()
    return made


def _start(folder: Path, walls: Sequence[str], errors: IO[bytes]) -> WorkerProcess:
    """Start a worker, where it cannot be forked."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader.sandbox.worker.main", str(folder), ",".join(walls), str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=environment_of(folder),
        cwd=folder,
        start_new_session=True,  # Ctrl-C is for this process, which then ends the workers in order
        creationflags=HERE.group_flags,
    )
    if process.stdin is None or process.stdout is None:
        raise AssertionError
    return WorkerProcess(process, process.stdin, process.stdout, errors=errors)
