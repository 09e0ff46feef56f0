"""The kernel of a submission in which networks are built anew, from their descriptions. No notebook is run in it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.messages.sentences import say
from grader.model import Died, TimedOut
from grader.sandbox.isolation.policy import bounds_of
from grader.sandbox.worker.kernel import KernelDiedError, NoReplyError
from grader.sandbox.worker.notebook import IMPORT_SECONDS, set_up
from grader.sandbox.worker.untrusted import read_untrusted
from grader.wire.descriptions import encode_description
from grader.wire.networks import encode_inspection

if TYPE_CHECKING:
    from grader.model import Observation
    from grader.networks.model import Description, Inspection
    from grader.sandbox.protocol import Job
    from grader.sandbox.worker.kernel import Kernel
    from grader.sandbox.worker.notebook import Start

PACKAGES = {
    "tensorflow": ("tensorflow", "keras"),
    "keras": ("tensorflow", "keras"),
    "torch": ("torch", "torch._dynamo"),
}
"""What is imported before a network is built, for each package that a notebook with networks imports."""


def needed_by(job: Job) -> tuple[str, ...]:
    """Return what is imported before networks of a job are built; nothing where it imports no library for them."""
    return tuple(dict.fromkeys(name for package in job.packages for name in PACKAGES.get(package, ())))


class CleanKernel:
    """Inspects described networks. `start` gives a fresh kernel: one, and another where a network has ended it."""

    def __init__(self, job: Job, start: Start) -> None:
        self._job = replace(job, training=None, mnist=None)  # they are for a notebook's own cells
        self._start = start
        self._starting: asyncio.Task[Kernel] | None = None

    def begin(self) -> None:
        """Have the kernel made ready, while the notebook is run in another one."""
        if self._starting is None:
            self._starting = asyncio.ensure_future(self._started())

    async def ready(self) -> Kernel:
        """Return the kernel; raise SandboxError where none starts."""
        self.begin()
        if self._starting is None:
            raise AssertionError
        return await asyncio.shield(self._starting)

    async def inspect(self, description: Description, inspection: Inspection, *, seconds: float) -> Observation | None:
        """Build a network anew and return what was seen of it; None where Keras cannot build it."""
        kernel = await self.ready()
        content = {
            "description": encode_description(description),
            "inspection": encode_inspection(inspection),
        }
        try:
            reply = await kernel.send("inspect_request", content, seconds=seconds)
        except NoReplyError:
            await self.close()
            return TimedOut("call", seconds)
        except KernelDiedError as death:
            await self.close()
            return death.over or Died(death.signal)
        seen = reply.get("observation")
        return None if seen is None else read_untrusted(seen, lambda _: None, self._job.limits)

    async def close(self) -> None:
        """End the kernel, if there is one."""
        starting, self._starting = self._starting, None
        if starting is None:
            return
        starting.cancel()
        [kernel] = await asyncio.gather(starting, return_exceptions=True)
        if not isinstance(kernel, BaseException):
            await kernel.kill()

    async def _started(self) -> Kernel:
        kernel = await self._start(bounds_of(self._job.limits))
        try:
            await set_up(kernel, self._job)
            await kernel.send("prepare_request", {"packages": list(needed_by(self._job))}, seconds=IMPORT_SECONDS)
        except BaseException as error:  # also where it is not needed any more
            await kernel.kill()
            if isinstance(error, NoReplyError | KernelDiedError):  # it runs no student code: the fault is ours
                raise SandboxError(
                    say("The Python kernel in which networks are built anew stopped at its start. Nothing was graded.")
                ) from error
            raise
        return kernel
