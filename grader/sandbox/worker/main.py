"""The worker process: reads messages from standard input, writes what was seen to standard output.

It holds the questions of the current job and no expected answer, and it is the only process that a kernel's messages
reach. It launches the first kernel before the first job comes. When its input ends, because the grader is done or dead,
it kills its kernel and exits.

The forkserver forks it; where nothing can be forked, it is started as
`python -P -m grader.sandbox.worker.main FOLDER WALL,WALL... GRADER`, with the grader's process number.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias, TypeVar

from grader.errors import SandboxError
from grader.sandbox.isolation.wall import hold
from grader.sandbox.memory import bound_memory
from grader.sandbox.protocol import Job, MachineryFailed, Measure, Observations, Questions, read, write
from grader.sandbox.tree import remove_tree
from grader.sandbox.worker.kernels import Kernels
from grader.sandbox.worker.launch import Plan
from grader.system import has_ended

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from grader.sandbox.isolation.policy import Bounds
    from grader.sandbox.protocol import Message

Result = TypeVar("Result")
MOST_MEMORY_MIB = 512
"""More than at the beginning. A worker that drives a hostile kernel takes a fifth of that."""
Lines: TypeAlias = "asyncio.Queue[bytes]"
"""What the grader sends, line by line; empty bytes are the end."""


async def serve(kernels: Kernels) -> None:
    """Run jobs until the input ends."""
    lines: Lines = asyncio.Queue()
    reading = (_own_input(), asyncio.get_running_loop(), lines)
    threading.Thread(target=_read_lines, args=reading, daemon=True).start()
    try:
        await kernels.start_ahead()
        while True:
            match await _next(lines):
                case Measure(bounds):
                    await _probe(kernels, bounds)
                case Job() as job:
                    await _work_on(job, lines, kernels)
                case _:  # the end of a job that has failed already
                    continue
    except EOFError:
        return
    finally:
        await kernels.close()


async def _work_on(job: Job, lines: Lines, kernels: Kernels) -> None:
    """Run one job, then answer questions until another message comes; then let the job's kernel end."""
    from grader.sandbox.worker.session import KernelSession  # noqa: PLC0415 (nbclient loads while the first kernel starts)

    session = KernelSession(job, kernels.take)
    try:
        _send(await _unless_input_ends(session.run(), lines))
        while isinstance(further := await _next(lines), Questions):
            _send(Observations(await _unless_input_ends(session.ask(further.questions), lines)))
    except SandboxError as error:
        _send(MachineryFailed(error.text))
    finally:
        await kernels.leave(session)


async def _probe(kernels: Kernels, bounds: Bounds) -> None:
    """Send how strong the wall of the next kernel is."""
    try:
        _send((await kernels.ready(bounds)).isolation)
    except SandboxError as error:
        _send(MachineryFailed(error.text))


def _send(message: Message) -> None:
    sys.stdout.buffer.write(write(message))
    sys.stdout.buffer.flush()


async def _next(lines: Lines) -> Message:
    """Return the grader's next message; raise EOFError when the input has ended."""
    if not (line := await lines.get()):
        raise EOFError
    return read(line)


async def _unless_input_ends(act: Coroutine[Any, Any, Result], lines: Lines) -> Result:
    """Wait for an act; if the input ends meanwhile, stop it and raise EOFError.

    Nothing else can come in: the grader sends the next line when this one is answered.
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


def _own_input() -> IO[bytes]:
    """Return standard input under another number, and leave nothing to be read under its own.

    On Windows, whoever asks what descriptor 0 is waits until nobody reads it, and importing NumPy asks: together with
    the thread that reads it waits for good (https://github.com/numpy/numpy/issues/24290).
    """
    own, nothing = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return os.fdopen(own, "rb")


def _read_lines(source: IO[bytes], loop: asyncio.AbstractEventLoop, lines: Lines) -> None:
    """Feed the queue from what the grader sends."""
    for line in source:
        loop.call_soon_threadsafe(lines.put_nowait, line)
    loop.call_soon_threadsafe(lines.put_nowait, b"")


def work(plan: Plan, *, starts_ahead: bool = False) -> None:
    """Run jobs until the input ends, in the plan's folder; `starts_ahead` says whether a next kernel is made ready."""
    logging.disable(logging.CRITICAL)  # nbclient logs what a notebook does; the record says it
    bound_memory(MOST_MEMORY_MIB)
    os.chdir(plan.folder)
    hold(plan.walls)
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:  # ZeroMQ needs one that waits on sockets
        runner.run(serve(Kernels(plan, starts_ahead=starts_ahead)))


if __name__ == "__main__":
    started_in, walls, grader = sys.argv[1:]
    try:
        work(Plan(Path(started_in), tuple(walls.split(","))))
    finally:
        if has_ended(int(grader)):  # it was killed, and cannot remove the folder itself
            remove_tree(Path(started_in))
    gc.freeze()  # else Python goes through all objects three times at its end, which takes a tenth of a second
