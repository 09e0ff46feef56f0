"""The worker process: reads jobs and questions from standard input, writes what was seen to standard output.

It holds the questions of the job at hand and no expected answer, and it is the only process that a kernel's
messages reach. The first kernel is started before the first job is there. When its input ends, because the
grader is done or dead, it kills its kernel and leaves.

Started as `python -P -m grader.sandbox.worker.main GRADER SCRATCH WALL,WALL... [warm]`, GRADER is its process.
With `warm` kernels are forked from a warm parent, which imports the packages that a line names, each while the one
before is in use. The workers of a class are not started but forked, each with its warm parent: see `office`.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import json
import logging
import os
import shutil
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from grader.errors import SandboxError
from grader.sandbox.environment import environment_of
from grader.sandbox.worker.launch import Plan, spawn_kernel, wait_until_ready

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from grader.sandbox.worker.kernel import Kernel
    from grader.sandbox.worker.session import Session

T = TypeVar("T")

TRIES = 2
"""How often a kernel is started before it is said that none starts."""


async def serve(scratch: Path, plan: Plan, *, is_warm: bool) -> None:
    """Run jobs until the input ends. Where the plan has a warm parent already, kernels are forked from that."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes] = asyncio.Queue()
    threading.Thread(target=_read_lines, args=(loop, lines), daemon=True).start()
    kernels = _Kernels(scratch, plan, is_warm=is_warm)
    try:
        await kernels.begin()
        from grader.sandbox.protocol import DONE, LOOK, WARM, read_packages  # noqa: PLC0415 (while the first kernel starts)

        while line := await lines.get():
            if line.startswith(LOOK):
                await _look(line, kernels)
            elif line.startswith(WARM):
                await kernels.warm_up(read_packages(line))
            elif line.strip() != DONE:  # of a job that our machinery ended itself
                await _sit(line, lines, kernels)
    except EOFError:
        return
    finally:
        await kernels.close()


async def _sit(line: bytes, lines: asyncio.Queue[bytes], kernels: _Kernels) -> None:
    """Run one job, then answer further questions until a line that is none. No kernel is left."""
    from grader.sandbox.protocol import read_job, read_question, write_run  # noqa: PLC0415 (while the first kernel starts)
    from grader.sandbox.worker.session import Session  # noqa: PLC0415 (same: nbclient takes long to import)
    from grader.wire.observations import encode_observation  # noqa: PLC0415 (same)

    session = Session(read_job(line), kernels.take)
    try:
        _reply(write_run(await _unless_input_ends(session.run(), lines)))
        while further := await lines.get():
            question = read_question(further)
            if question is None:
                return
            seen = await _unless_input_ends(session.ask(question), lines)
            _reply(json.dumps({"observation": encode_observation(seen)}))
        raise EOFError
    except SandboxError as error:
        _reply(json.dumps({"machinery": [error.text.zh_tw, error.text.en]}))
    finally:
        await kernels.leave(session)


async def _look(line: bytes, kernels: _Kernels) -> None:
    """Tell how strong the wall of the kernel is that will be used next."""
    from grader.sandbox.protocol import LOOK_WITH_PROCESSES, write_isolation  # noqa: PLC0415 (while the first kernel starts)

    try:
        kernel = await kernels.ready(processes=line.strip() == LOOK_WITH_PROCESSES)
        _reply(write_isolation(kernel.isolation))
    except SandboxError as error:
        _reply(json.dumps({"machinery": [error.text.zh_tw, error.text.en]}))


def _reply(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class _Kernels:
    """Gives fresh kernels, the first of them started ahead; with a warm parent every one of them."""

    def __init__(self, scratch: Path, plan: Plan, *, is_warm: bool) -> None:
        self._scratch = scratch
        self._plan = plan
        self._is_warm = is_warm
        self._packages: tuple[str, ...] = ()
        self._ahead: Kernel | None = None
        self._starting: asyncio.Future[None] | None = None
        self._ending: asyncio.Future[None] | None = None

    async def begin(self) -> None:
        """Start what the kernels come from; where they are started cold, the first of them."""
        if not self._is_warm:
            await self.start_ahead()
            return
        with contextlib.suppress(OSError):  # it is tried again with the first kernel
            if self._plan.warm is None:
                await self._start_warm()

    async def warm_up(self, packages: tuple[str, ...]) -> None:
        """Have kernels that have imported packages from now on, the first of them at once."""
        await self._drop()
        self._packages = packages
        if self._plan.warm is not None:
            try:
                await self._plan.warm.prepare(packages)
            except OSError:
                await self._end_warm()  # another one is started with the next kernel
        await self.start_ahead()

    async def start_ahead(self) -> None:
        try:
            self._ahead = await self._spawn()
        except SandboxError:
            self._ahead = None  # it is tried again, and told, when one is needed

    async def take(self, *, processes: bool) -> Kernel:
        """Return a kernel that is ready, and is the caller's from now on."""
        kernel = await self.ready(processes=processes)
        self._ahead = None
        if self._is_warm:
            self._starting = asyncio.ensure_future(self.start_ahead())
        return kernel

    async def ready(self, *, processes: bool) -> Kernel:
        """Return the next kernel, which stays here: the one started ahead, where that is of the right kind."""
        if self._starting is not None:
            await self._starting
        if processes != self._plan.processes:
            await self._drop()
            self._plan = replace(self._plan, processes=processes)
        for left in reversed(range(TRIES)):
            try:
                kernel, self._ahead = self._ahead or await self._spawn(), None
                await wait_until_ready(kernel)
            except SandboxError:
                if not left:
                    raise
            else:
                self._ahead = kernel
                return kernel
        raise AssertionError

    async def _spawn(self) -> Kernel:
        """Start a kernel; where the warm parent has failed, another one is started first."""
        try:
            if self._is_warm and self._plan.warm is None:
                await self._start_warm()
        except OSError:
            await self._end_warm()  # then this kernel is started cold
        try:
            return await spawn_kernel(self._scratch, self._plan)
        except SandboxError:
            await self._end_warm()
            raise

    async def _start_warm(self) -> None:
        """Start a warm parent where there can be one; raise OSError where it ends at once."""
        if sys.platform == "linux":
            from grader.sandbox.worker.provisioner import WarmParent  # noqa: PLC0415 (Linux alone)

            self._plan = replace(self._plan, warm=WarmParent.start(self._scratch))
            if self._packages and self._plan.warm is not None:
                await self._plan.warm.prepare(self._packages)

    async def _end_warm(self) -> None:
        warm, self._plan = self._plan.warm, replace(self._plan, warm=None)
        if warm is not None:
            warm.end()

    async def leave(self, session: Session) -> None:
        """Let a session end while the next one begins; one at a time, so that what is left stays bounded."""
        if self._ending is not None:
            await self._ending
        self._ending = asyncio.ensure_future(session.close())

    async def _drop(self) -> None:
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            await ahead.kill()

    async def close(self) -> None:
        under_way = [one for one in (self._starting, self._ending) if one is not None]
        await asyncio.gather(*under_way, return_exceptions=True)
        await self._drop()
        await self._end_warm()


async def _unless_input_ends(act: Coroutine[Any, Any, T], lines: asyncio.Queue[bytes]) -> T:
    """Wait for an act; if the grader goes away meanwhile, stop it and raise EOFError.

    Nothing but the end can come in meanwhile: the next line is sent when this one is answered.
    """
    acting, ended = asyncio.ensure_future(act), asyncio.ensure_future(lines.get())
    both: set[asyncio.Future[Any]] = {acting, ended}
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    if not ended.done():
        ended.cancel()
        return acting.result()
    acting.cancel()
    await asyncio.gather(acting, return_exceptions=True)
    raise EOFError


def _read_lines(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[bytes]) -> None:
    """Feed the queue from standard input; an empty line is its end."""
    for line in sys.stdin.buffer:
        loop.call_soon_threadsafe(lines.put_nowait, line)
    loop.call_soon_threadsafe(lines.put_nowait, b"")


def prepare() -> None:
    """Import what a worker imports when its first job comes."""
    for name in ("grader.sandbox.protocol", "grader.sandbox.worker.provisioner", "grader.sandbox.worker.session"):
        importlib.import_module(name)


def begin_forked(folder: Path, walls: tuple[str, ...]) -> None:
    """Be a worker in a process that was forked for it: fork a warm parent, then run jobs until the input ends."""
    from grader.sandbox.isolation.linux import be_called  # noqa: PLC0415 (Linux alone)
    from grader.sandbox.worker.provisioner import WarmParent  # noqa: PLC0415 (same)

    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment_of(folder))
    plan = Plan(folder / "data", layers=walls, warm=WarmParent.forked())
    be_called("grade-worker")
    work(os.getppid(), folder, plan, is_warm=True)


def work(grader: int, folder: Path, plan: Plan, *, is_warm: bool) -> None:
    """Run jobs until the input ends; remove the folder if the grader, or what stands for it here, has gone then."""
    logging.disable(logging.CRITICAL)  # nbclient logs what a notebook does; it is told in the record
    try:
        asyncio.run(serve(folder, plan, is_warm=is_warm))
    finally:
        if os.getppid() != grader:  # it was killed, and cannot clear up itself
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    started_by, own, walls, *warm = sys.argv[1:]
    plan = Plan(Path(own) / "data", layers=tuple(walls.split(",")))
    work(int(started_by), Path(own), plan, is_warm=warm == ["warm"])
    gc.freeze()  # else what is left is looked through three times before the process may end: a tenth of a second
