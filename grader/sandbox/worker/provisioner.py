"""A provisioner of jupyter_client whose kernels come from a warm parent, so that nbclient drives them as any kernel.

Its name is registered in pyproject.toml. A kernel manager whose `warm` is a running parent gets its process from there.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from grader.sandbox.environment import environment_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jupyter_client.connect import KernelConnectionInfo

NAME = "labgrader-warm"
FORK_SECONDS = 60.0
"""How long the parent may take, its imports included, before it is given up."""


class WarmParent:
    """A warm parent and the pipes to it. The process that starts or forks it adopts the kernels that it forks."""

    def __init__(self, process: subprocess.Popen[bytes] | Adopted, requests: int, answers: int) -> None:
        self._process = process
        self._requests = requests
        self._answers = answers
        self._reader: asyncio.StreamReader | None = None
        self._listening: asyncio.BaseTransport | None = None
        self._asking = asyncio.Lock()

    @classmethod
    def start(cls, home: Path) -> WarmParent:
        """Start one. It leaves when its input ends, as when this process does."""
        from grader.sandbox.isolation.linux import adopt_orphans  # noqa: PLC0415 (Linux alone)

        adopt_orphans()
        (theirs_in, ours_in), (ours_out, theirs_out) = os.pipe(), os.pipe()
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "grader.sandbox.kernel.preload"],
                stdin=theirs_in,
                stdout=theirs_out,
                stderr=subprocess.DEVNULL,
                env=environment_of(home),
                cwd=home,
            )
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        return cls(process, ours_in, ours_out)

    @classmethod
    def forked(cls) -> WarmParent:
        """Fork one from this process, which has imported what it needs, and has one thread."""
        from grader.sandbox.isolation import linux  # noqa: PLC0415 (Linux alone)
        from grader.sandbox.kernel import preload as warm  # noqa: PLC0415 (same)

        linux.adopt_orphans()
        (theirs_in, ours_in), (ours_out, theirs_out) = os.pipe(), os.pipe()
        number = os.fork()
        if number:
            os.close(theirs_in)
            os.close(theirs_out)
            return cls(Adopted(number), ours_in, ours_out)
        try:
            for standard, descriptor in enumerate((theirs_in, theirs_out, os.open(os.devnull, os.O_WRONLY))):
                os.dup2(descriptor, standard)
            linux.close_all_but_standard()
            linux.be_called("grade-warm")
            warm.serve()
        finally:
            os._exit(0)  # never back into what this process was forked from

    async def prepare(self, packages: Sequence[str]) -> None:
        """Have it import packages; raise OSError where it has gone or does not answer."""
        if not await self._request({"packages": list(packages)}):
            raise OSError("the warm parent has ended")

    async def fork(self, request: dict[str, Any]) -> int:
        """Return the number of a new kernel process; raise OSError where the parent has gone or does not answer."""
        line = await self._request(request)
        if not line.strip().isdigit():
            raise OSError("the warm parent has ended")
        return int(line)

    async def _request(self, request: dict[str, Any]) -> bytes:
        async with self._asking:
            reader = self._reader or await self._listen()
            os.write(self._requests, json.dumps(request).encode() + b"\n")  # it waits for this: its pipe is empty
            try:
                return await asyncio.wait_for(reader.readline(), FORK_SECONDS)
            except TimeoutError as error:
                self.end()
                raise OSError("the warm parent does not answer") from error

    async def _listen(self) -> asyncio.StreamReader:
        """Read its answers from now on, in the loop that runs."""
        self._reader = reader = asyncio.StreamReader()
        self._listening, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(self._answers, "rb", buffering=0)
        )
        return reader

    def end(self) -> None:
        """End it at once; the kernels that it forked are not its own."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._requests >= 0:
            os.close(self._requests)
            self._requests = -1
        if self._listening is not None:
            self._listening.close()


class Adopted:
    """A forked kernel as a process of ours: the part of Popen's interface that a provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, number: int) -> None:
        self.pid = number
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return how it ended, None while it has not."""
        return self._look(os.WNOHANG)

    def wait(self, timeout: float | None = None) -> int | None:  # noqa: ARG002 (Popen's parameter)
        """Wait for its end."""
        return self._look(0)

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def _unless_it_comes(self) -> int | None:
        """Return None for a process that is still to be adopted; how one ended before that, nobody can tell."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return -signal.SIGKILL
        return None

    def _look(self, options: int) -> int | None:
        if self.returncode is None:
            try:
                number, status = os.waitpid(self.pid, options)
            except ChildProcessError:
                self.returncode = self._unless_it_comes()
            else:
                if number:
                    self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode


class WarmProvisioner(LocalProvisioner):
    """Gets the process from the manager's warm parent instead of starting one."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ANN401 (jupyter's)
        """Have a kernel forked; `cmd` is a cold kernel's: its policy, and after it the arguments."""
        policy, *arguments = cmd[cmd.index("grader.sandbox.kernel.begin") + 1 :]
        request = {
            "policy": policy,
            "arguments": arguments,
            "environment": kwargs["env"],
            "errors": kwargs["stderr"].name,
        }
        warm: WarmParent = vars(self.parent)["warm"]
        process: Any = Adopted(await warm.fork(request))
        self.process = process
        self.pid = self.pgid = process.pid
        return self.connection_info
