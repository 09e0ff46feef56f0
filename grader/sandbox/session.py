"""One submission from its first cell to its last answer, through as many kernels as it takes.

A kernel that dies, or cannot be interrupted, is killed and started again: the notebook is run again without the
cell that ended it, and the questions that are left are asked. So each function answers for itself alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from grader.built import encode_watch
from grader.errors import SandboxError
from grader.messages import say
from grader.model import (
    LEVELS,
    CellStopped,
    Died,
    NotAsked,
    OverLimit,
    Place,
    Returned,
    Run,
    TimedOut,
    Unreadable,
)
from grader.sandbox.allegations import read_allegation
from grader.sandbox.engine import Engine
from grader.sandbox.helpers import copy_helpers
from grader.sandbox.kernel import Kernel, KernelDiedError, NoReplyError
from grader.values import encode_argument

if TYPE_CHECKING:
    from grader.model import Cell, Level, Observation, Question
    from grader.sandbox.job import Job

SHORTEST_SECONDS = 0.05
PREPARE_SECONDS = 60.0
"""How long the packages of the lab may take to import: the time is not the student's."""

CPU_FACTOR, CPU_SPARE_SECONDS = 4.0, 120.0
"""Processor time ends a kernel where nothing else does: several threads at work all the time, and importing."""

MOST_ANSWERED_BYTES = 16 * 2**20
"""All answers of a submission together; a lab of the course has some thousand."""


class Start(Protocol):
    """Gives a fresh kernel that is ready."""

    async def __call__(self, *, processes: bool) -> Kernel:
        """Start it, if none has been started ahead."""


class Session:
    """A submission being run. `start` gives a fresh kernel each time that one is needed."""

    def __init__(self, job: Job, start: Start) -> None:
        self._job = job
        self._start = start
        self._deadline = monotonic() + job.limits.submission_seconds
        self._packages: tuple[str, ...] | None = job.packages
        self._shortened = False
        self._answered_bytes = 0
        self._isolation: Level | None = None
        self._looks: dict[tuple[str, str, int, int], Observation] = {}  # one look at a network serves several checks
        self._kernel: Kernel | None = None
        self._engine: Engine | None = None
        self._ended_kernel: dict[int, CellStopped] = {}  # by cell number: not run again
        self._stopped: dict[int, CellStopped] = {}

    async def run(self) -> Run:
        """Run the notebook, ask every question, and return what was seen. The kernel stays until `close`."""
        began = monotonic()
        await self._run_notebook()
        asked = monotonic()
        observations = await self._ask_all()
        cells = self._stopped | self._ended_kernel
        return Run(
            observations=tuple(observations),
            cells=tuple(cells[number] for number in sorted(cells)),
            isolation=self._isolation or "none",
            shortened=self._shortened,
            seconds={"notebook": asked - began, "questions": monotonic() - asked},
        )

    async def ask(self, question: Question) -> Observation:
        """Ask one more question, where the kernel is still there; the notebook is not run again for it."""
        return NotAsked() if self._kernel is None else await self._ask_now(question)

    async def close(self) -> None:
        """End the kernel, if there is one."""
        await self._drop_kernel()

    # The notebook -------------------------------------------------------------------------------------------

    async def _run_notebook(self) -> None:
        """Run all cells in a fresh kernel, again without the cell that ends it if one does."""
        while True:
            began = monotonic()
            kernel = self._kernel = await self._start(processes=self._job.limits.processes > 0)
            self._deadline += monotonic() - began  # our machinery's time is not the student's
            self._see_the_wall(kernel)
            await self._set_up(kernel)
            if self._job.helpers is not None:
                copy_helpers(self._job.helpers, kernel.scratch)
            engine = self._engine = Engine(self._job.cells, kernel, cell_seconds=self._cell_seconds)
            self._stopped = {}
            if await self._run_cells(engine, kernel) and await self._prepare(kernel):
                return
            await self._drop_kernel()

    def _see_the_wall(self, kernel: Kernel) -> None:
        """Keep the weakest level of all kernels; raise SandboxError for one that is weaker than it must be."""
        level, needed = kernel.isolation.level, self._job.isolation
        self._isolation = min(self._isolation or level, level, key=LEVELS.index)
        if LEVELS.index(level) < LEVELS.index(needed):
            raise SandboxError(
                say("Isolation is {level} here; {needed} is required. Nothing was graded.", level=level, needed=needed)
            )

    async def _set_up(self, kernel: Kernel) -> None:
        training = self._job.training
        content = {
            "seed": self._job.seed,
            "mnist": None if self._job.mnist is None else str(self._job.mnist),
            "training": None if training is None else asdict(training),
            "limits": {
                "memory_mib": self._job.limits.memory_mib,
                "disk_mib": self._job.limits.disk_mib,
                "cpu_seconds": int(CPU_FACTOR * self._job.limits.submission_seconds + CPU_SPARE_SECONDS),
            },
        }
        try:
            await kernel.send("setup_request", content, seconds=PREPARE_SECONDS)
        except (NoReplyError, KernelDiedError) as error:  # no student code has run yet: it is ours
            raise SandboxError(
                say("The Python kernel stopped before the notebook began. Nothing was graded.")
            ) from error
        kernel.keep_to(self._job.limits)

    async def _run_cells(self, engine: Engine, kernel: Kernel) -> bool:
        """Run the cells one by one; say whether the kernel is still to be used."""
        for index, cell in enumerate(self._job.cells):
            if cell.number in self._ended_kernel:
                continue
            if self._left() <= 0:
                self._stopped[cell.number] = CellStopped(Place(cell.number, None), "not_run")
                return True
            if not await self._run_cell(engine, kernel, index, cell):
                return False
        return True

    async def _run_cell(self, engine: Engine, kernel: Kernel, index: int, cell: Cell) -> bool:
        try:
            stopped = await engine.run(index, cell)
        except KernelDiedError as death:
            self._ended_kernel[cell.number] = _ended(cell.number, death)
            return False
        if stopped is not None:
            short = OverLimit("memory", self._job.limits.memory_mib) if stopped.kind == "MemoryError" else None
            self._stopped[cell.number] = stopped = replace(stopped, over=short)
        if stopped is not None and stopped.how == "timed_out" and not await kernel.interrupt():
            self._ended_kernel[cell.number] = stopped
            return False
        return True

    async def _prepare(self, kernel: Kernel) -> bool:
        """Import now what the notebook may import only inside of a function; say whether the kernel is well."""
        packages, self._packages = self._packages, None
        if packages is None:
            return True
        try:
            began = monotonic()
            reply = await kernel.send("prepare_request", {"packages": list(packages)}, seconds=PREPARE_SECONDS)
            self._deadline += monotonic() - began
        except (NoReplyError, KernelDiedError):
            return False  # the notebook is run again, without preparing
        self._shortened = reply.get("shortened") is True
        self._packages = packages
        return True

    # The questions ------------------------------------------------------------------------------------------

    async def _ask_all(self) -> list[Observation]:
        observations: list[Observation] = []
        decided: set[tuple[str, str]] = set()
        for question in self._job.questions:
            check = (question.task, question.check)
            observation = NotAsked() if check in decided else await self._ask(question)
            if isinstance(observation, TimedOut | Died | OverLimit):
                decided.add(check)  # the others would cost as much again and change nothing
            observations.append(observation)
        return observations

    async def _ask(self, question: Question) -> Observation:
        if question.watch is None:
            return await self._ask_now(question)
        arguments = json.dumps([encode_argument(value) for value in question.arguments])
        look = (question.task, arguments, question.watch.seed, question.watch.epochs)
        if look not in self._looks:
            self._looks[look] = await self._ask_now(question)
        return self._looks[look]

    async def _ask_now(self, question: Question) -> Observation:
        if self._left() <= 0:
            return TimedOut("submission", self._job.limits.submission_seconds)
        if self._kernel is None:
            await self._run_notebook()
        kernel, engine = self._kernel, self._engine
        if kernel is None or engine is None or self._left() <= 0:  # running it again took what was left
            return TimedOut("submission", self._job.limits.submission_seconds)
        content = {
            "function": question.task,
            "arguments": [encode_argument(value) for value in question.arguments],
            "watch": encode_watch(question.watch),
        }
        watching = 0.0 if question.watch is None else question.watch.seconds
        seconds = min(self._job.limits.call_seconds + watching, max(self._left(), SHORTEST_SECONDS))
        try:
            reply = await kernel.send("ask_request", content, seconds=seconds)
        except NoReplyError:
            if not await kernel.interrupt():
                await self._drop_kernel()
            return self._timed_out(seconds)
        except KernelDiedError as death:
            await self._drop_kernel()
            return death.over or Died(death.signal)
        observation = read_allegation(reply.get("observation"), engine.place, self._job.limits)
        if isinstance(observation, Returned):
            self._answered_bytes += observation.value.nbytes
            return Unreadable("large", "") if self._answered_bytes > MOST_ANSWERED_BYTES else observation
        return observation

    def _timed_out(self, seconds: float) -> TimedOut:
        if self._left() <= 0:
            return TimedOut("submission", self._job.limits.submission_seconds)
        return TimedOut("call", seconds)

    # Kernels and time ---------------------------------------------------------------------------------------

    async def _drop_kernel(self) -> None:
        kernel, self._kernel, self._engine = self._kernel, None, None
        if kernel is not None:
            await kernel.kill()

    def _left(self) -> float:
        return self._deadline - monotonic()

    def _cell_seconds(self) -> float:
        return min(self._job.limits.cell_seconds, max(self._left(), SHORTEST_SECONDS))


def _ended(number: int, death: KernelDiedError) -> CellStopped:
    """Say how the cell stopped in which the kernel ended."""
    signal = "" if death.signal is None else str(death.signal)
    return CellStopped(Place(number, None), "died", kind=signal, over=death.over)
