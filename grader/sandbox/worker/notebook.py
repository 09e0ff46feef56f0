"""A notebook being run, in as many kernels as it takes.

A kernel that dies or cannot be interrupted is replaced, and the notebook is run again without the cell that ended it.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from grader.errors import SandboxError
from grader.messages.sentences import say
from grader.model import LEVELS, CellStopped, OverLimit, Place, TimedOut
from grader.sandbox.folder import require_folder
from grader.sandbox.isolation.policy import bounds_of
from grader.sandbox.worker.engine import Engine
from grader.sandbox.worker.helper_files import copy_data, copy_helpers
from grader.sandbox.worker.kernel import Kernel, KernelDiedError, NoReplyError
from grader.sandbox.worker.untrusted import is_out_of_memory

if TYPE_CHECKING:
    from grader.model import Cell, Level, PassedOver
    from grader.sandbox.isolation.policy import Bounds
    from grader.sandbox.protocol import Job

SHORTEST_SECONDS = 0.05
IMPORT_SECONDS = 240.0
"""How long the packages of the lab may take to import: TensorFlow takes minutes where each of its files is scanned.

Neither this nor PREPARE_SECONDS counts as the student's time.
"""
PREPARE_SECONDS = 60.0
"""How long a kernel may take for its limits, and for what the cells have left to be imported."""

CPU_FACTOR, CPU_SPARE_SECONDS = 4.0, 120.0
"""Processor time is only the last limit: it allows several threads at work all the time, and imports."""


class Start(Protocol):
    """Gives a fresh kernel that is ready."""

    async def __call__(self, bounds: Bounds) -> Kernel:
        """Return the kernel, which was launched with such bounds."""


class Notebook:
    """The cells of a submission. `start` gives a fresh kernel for each run of them."""

    def __init__(self, job: Job, start: Start) -> None:
        self.kernel: Kernel | None = None
        """The kernel in which all cells have been run; None before that, and when it has ended."""
        self.engine: Engine | None = None
        self.shortened = False
        self.passed_over: tuple[PassedOver, ...] = ()
        self.isolation: Level | None = None
        """The weakest of all kernels."""
        self._job = job
        self._start = start
        self._deadline = monotonic() + job.limits.submission_seconds
        self._packages: tuple[str, ...] | None = job.packages
        self._ended_kernel: dict[int, CellStopped] = {}  # by cell number: not run again
        self._stopped: dict[int, CellStopped] = {}

    @property
    def stops(self) -> tuple[CellStopped, ...]:
        """Return the cells that did not run to their end, in order."""
        cells = self._stopped | self._ended_kernel
        return tuple(cells[number] for number in sorted(cells))

    def left(self) -> float:
        """Return how many seconds the submission still has."""
        return self._deadline - monotonic()

    def give_back(self, seconds: float) -> None:
        """Let the submission have time that our machinery has taken."""
        self._deadline += seconds

    def patience(self, training: float) -> float:
        """Return how long an answer may take; `training` are the seconds that it may train in addition."""
        return min(self._job.limits.call_seconds + training, max(self.left(), SHORTEST_SECONDS))

    def timed_out(self, seconds: float) -> TimedOut:
        """Return which limit was passed by an answer that took so long."""
        if self.left() <= 0:
            return TimedOut("submission", self._job.limits.submission_seconds)
        return TimedOut("call", seconds)

    async def drop_kernel(self) -> None:
        """End the kernel, if there is one."""
        kernel, self.kernel, self.engine = self.kernel, None, None
        if kernel is not None:
            await kernel.kill()

    async def run(self) -> None:
        """Run all cells in a fresh kernel; where a cell ends it, run the others in another one."""
        while not await self._run_in(await self._fresh()):
            await self.drop_kernel()

    async def _fresh(self) -> Kernel:
        """Return a fresh kernel with its limits."""
        began = monotonic()
        kernel = self.kernel = await self._start(bounds_of(self._job.limits))
        self.give_back(monotonic() - began)  # our machinery's time is not the student's
        self.require_the_wall(kernel)
        await set_up(kernel, self._job)
        return kernel

    async def _run_in(self, kernel: Kernel) -> bool:
        """Run all cells in a fresh kernel; say whether it is still to be used.

        The packages of the lab are imported before the first cell, so that no cell's limit pays for them: a kernel that
        was forked has them already.
        """
        if not await self._prepare(kernel, seconds=IMPORT_SECONDS):
            return False
        if self._job.helpers is not None:
            copy_helpers(self._job.helpers, kernel.scratch)
        copy_data(self._job.files, kernel.scratch)
        engine = self.engine = Engine(self._job.cells, kernel, cell_seconds=self._cell_seconds)
        self._stopped = {}
        ran = await self._run_cells(engine, kernel)
        self.passed_over = tuple(engine.passed_over)
        return ran and await self._prepare(kernel, seconds=PREPARE_SECONDS)

    def require_the_wall(self, kernel: Kernel) -> None:
        """Note the weakest level of all kernels; raise SandboxError where a kernel's is weaker than it must be."""
        level, needed = kernel.isolation.level, self._job.isolation
        self.isolation = min(self.isolation or level, level, key=LEVELS.index)
        if LEVELS.index(level) < LEVELS.index(needed):
            raise SandboxError(
                say("Isolation is {level} here; {needed} is required. Nothing was graded.", level=level, needed=needed)
            )

    def require_its_folder(self) -> None:
        """Raise SandboxError where the kernel's folder was removed; behind a good wall the notebook cannot do that."""
        if self.kernel is not None and self.isolation in {"good", "strong"}:
            require_folder(self.kernel.folder)

    async def _run_cells(self, engine: Engine, kernel: Kernel) -> bool:
        """Run the cells one by one; say whether the kernel is still to be used."""
        for index, cell in enumerate(self._job.cells):
            if cell.number in self._ended_kernel:
                continue
            if self.left() <= 0:
                self._stopped[cell.number] = CellStopped(Place(cell.number, None), "not_run")
                return True
            if not await self._run_cell(engine, kernel, index, cell=cell):
                return False
        return True

    async def _run_cell(self, engine: Engine, kernel: Kernel, index: int, cell: Cell) -> bool:
        try:
            stopped = await engine.run(index, cell)
        except KernelDiedError as death:
            self._ended_kernel[cell.number] = _ended(cell.number, death)
            return False
        if stopped is not None:
            self._stopped[cell.number] = stopped = replace(stopped, over=self._short(kernel, stopped))
        if stopped is not None and stopped.how == "timed_out" and not await kernel.interrupt():
            self._ended_kernel[cell.number] = stopped
            return False
        return True

    def _short(self, kernel: Kernel, stopped: CellStopped) -> OverLimit | None:
        """Return the limit that a cell's exception tells of."""
        if is_out_of_memory(stopped.kind, stopped.message):
            return OverLimit("memory", self._job.limits.memory_mib)
        return kernel.refused(stopped.message)

    async def _prepare(self, kernel: Kernel, *, seconds: float) -> bool:
        """Import the lab's packages, where they are not imported yet; say whether the kernel is still to be used."""
        packages, self._packages = self._packages, None
        if packages is None:
            return True
        began = monotonic()
        try:
            reply = await kernel.send("prepare_request", {"packages": list(packages)}, seconds=seconds)
        except (NoReplyError, KernelDiedError):
            return False  # the notebook is run again without this step
        finally:
            self.give_back(monotonic() - began)
        self.shortened = reply.get("shortened") is True
        self._packages = packages
        return True

    def _cell_seconds(self) -> float:
        return min(self._job.limits.cell_seconds, max(self.left(), SHORTEST_SECONDS))


async def set_up(kernel: Kernel, job: Job) -> None:
    """Give a fresh kernel its limits and what else it has before any student code; raise SandboxError if it ends."""
    training = job.training
    content = {
        "seed": job.seed,
        "mnist": None if job.mnist is None else str(job.mnist),
        "training": None if training is None else asdict(training),
        "limits": {
            "memory_mib": job.limits.memory_mib,
            "cpu_seconds": int(CPU_FACTOR * job.limits.submission_seconds + CPU_SPARE_SECONDS),
        },
    }
    try:
        await kernel.send("setup_request", content, seconds=PREPARE_SECONDS)
    except (NoReplyError, KernelDiedError) as error:  # no student code has run yet: the fault is ours
        raise SandboxError(say("The Python kernel stopped before the notebook began. Nothing was graded.")) from error
    kernel.keep_to(job.limits)


def _ended(number: int, death: KernelDiedError) -> CellStopped:
    """Say how the cell stopped in which the kernel ended."""
    signal = "" if death.signal is None else str(death.signal)
    return CellStopped(Place(number, None), "died", kind=signal, over=death.over)
