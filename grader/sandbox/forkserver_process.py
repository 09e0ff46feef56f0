"""The forkserver as the grader sees it: its process, and the socket on which it is asked."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
from typing import IO, TYPE_CHECKING

from grader.sandbox.child import ask_for_child
from grader.sandbox.control_group import make_control_groups
from grader.sandbox.environment import environment_of
from grader.sandbox.folder import make_folder
from grader.sandbox.tree import remove_tree
from grader.sandbox.worker_process import WorkerProcess

if sys.platform == "win32":
    raise ImportError("POSIX alone")  # mypy leaves the rest out

if TYPE_CHECKING:
    from collections.abc import Sequence


class ForkserverProcess:
    """The forkserver, started."""

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
