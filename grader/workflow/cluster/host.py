"""A host: one Dask worker, which grades with the same code as a single machine does.

The plugin makes what grades (one forkserver for all kernels of the host, a worker process for each slot) and takes it
down again when the class is graded, the host leaves, or whoever asked for the grading has gone. Everything here is
imported by its name on the host: the plugin carries plain data alone.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import tempfile
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, cast

from distributed import SchedulerPlugin, WorkerPlugin, get_worker, secede

from grader.course.folder import Course
from grader.data.mnist import Mnist
from grader.errors import LabError, SandboxError
from grader.messages.sentences import say
from grader.sandbox.folder import place_needed
from grader.sandbox.memory import GRADER_MIB, bound_memory, unbound_memory
from grader.sandbox.pool import Pool
from grader.sandbox.requirement import Machine, WeakWallError, remedy_text
from grader.workflow.cluster.carried import outcome_of, plain_text, unpacked
from grader.workflow.cluster.interrupts import have_own_session
from grader.workflow.cluster.order import put_files
from grader.workflow.cluster.versions import versions_here
from grader.workflow.context import ask_reference, grade_one, grading_context
from grader.workflow.log import LOGGER
from grader.workflow.options import Options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Scheduler, Worker

    from grader.grading.grade import GradingContext
    from grader.records.record import Record
    from grader.sandbox.runner import Runner
    from grader.workflow.cluster.carried import Plain
    from grader.workflow.cluster.order import Order


class HostGrader:
    """What grades on a host: `slots` submissions at once, with its files in a folder below `place`.

    It is opened when it is first needed: that a host has the plugin says nothing yet.
    """

    def __init__(self, order: Order, slots: int, place: Path) -> None:
        self._order, self._slots, self._place = order, slots, place
        self._opening = threading.Lock()
        self._stack = ExitStack()
        self._context: GradingContext | None = None
        self._course = Course(place)
        self._runners: list[Runner] = []
        self._free: SimpleQueue[Runner] = SimpleQueue()
        self._is_open = self._is_closed = False

    def look(self, packages: tuple[str, ...]) -> Plain:
        """Return what this host has: versions, the wall, and why it cannot grade if so."""
        facts: Plain = {"versions": versions_here(packages), "isolation": None, "remedy": None, "problem": None}
        try:
            self._open()
            limits = None if self._context is None else self._context.lab.rubric.limits.limits
            isolation = self._runners[0].isolation(limits)
            facts["isolation"] = asdict(isolation)
            facts["remedy"] = None if isolation.level == "strong" else plain_text(remedy_text(isolation, Machine()))
        except WeakWallError as error:
            facts["problem"] = plain_text(error.host_text())
        except (LabError, SandboxError) as error:
            facts["problem"] = plain_text(error.text)
        return facts

    def grade(self, form: Plain) -> Plain:
        """Grade one submission; return its outcome, and what this host would have written into a log."""
        with _logged() as logged:
            outcome = outcome_of(lambda: self._record(form))
        return {**outcome, "log": logged}

    def _record(self, form: Plain) -> Record:
        self._open()
        runner, folder = self._free.get(), None
        try:
            folder = _folder_in(self._place)
            submission = unpacked(form, folder)
            context = cast("GradingContext", self._context)
            return grade_one(context, submission, runner, course=self._course, handed_in=True)
        finally:
            self._free.put(runner)
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)

    def _open(self) -> None:
        with self._opening:
            if self._is_closed:
                raise SandboxError(say("This host has been told to stop."))
            if self._is_open:
                return
            with ExitStack() as stack:
                pool = stack.enter_context(Pool(self._slots))
                pool.preload(self._order.packages)
                runners = [stack.enter_context(pool.runner()) for _ in range(self._slots + 1)]
                if self._order.lab is not None:
                    self._context = self._read(self._order.lab, runners, stack)
                self._stack = stack.pop_all()
            self._runners = runners
            for runner in runners:
                self._free.put(runner)
            self._is_open = True

    def _read(self, lab: str, runners: list[Runner], stack: ExitStack) -> GradingContext:
        """Write the lab's files down and read them; return the context in which all runners grade."""
        order, folder = self._order, _folder_in(self._place)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        put_files(order.files, folder)
        data = None if order.mnist is None else folder / "mnist.npz"
        if data is not None and order.mnist is not None:
            put_files({data.name: order.mnist}, folder)
        self._course = Course(folder)
        options = Options(lab=lab, isolation=order.isolation, data=data)
        read, key = ask_reference(self._course, options, order.seed)
        if read.sha256 != order.sha256:
            raise SandboxError(
                say("The lab's files were changed while the class was sent out. Nothing was graded there: grade again.")
            )
        context = grading_context(read, key, runners, options=options, is_class=True)
        return context if data is None else replace(context, mnist=Mnist(order.mnist_source, data))

    def close(self) -> None:
        """End everything, also what is being graded."""
        self._is_closed = True
        with self._opening:
            for runner in self._runners:
                runner.stop()
            self._stack.close()


class HostPlugin(WorkerPlugin):
    """Gives each host of a cluster what grades there, under this plugin's name."""

    def __init__(self, name: str, order: Order) -> None:
        self.name = name
        self._order = order
        self._grader: HostGrader | None = None

    def setup(self, worker: Worker) -> None:
        """Make it; nothing begins yet."""
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", os.devnull)
        bound_memory(GRADER_MIB)
        self._grader = HostGrader(self._order, worker.state.nthreads, Path(worker.local_directory))

    async def teardown(self, worker: Worker) -> None:  # noqa: ARG002 (Dask's own signature)
        """Take it down, while the host goes on speaking with the scheduler."""
        unbound_memory()
        if self._grader is not None:
            await asyncio.to_thread(self._grader.close)

    @property
    def grader(self) -> HostGrader:
        """Return what grades here."""
        if self._grader is None:
            raise AssertionError
        return self._grader


class Forget(SchedulerPlugin):
    """Takes a plugin down on all hosts when the client that brought it has gone, however that ended."""

    def __init__(self, name: str, plugin: str, client: str) -> None:
        self.name = name
        self._plugin, self._client = plugin, client

    def remove_client(self, scheduler: Scheduler, client: str) -> None:
        """Begin to take it down; this is not waited for."""
        if client != self._client:
            return
        if self._plugin in scheduler.worker_plugins:
            scheduler.loop.add_callback(scheduler.unregister_worker_plugin, comm=None, name=self._plugin)
        scheduler.loop.add_callback(scheduler.unregister_scheduler_plugin, name=self.name)


def look(plugin: str, packages: tuple[str, ...]) -> Plain:
    """Say what the host has on which this is run."""
    return _grader_of(plugin).look(packages)


def grade(plugin: str, form: Plain) -> Plain:
    """Grade one submission on the host on which this is run.

    Its thread makes room for another at once: how many run at a time is the pool's to say, and one more is judged.
    """
    grader = _grader_of(plugin)
    secede()
    return grader.grade(form)


def requires_encryption(dask_scheduler: Scheduler) -> bool:
    """Say whether a scheduler refuses whatever is not encrypted."""
    return bool(dask_scheduler.security.require_encryption)


def dask_setup(worker: Worker) -> None:
    """Let a host of this computer have a session of its own: Ctrl-C is for the grader, which then ends the hosts."""
    del worker
    have_own_session()


def _grader_of(plugin: str) -> HostGrader:
    return cast("HostPlugin", get_worker().plugins[plugin]).grader


def _folder_in(place: Path) -> Path:
    """Return a new folder that nobody else may enter, in that of the host, which Dask removes after a sudden end."""
    with place_needed():
        return Path(tempfile.mkdtemp(prefix="grade-", dir=place))


@contextmanager
def _logged() -> Iterator[list[str]]:
    """Give what this thread logs within the context."""
    keeping = _Keeping()
    logger = logging.getLogger(LOGGER)
    logger.addHandler(keeping)
    try:
        yield keeping.texts
    finally:
        logger.removeHandler(keeping)


class _Keeping(logging.Handler):
    """Keeps what the thread logs that made it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message with its traceback."""
        if record.thread == self._thread:
            self.texts.append(self.format(record))
