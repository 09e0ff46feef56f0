"""One submission from its first cell to its last answer, through as many kernels as it takes.

A kernel that dies, or cannot be interrupted, is killed and started again: the notebook is run again without the
cell that ended it, and the questions that are left are asked. So each function answers for itself alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from itertools import takewhile
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

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
from grader.sandbox.asking import ASKING_SECONDS
from grader.sandbox.engine import Engine
from grader.sandbox.helpers import copy_helpers
from grader.sandbox.kernel import Kernel, KernelDiedError, NoReplyError
from grader.values import encode_argument

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.model import Cell, Level, Observation, Question
    from grader.sandbox.job import Job

SHORTEST_SECONDS = 0.05
PREPARE_SECONDS = 60.0
"""How long the packages of the lab may take to import: the time is not the student's."""

CPU_FACTOR, CPU_SPARE_SECONDS = 4.0, 120.0
"""Processor time ends a kernel where nothing else does: several threads at work all the time, and importing."""

MOST_TOGETHER = 200
"""How many questions one message holds at most."""

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
        self._one_by_one = 0
        """How many questions are still to be put alone: one of them ended the kernel when they were together."""
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
        return NotAsked() if self._kernel is None else (await self._ask_now([question]))[0]

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
        while waiting := self._job.questions[len(observations) :]:
            some = self._next(waiting, decided)
            if not some:
                observations.append(NotAsked())
                continue
            seen = [await self._look(some[0])] if some[0].watch else await self._ask_now(some)
            for question, observation in zip(some, seen, strict=False):
                observations.append(observation)
                if isinstance(observation, TimedOut | Died | OverLimit):
                    decided.add((question.task, question.check))  # the others would cost as much and change nothing
        return observations

    def _next(self, waiting: Sequence[Question], decided: set[tuple[str, str]]) -> tuple[Question, ...]:
        """Return the questions to put together: none, where the first of those that wait is not to be asked."""
        if (waiting[0].task, waiting[0].check) in decided:
            return ()
        if waiting[0].watch is not None or self._one_by_one > 0:
            return (waiting[0],)
        return tuple(
            takewhile(lambda one: one.watch is None and (one.task, one.check) not in decided, waiting[:MOST_TOGETHER])
        )

    async def _look(self, question: Question) -> Observation:
        """Look at a network, or remember what was seen when it was looked at before."""
        if question.watch is None:
            raise AssertionError
        arguments = json.dumps([encode_argument(value) for value in question.arguments])
        look = (question.task, arguments, question.watch.seed, question.watch.epochs)
        if look not in self._looks:
            [self._looks[look]] = await self._ask_now([question])
        return self._looks[look]

    async def _ask_now(self, questions: Sequence[Question]) -> list[Observation]:
        """Put questions in one message; return what was observed of the first ones, of one question always that.

        Where several were put, and the kernel ended or was stuck, nobody knows at which: nothing is returned, and
        they are put one by one from then on.
        """
        if self._left() <= 0:
            return [TimedOut("submission", self._job.limits.submission_seconds)]
        if self._kernel is None:
            await self._run_notebook()
        kernel, engine = self._kernel, self._engine
        if kernel is None or engine is None or self._left() <= 0:  # running it again took what was left
            return [TimedOut("submission", self._job.limits.submission_seconds)]
        if len(questions) == 1:
            self._one_by_one = max(0, self._one_by_one - 1)
        watching = sum(0.0 if one.watch is None else one.watch.seconds for one in questions)
        seconds = min(self._job.limits.call_seconds + watching, max(self._left(), SHORTEST_SECONDS))
        patience = seconds if len(questions) == 1 else seconds + ASKING_SECONDS
        try:
            reply = await kernel.send("ask_request", {"questions": list(map(_form, questions))}, seconds=patience)
        except NoReplyError as none:
            late = await kernel.call_off(none.request)
            if late is not None:  # the last one is the one that took too long
                return [*self._read(late, questions, engine)[:-1], self._timed_out(seconds)]
            await self._drop_kernel()
            return self._end_of(questions, self._timed_out(seconds))
        except KernelDiedError as death:
            await self._drop_kernel()
            return self._end_of(questions, death.over or Died(death.signal))
        return self._read(reply, questions, engine)

    def _end_of(self, questions: Sequence[Question], observation: Observation) -> list[Observation]:
        if len(questions) == 1:
            return [observation]
        self._one_by_one = len(questions)
        return []

    def _read(self, reply: Mapping[str, Any], questions: Sequence[Question], engine: Engine) -> list[Observation]:
        """Return what a kernel alleges of one question at least, and of no more than it was asked."""
        alleged = reply.get("observations")
        forms = alleged if isinstance(alleged, list) and alleged else [None]
        return [self._read_one(form, engine) for form in forms[: len(questions)]]

    def _read_one(self, form: object, engine: Engine) -> Observation:
        observation = read_allegation(form, engine.place, self._job.limits)
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


def _form(question: Question) -> dict[str, Any]:
    return {
        "function": question.task,
        "arguments": [encode_argument(value) for value in question.arguments],
        "watch": encode_watch(question.watch),
    }
