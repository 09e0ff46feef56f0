"""One kernel process, used for one run of one submission: sent messages, interrupted and killed.

jupyter_client launches it and carries the messages. Waiting until it is ready is our own (the stock client idles for
0.2 s), and so is noticing its death (the stock client takes a second, or never does).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from queue import Empty
from time import monotonic
from typing import TYPE_CHECKING, Any

from grader.model import Isolation, OverLimit
from grader.sandbox.child import Child
from grader.sandbox.isolation.level import measured_isolation
from grader.sandbox.tree import remove_tree
from grader.sandbox.worker.bounded_folder import open_bounded, refused
from grader.sandbox.worker.channels import Channels
from grader.sandbox.worker.provisioner import readable
from grader.sandbox.worker.usage import removed_files, seconds_in_queue
from grader.sandbox.worker.watchdog import Used, family_of, refused_task, watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import psutil
    from jupyter_client.asynchronous.client import AsyncKernelClient
    from jupyter_client.manager import AsyncKernelManager

    from grader.model import Limits
    from grader.sandbox.isolation.policy import Policy
    from grader.sandbox.worker.bounded_folder import BoundedFolder

INTERRUPT_SECONDS = 1.0
"""How long an interrupted kernel has to come back before it is killed, as long as a processor is free for it."""
MOST_QUEUED_SECONDS = 10.0
"""How much longer it has on a busy machine: a kernel that would come back is not to be lost to other work."""

POLL_SECONDS = 0.02
MOST_DRAINED = 64
UNREADABLE = OverLimit("messages", 0, 1)
"""What a kernel is ended for whose messages cannot be listened to."""
DYING_SECONDS = 10.0
"""How long a namespace may take to end: giving back gigabytes takes a second."""


class KernelDiedError(Exception):
    """The kernel process ended. `signal` is the one that ended it, None if it exited by itself.

    `over` is the limit that it had passed, where it was ended for that.
    """

    def __init__(self, signal_number: int | None, over: OverLimit | None = None) -> None:
        super().__init__(f"signal {signal_number}")
        self.signal = signal_number
        self.over = over


class NoReplyError(Exception):
    """No reply came within the time allowed. `request` is the number of the message that was sent."""

    def __init__(self, request: str = "") -> None:
        super().__init__(request)
        self.request = request


class Kernel:
    """A running kernel. Its folder, with its working folder in it, is removed when it is killed.

    `isolation` is how strong its wall is; it is known once the kernel is ready.
    """

    def __init__(self, manager: AsyncKernelManager, client: AsyncKernelClient, policy: Policy) -> None:
        self.manager = manager
        self.client = client
        self.isolation = Isolation("none")
        self.folder = policy.home.parent
        """The folder that holds all that is the kernel's."""
        self._policy = policy
        self._bounded: BoundedFolder | None = None
        self._limits: Limits | None = None
        self._used: Used | None = None
        self._channels = Channels(client)
        self._tally = self._channels.tally
        self._over: OverLimit | None = None
        self._watch: asyncio.Task[None] | None = None
        self._init: psutil.Process | None = None
        self._ended = asyncio.ensure_future(_end_of(_process_of(manager)))

    @property
    def scratch(self) -> Path:
        """Return the kernel's working folder, as this process reaches it."""
        return self._policy.home if self._bounded is None else self._bounded.path

    async def send(self, message: str, content: Mapping[str, Any], *, seconds: float) -> Mapping[str, Any]:
        """Send one message on the shell channel and return its reply's content.

        Raises NoReplyError after `seconds`, and KernelDiedError when the process ends first, or cannot be listened to.
        """
        reply = await self._reply(self._request(message, content), seconds)
        await self.require_room()
        return reply

    def _request(self, message: str, content: Mapping[str, Any]) -> str:
        """Send one message on the shell channel, and return its number."""
        self.begin()
        request = self.client.session.msg(message, dict(content))
        self.client.shell_channel.send(request)
        return str(request["header"]["msg_id"])

    async def measure(self, seconds: float) -> None:
        """Find out how strong the wall is, before there is any student code; it may be asked more than once.

        Raises OutOfReachError where it has a working folder that is out of this process' reach.
        """
        reply = await self.send("wall_request", {}, seconds=seconds)
        self.isolation = measured_isolation(reply, processes=self._policy.processes)
        if "namespaces" in reply.get("up", ()) and self._init is None:
            match family_of(self._process()):
                case (_, init, inside, *_):
                    self._init = init
                    self._bounded = open_bounded(inside.pid, self._policy.home) if self._policy.bounded else None

    def begin(self) -> None:
        """Count the output from here on: its limit is for each cell and each call."""
        self._tally.bytes = 0

    def keep_to(self, limits: Limits) -> None:
        """End the process from now on when it uses more than it may."""
        self._limits = limits
        grows = self._policy.processes or "start" in self.isolation.open
        family = family_of(self._process())
        removed = frozenset(() if self._bounded else removed_files(process.pid for process in family))
        self._used = Used(family, grows, self.folder, home=self._bounded, tally=self._tally, removed=removed)
        self._watch = asyncio.ensure_future(watch(self._used, limits, self._end))

    def _overfull(self) -> OverLimit | None:
        return self._bounded.over(self._limits) if self._bounded and self._limits else None

    async def require_room(self) -> None:
        """End the process, and raise KernelDiedError, if its files are over the limit: before the watchdog sees it."""
        if over := self._overfull():
            self._end(over)
            raise await self.death()

    def refused(self, message: str) -> OverLimit | None:
        """Return the limit that an exception's message tells of: the system refused to store, or to start, more."""
        if self._limits is None or self._used is None:
            return None
        task = refused_task(message, self._used, self._limits)  # its control group may be faster than the watchdog
        return task or refused(message, self._limits, bounded=self._bounded is not None)

    def _end(self, over: OverLimit | None) -> None:
        self._over = over
        if not _kill_init(self._init):
            _kill(_process_of(self.manager))

    def _process(self) -> int:
        return int(_process_of(self.manager).pid)

    async def interrupt(self) -> bool:
        """Interrupt what is running; say whether the kernel then answers."""
        queued = await self._interrupt()
        try:
            await self._reply(self._request("kernel_info_request", {}), INTERRUPT_SECONDS, more=queued)
            await self.require_room()
        except (NoReplyError, KernelDiedError):
            return False
        return True

    async def call_off(self, request: str) -> Mapping[str, Any] | None:
        """Interrupt the work on a request, and return its late reply; None where no reply comes."""
        queued = await self._interrupt()
        try:
            late = await self._reply(request, INTERRUPT_SECONDS, more=queued)
            await self.require_room()
        except (NoReplyError, KernelDiedError):
            return None
        return late

    async def _interrupt(self) -> Callable[[], float]:
        """Interrupt what is running; return what says how many seconds it has waited for a processor since."""
        family = [process.pid for process in family_of(self._process())]
        before = seconds_in_queue(family)
        await self.manager.interrupt_kernel()
        return lambda: min(seconds_in_queue(family) - before, MOST_QUEUED_SECONDS)

    async def until_ended(self) -> None:
        """Wait for the end of the process; it is noticed at once."""
        await asyncio.wait({self._ended})

    async def death(self) -> KernelDiedError:
        """Return how the process ended; it has ended, or is about to."""
        await asyncio.wait({self._ended}, timeout=DYING_SECONDS)
        status = self._ended.result() if self._ended.done() else 0
        over = self._over or self._overfull() or self._out_of_memory(status)
        return KernelDiedError(-status if status < 0 else None, over)

    def _out_of_memory(self, status: int) -> OverLimit | None:
        """Return the memory limit if memory was what it lacked: its control group ended it, or a library in C++ did."""
        if self._limits is None:
            return None
        process, most = _process_of(self.manager), self._limits.memory_mib
        if isinstance(process, Child) and process.lacked_memory:
            return OverLimit("memory", most)
        if status != -signal.SIGABRT:
            return None
        return OverLimit("memory", most) if self._tally.memory_mib > most / 2 else None

    async def kill(self) -> None:
        """Kill the process and everything in its session, and remove its folder."""
        if self._watch is not None:
            self._watch.cancel()
        self._channels.close()
        if _kill_init(self._init):  # the process outside the namespace ends with those inside
            await asyncio.wait({self._ended}, timeout=DYING_SECONDS)
        if not self._ended.done():
            _kill(_process_of(self.manager))
            await self._ended
        await _clean_up(self.manager)
        if self._bounded is not None:
            self._bounded.close()
            self._bounded = None
        remove_tree(self.folder)

    async def _reply(
        self, request: str, seconds: float, *, more: Callable[[], float] = lambda: 0.0
    ) -> Mapping[str, Any]:
        """Return the reply to a request, also one that was sent just before the process ended.

        `more` says how many seconds it may take beyond `seconds`, as far as is known by now.
        """
        receiving, began = asyncio.ensure_future(self._receive(request)), monotonic()
        done: set[asyncio.Future[Any]] = set()
        while not done and (left := began + seconds + more() - monotonic()) > 0:
            done, _ = await asyncio.wait({receiving, self._ended}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        if self._ended.done():
            await asyncio.wait({receiving}, timeout=POLL_SECONDS)
        if receiving.done():
            if error := receiving.exception():
                raise KernelDiedError(None, UNREADABLE) from error
            return receiving.result()
        receiving.cancel()
        raise await self.death() if self._ended.done() else NoReplyError(request)

    async def _receive(self, request: str) -> Mapping[str, Any]:
        while True:
            try:
                message = await self.client.shell_channel.get_msg(timeout=POLL_SECONDS)
            except Empty:
                await self._drain()
                continue
            if message["parent_header"].get("msg_id") == request:
                content: Mapping[str, Any] = message["content"]
                return content

    async def _drain(self) -> None:
        """Read what a call prints, so that it is counted and does not wait in a queue."""
        with contextlib.suppress(Empty):
            for _ in range(MOST_DRAINED):
                await self.client.iopub_channel.get_msg(timeout=0)


async def abandon(manager: AsyncKernelManager) -> None:
    """End a kernel whose launch was not completed."""
    process = _process_of(manager)
    has_begun = process.has_begun() if isinstance(process, Child) else process is not None
    if has_begun:
        _kill(process)
        await _end_of(process)
    await _clean_up(manager)


async def _clean_up(manager: AsyncKernelManager) -> None:
    """Close what belongs to a process that has ended, or has never begun."""
    process = _process_of(manager)
    if isinstance(process, Child):
        process.close()
    if manager.provisioner is not None:
        await manager.cleanup_resources()


async def _end_of(process: Any) -> int:  # noqa: ANN401 (Popen, or the part of it that a Child is)
    """Wait for the end of a process without polling, and return its exit status."""
    if not isinstance(process, Child):
        return int(await asyncio.to_thread(process.wait))
    while (status := process.poll()) is None:
        await readable(process)
    return status


def _process_of(manager: AsyncKernelManager) -> Any:  # noqa: ANN401 (the stock provisioner's Popen; None before it)
    return getattr(manager.provisioner, "process", None)


def _kill_init(init: psutil.Process | None) -> bool:
    """Kill the init of the kernel's namespace, and with it everything inside; say whether there was one."""
    if init is None:
        return False
    import psutil  # noqa: PLC0415 (it is there already)

    with contextlib.suppress(psutil.Error):
        init.kill()
    return True


def _kill(process: Any) -> None:  # noqa: ANN401 (Popen, or the part of it that a Child is)
    """Kill a kernel and what it started: it leads a session, but for the first moment of its life."""
    if process.poll() is not None:  # its number may be another's by now
        return
    process.kill()
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS has the latter for one that has ended
            os.killpg(process.pid, signal.SIGKILL)
