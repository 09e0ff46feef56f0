"""The kernels of a worker: a fresh one for each run of a notebook; the first is launched ahead."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.sandbox.worker.bounded_folder import OutOfReachError
from grader.sandbox.worker.launch import launch_kernel, wait_until_ready

if TYPE_CHECKING:
    from grader.sandbox.isolation.policy import Bounds
    from grader.sandbox.worker.kernel import Kernel
    from grader.sandbox.worker.launch import Plan
    from grader.sandbox.worker.session import KernelSession

TRIES = 2
"""How often a kernel is launched before that is given up."""


class Kernels:
    """Gives fresh kernels. With `starts_ahead` the next one is made ready while one is in use."""

    def __init__(self, plan: Plan, *, starts_ahead: bool) -> None:
        self._plan = plan
        self._starts_ahead = starts_ahead
        self._ahead: Kernel | None = None
        self._starting: asyncio.Future[None] | None = None
        self._ending: asyncio.Future[None] | None = None
        self._taking = asyncio.Lock()

    async def start_ahead(self) -> None:
        """Launch the next kernel; where that fails, it is tried again when a kernel is needed."""
        try:
            self._ahead = await launch_kernel(self._plan)
        except SandboxError:
            self._ahead = None

    async def take(self, bounds: Bounds) -> Kernel:
        """Return a kernel that is ready, and is the caller's from now on."""
        async with self._taking:  # a submission may need two at once
            kernel = await self.ready(bounds)
            self._ahead = None
            if self._starts_ahead:
                self._starting = asyncio.ensure_future(self.start_ahead())
        return kernel

    async def ready(self, bounds: Bounds) -> Kernel:
        """Return the next kernel, ready but not taken: the one launched ahead, if it has the right bounds."""
        if self._starting is not None:
            await asyncio.shield(self._starting)  # whoever waits may be stopped, and the next one needs it
        if bounds != self._plan.bounds:
            await self._drop()
            self._plan = replace(self._plan, bounds=bounds)
        for left in reversed(range(TRIES)):
            try:
                kernel, self._ahead = self._ahead or await launch_kernel(self._plan), None
                await wait_until_ready(kernel)
            except SandboxError:
                if not left:
                    raise
            except OutOfReachError:
                self._plan = replace(self._plan, bounded=False)
                return await self.ready(bounds)
            else:
                self._ahead = kernel
                return kernel
        raise AssertionError

    async def leave(self, session: KernelSession) -> None:
        """Let a session end while the next one begins; one at a time, so that they do not pile up."""
        if self._ending is not None:
            await self._ending
        self._ending = asyncio.ensure_future(session.close())

    async def _drop(self) -> None:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            await ahead.kill()

    async def close(self) -> None:
        """End every kernel."""
        under_way = [future for future in (self._starting, self._ending) if future is not None]
        await asyncio.gather(*under_way, return_exceptions=True)
        await self._drop()
