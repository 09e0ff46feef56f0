"""Many jobs at once on this machine, each with a runner of its own, for which a thread waits.

The jobs judge in this process, which speaks with no kernel. Leaving early, for whatever reason, stops every runner.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

from grader.system import LONGEST_WAIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
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
    jobs: Sequence[Job], do: Callable[[Job, Runner], Result], runners: Sequence[Runner]
) -> Iterator[Finished[Result]]:
    """Do every job with one of the runners, and yield each result as it is finished.

    An exception that `do` raises is raised here, and stops all jobs.
    """
    free: SimpleQueue[Runner] = SimpleQueue()
    for runner in runners:
        free.put(runner)

    def act(job: Job) -> Result:
        runner = free.get()
        try:
            return do(job, runner)
        finally:
            free.put(runner)

    with ThreadPoolExecutor(max(1, len(runners))) as threads:
        places = {threads.submit(act, job): place for place, job in enumerate(jobs)}
        finished: SimpleQueue[Future[Result]] = SimpleQueue()
        for future in list(places):
            future.add_done_callback(finished.put)
        try:
            while places:
                try:
                    done = finished.get(timeout=LONGEST_WAIT)  # else Windows hears no Ctrl-C
                except Empty:
                    continue
                yield Finished(places.pop(done), done.result())
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            if not all(future.done() for future in places):
                for runner in runners:
                    runner.stop()
