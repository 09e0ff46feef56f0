"""One kernel process: started, spoken with, interrupted and killed. Used for one run of one submission.

jupyter_client starts it and speaks with it. What is our own is the readiness wait (the stock one idles for 0.2 s)
and the death watch (the stock client notices a death after a second, or never).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import site
import sys
import tempfile
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from grader.errors import SandboxError
from grader.messages import clean, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_client.asynchronous.client import AsyncKernelClient

START_SECONDS = 60.0
INTERRUPT_SECONDS = 1.0
"""How long an interrupted kernel has to come back before it is killed."""

LONGEST_IPC_PATH = 90
"""A Unix socket's path holds 107 bytes; the rest is for the channel's number."""

POLL_SECONDS = 0.02


class KernelDiedError(Exception):
    """The kernel process ended. `signal` is the one that ended it, None if it left by itself."""

    def __init__(self, signal_number: int | None) -> None:
        super().__init__(f"signal {signal_number}")
        self.signal = signal_number


class NoReplyError(Exception):
    """No reply within the time allowed."""


class Kernel:
    """A running kernel. Its scratch folder, which is its working folder and its home, goes when it does."""

    def __init__(self, manager: AsyncKernelManager, client: AsyncKernelClient, folder: Path) -> None:
        self.manager = manager
        self.client = client
        self._folder = folder

    @property
    def scratch(self) -> Path:
        """Return the kernel's working folder."""
        return self._folder / "home"

    async def send(self, message: str, content: Mapping[str, Any], *, seconds: float) -> Mapping[str, Any]:
        """Send one message on the shell channel and return its reply's content.

        Raises NoReplyError after `seconds`, and KernelDiedError when the process ends first.
        """
        request = self.client.session.msg(message, dict(content))
        self.client.shell_channel.send(request)
        return await self._reply(request["header"]["msg_id"], seconds)

    async def interrupt(self) -> bool:
        """Interrupt what is running; say whether the kernel answers again."""
        await self.manager.interrupt_kernel()
        try:
            await self.send("kernel_info_request", {}, seconds=INTERRUPT_SECONDS)
        except (NoReplyError, KernelDiedError):
            return False
        return True

    async def check_alive(self) -> None:
        """Raise KernelDiedError if the process has ended."""
        provisioner = self.manager.provisioner
        status = await provisioner.poll() if provisioner is not None else 0
        if status is not None:
            raise KernelDiedError(-status if status < 0 else None)

    async def kill(self) -> None:
        """End the process and everything that it started in its session, at once, and remove its folder."""
        self.client.stop_channels()
        await _kill(self.manager)
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _reply(self, request: str, seconds: float) -> Mapping[str, Any]:
        deadline = asyncio.get_running_loop().time() + seconds
        while (left := deadline - asyncio.get_running_loop().time()) > 0:
            try:
                message = await self.client.shell_channel.get_msg(timeout=min(left, POLL_SECONDS))
            except Empty:
                await self.check_alive()
                continue
            if message["parent_header"].get("msg_id") == request:
                content: Mapping[str, Any] = message["content"]
                return content
        raise NoReplyError


async def spawn_kernel(scratch: Path) -> Kernel:
    """Start a kernel process of this interpreter in a folder of its own; raise SandboxError if it cannot be started."""
    folder = Path(tempfile.mkdtemp(prefix="lab-", dir=scratch))
    (folder / "home").mkdir()
    manager = AsyncKernelManager(connection_file=str(folder / "connection.json"))
    if os.name == "posix" and len(os.fsencode(folder)) < LONGEST_IPC_PATH:
        manager.transport, manager.ip = "ipc", str(folder / "ipc")
    argv = [sys.executable, "-P", "-m", "grader.sandbox.inside", "-f", "{connection_file}"]
    manager._kernel_spec = KernelSpec(argv=argv, display_name="lab", language="python")  # noqa: SLF001 (kernelspec files could be the student's)
    try:
        with (folder / "stderr.txt").open("wb") as stderr:
            await manager.start_kernel(
                cwd=str(folder / "home"),
                env=_environment(folder / "home"),
                stdout=stderr,
                stderr=stderr,
                extra_arguments=_ARGUMENTS,
            )
    except BaseException as error:  # also when we are stopped in the middle of it
        await _kill(manager)
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise _did_not_start(str(error)) from error
        raise
    kernel = Kernel(manager, manager.client(), folder)
    kernel.client.start_channels(stdin=False, hb=False, control=False)
    return kernel


async def wait_until_ready(kernel: Kernel) -> None:
    """Wait until the kernel answers; kill it and raise SandboxError if it never does."""
    try:
        await _ready(kernel)
    except (KernelDiedError, NoReplyError) as error:
        told = (kernel.scratch.parent / "stderr.txt").read_text("utf-8", "replace").strip().splitlines()[-1:]
        await kernel.kill()
        raise _did_not_start(told[0] if told else f"no answer after {START_SECONDS:g} s") from error
    except BaseException:  # we are stopped while it starts
        await kernel.kill()
        raise


def _did_not_start(problem: str) -> SandboxError:
    return SandboxError(
        say(
            "The Python kernel did not start ({problem}). Nothing was graded. "
            "Try `{python} -m pip install --force-reinstall ipykernel`.",
            problem=clean(problem),
            python=sys.executable,
        )
    )


_ARGUMENTS = ["--HistoryManager.enabled=False", "--IPKernelApp.log_level=ERROR"]


async def _ready(kernel: Kernel) -> None:
    """Wait until the kernel replies and its output channel is heard (a subscription takes a moment)."""
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        try:
            await kernel.send("kernel_info_request", {}, seconds=START_SECONDS)
            await kernel.client.iopub_channel.get_msg(timeout=POLL_SECONDS)
        except Empty:
            continue
        return
    raise NoReplyError


async def _kill(manager: AsyncKernelManager) -> None:
    process = getattr(manager.provisioner, "process", None)
    if process is not None and process.poll() is None:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)  # it leads its session, so its group is its own
        else:
            process.kill()
        process.wait()
    if manager.provisioner is not None:
        await manager.cleanup_resources()


def _environment(home: Path) -> dict[str, str]:
    """Return the kernel's whole environment: constant but for folders, and nothing of the grader's own."""
    environment = {
        "HOME": str(home),
        "TMPDIR": str(home),
        "IPYTHONDIR": str(home / ".ipython"),
        "MPLCONFIGDIR": str(home / ".matplotlib"),
        "KERAS_HOME": str(home / ".keras"),
        "PYTHONUSERBASE": site.getuserbase(),
        "PYTHONHASHSEED": "0",
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "CUDA_VISIBLE_DEVICES": "",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",  # oneDNN's results depend on the processor
        # One thread: sums are added up in one order, whatever the machine, and small networks train no slower.
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
        **dict.fromkeys(("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"),
    }
    if os.name == "nt":
        needed = ("SYSTEMROOT", "COMSPEC", "PATH", "WINDIR")
        environment |= {name: os.environ[name] for name in needed if name in os.environ}
        environment |= {"USERPROFILE": str(home), "TEMP": str(home), "TMP": str(home)}
    return environment
