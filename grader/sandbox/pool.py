"""The workers of a class: forked, with their warm parents, from one process that has imported what all of them need.

So what a worker and its kernels import is imported once, however many there are. Linux alone: elsewhere each worker
is started, as a single one is.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING, Self

from grader.errors import SandboxError
from grader.messages.sentences import say
from grader.sandbox.environment import environment_of
from grader.sandbox.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

ANSWER_BYTES = 64
"""A process' number, which is all that the office answers."""


class Crew:
    """A context whose runners share what their workers import. They are left before it is.

    At most `most` submissions are run at once. With a runner more than that, one is judged meanwhile.
    """

    def __init__(self, most: int) -> None:
        self._turns = threading.BoundedSemaphore(most)
        self._packages: tuple[str, ...] = ()
        self._office = _Office() if sys.platform == "linux" else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._office is not None:
            self._office.close()

    def warm_up(self, packages: Sequence[str]) -> None:
        """Have what runners are made from now on begin with kernels that have imported packages."""
        self._packages = tuple(packages)
        if self._office is not None:
            self._office.send({"packages": list(packages)})

    def runner(self) -> Runner:
        """Return one more runner. A worker of it that fails is replaced by one that is started."""
        runner = Runner(warm=True, hire=None if self._office is None else self._office.hire, turn=self._turns)
        runner.warm_up(self._packages)
        return runner


class _Office:
    """The process that workers are forked from, and the socket on which it is told of each."""

    def __init__(self) -> None:
        try:
            self._folder = tempfile.TemporaryDirectory(prefix="grade-")
        except OSError as error:
            reason = error.strerror or str(error)
            raise SandboxError(
                say("There is no place for temporary files ({reason}). Nothing was graded. Set TMPDIR.", reason=reason)
            ) from error
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._numbers: list[int] = []
        self._reading = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "grader.sandbox.forkserver", str(os.getpid()), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment_of(Path(self._folder.name)),
                cwd=self._folder.name,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for this process, which then ends the workers in order
            )

    def send(self, form: object, descriptors: Sequence[int] = ()) -> None:
        """Send a message, with open files. To whom has gone, nothing is said: its workers are seen to be missing."""
        with suppress(BrokenPipeError, ConnectionResetError):
            socket.send_fds(self._socket, [json.dumps(form).encode()], list(descriptors))

    def hire(self, folder: Path, walls: Sequence[str], errors: IO[bytes]) -> Hired:
        """Have a worker forked: at once, or when the imports that were asked for before are done."""
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        self._numbers.append(0)
        self.send({"folder": str(folder), "walls": list(walls)}, [theirs_in, theirs_out, errors.fileno()])
        os.close(theirs_in)
        os.close(theirs_out)
        return Hired(self, len(self._numbers) - 1, os.fdopen(ours_in, "wb"), os.fdopen(ours_out, "rb"))

    def number(self, place: int) -> int | None:
        """Return a worker's process number, None where there is no office any more and may never have been a worker.

        It is the worker's own as long as the office is there, whose child it is.
        """
        with self._reading:
            while not self._numbers[place] and self._hear():
                pass
            return self._numbers[place] or None

    def is_still_importing_for(self, place: int) -> bool:
        """Say whether a worker is not there yet, and may still come."""
        with self._reading:
            while not self._numbers[place] and select.select([self._socket], [], [], 0.0)[0]:
                if not self._hear():
                    return False
            return not self._numbers[place]

    def _hear(self) -> bool:
        """Read the number of one more worker; say whether there was one, and not the end."""
        try:
            told = self._socket.recv(ANSWER_BYTES)
        except ConnectionResetError:  # it ended before it had read everything
            return False
        if told:
            self._numbers[self._numbers.index(0)] = int(told)
        return bool(told)

    def end(self) -> None:
        """End it at once. Its workers go on."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End it and what it has. Its workers have ended, or end as their input does."""
        self._socket.close()
        self.end()
        self._folder.cleanup()


class Hired:
    """A forked worker: the part of Popen's interface that a runner uses."""

    def __init__(self, office: _Office, place: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self._office = office
        self._place = place
        self.stdin, self.stdout = stdin, stdout

    @property
    def pid(self) -> int:
        """Return its process number, 0 where it never was."""
        return self._office.number(self._place) or 0

    def poll(self) -> int | None:
        """Return None: how it ended, its parent is told."""
        return None

    def kill(self) -> None:
        """End it at once."""
        number = self._office.number(self._place)
        if number is not None:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has closed its output, as it does when it ends; raise TimeoutExpired if it does not in time.

        One that is not there yet is not waited for: nobody needs what is being imported for it.
        """
        if self._office.is_still_importing_for(self._place):
            self._office.end()
            return 0
        until = None if timeout is None else monotonic() + timeout
        while select.select([self.stdout], [], [], None if until is None else max(0.0, until - monotonic()))[0]:
            if not os.read(self.stdout.fileno(), 2**16):
                return 0
        raise subprocess.TimeoutExpired("worker", timeout or 0.0)
