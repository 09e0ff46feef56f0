"""Many jobs at once on this machine, each with a runner of its own, for which a thread waits.

The jobs judge in this process, which speaks with no kernel. Leaving early, for whatever reason, stops every runner.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from grader.system import LONGEST_WAIT

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from concurrent.futures import Future

    from grader.sandbox.runner import Runner

Job = TypeVar("Job")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Finished(Generic[Result]):
    """A job's place among the jobs, and its result."""

    place: int
    result: Result


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def do_all(
    jobs: Iterable[Job], do: Callable[[Job, Runner], Result], runners: Sequence[Runner]
) -> Generator[Finished[Result]]:
    """Do every job with one of the runners, and yield each result as it is finished.

    A job is taken when a runner is free for it, so a million of them need no more memory than a few. An exception that
    `do` raises is raised here, and stops all jobs.
    """
    waiting, taking = enumerate(jobs), Lock()
    finished: SimpleQueue[Finished[Result] | Future[None]] = SimpleQueue()

    def act(runner: Runner) -> None:
        while True:
            with taking:
                place, job = next(waiting, (-1, None))
            if job is None:
                return
            finished.put(Finished(place, do(job, runner)))

    is_done = False
    with ThreadPoolExecutor(max(1, len(runners))) as threads:
        working = {threads.submit(act, runner) for runner in runners}
        for future in working:
            future.add_done_callback(finished.put)
        try:
            while working:
                try:
                    done = finished.get(timeout=LONGEST_WAIT)  # else Windows hears no Ctrl-C
                except Empty:
                    continue
                if isinstance(done, Finished):
                    yield done
                else:
                    working.remove(done)
                    done.result()
            is_done = True
        finally:
            with taking:
                waiting = enumerate(())
            threads.shutdown(wait=False, cancel_futures=True)
            for runner in () if is_done else runners:
                runner.stop()
