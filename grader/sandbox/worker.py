"""The worker process: reads jobs from standard input, writes runs to standard output, a line of JSON each.

It holds the questions of the job at hand and no expected answer, and it is the only process that a kernel's
messages reach. The first kernel is started before the first job is there. When its input ends, because the
grader is done or dead, it kills its kernel and leaves.

Started as `python -P -m grader.sandbox.worker SCRATCH`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import SandboxError
from grader.sandbox.kernel import spawn_kernel, wait_until_ready

if TYPE_CHECKING:
    from grader.model import Run
    from grader.sandbox.kernel import Kernel

TRIES = 2
"""How often a kernel is started before it is said that none starts."""


async def serve(scratch: Path) -> None:
    """Run jobs until the input ends."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes] = asyncio.Queue()
    threading.Thread(target=_read_lines, args=(loop, lines), daemon=True).start()
    kernels = _Kernels(scratch)
    try:
        await kernels.start_ahead()
        from grader.sandbox.job import read_job, write_run  # noqa: PLC0415 (while the first kernel starts)
        from grader.sandbox.session import Session  # noqa: PLC0415 (same: nbclient takes long to import)

        while line := await lines.get():
            try:
                session = asyncio.ensure_future(Session(read_job(line), kernels.take).run())
                reply = write_run(await _unless_input_ends(session, lines))
            except SandboxError as error:
                reply = json.dumps({"machinery": [error.text.zh_tw, error.text.en]})
            sys.stdout.write(reply + "\n")
            sys.stdout.flush()
    except EOFError:
        return
    finally:
        await kernels.close()


class _Kernels:
    """Gives fresh kernels, the first of them started ahead."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._ahead: Kernel | None = None

    async def start_ahead(self) -> None:
        try:
            self._ahead = await spawn_kernel(self._scratch)
        except SandboxError:
            self._ahead = None  # it is tried again, and told, when one is needed

    async def take(self) -> Kernel:
        for left in reversed(range(TRIES)):
            try:
                kernel, self._ahead = self._ahead or await spawn_kernel(self._scratch), None
                await wait_until_ready(kernel)
            except SandboxError:
                if not left:
                    raise
            else:
                return kernel
        raise AssertionError

    async def close(self) -> None:
        if self._ahead is not None:
            await self._ahead.kill()


async def _unless_input_ends(session: asyncio.Future[Run], lines: asyncio.Queue[bytes]) -> Run:
    """Wait for the session; if the grader goes away meanwhile, stop it, kernel and all, and raise EOFError.

    Nothing but the end can come in meanwhile: the next job is sent when this one is answered.
    """
    ended = asyncio.ensure_future(lines.get())
    both: set[asyncio.Future[Any]] = {session, ended}
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    if not ended.done():
        ended.cancel()
        return session.result()
    session.cancel()
    await asyncio.gather(session, return_exceptions=True)
    raise EOFError


def _read_lines(loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[bytes]) -> None:
    """Feed the queue from standard input; an empty line is its end."""
    for line in sys.stdin.buffer:
        loop.call_soon_threadsafe(lines.put_nowait, line)
    loop.call_soon_threadsafe(lines.put_nowait, b"")


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # nbclient logs what a notebook does; it is told in the record
    grader, folder = os.getppid(), Path(sys.argv[1])
    try:
        asyncio.run(serve(folder))
    finally:
        if os.getppid() != grader:  # it was killed, and cannot clear up itself
            shutil.rmtree(folder, ignore_errors=True)
