"""Many submissions at once on this machine: a runner per job, each with its own worker and kernels.

Judging happens here, in the process that talks to no kernel; a thread per job waits for its runner. Results come as
they finish. Leaving early, for whatever reason, ends every runner and what it was doing.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
    """Do every job with one of the runners, and yield each result as it finishes.

    An exception of `do` is raised here, and ends all of it.
    """
    waiting = deque(enumerate(jobs))
    finished: SimpleQueue[Finished[Result] | BaseException] = SimpleQueue()

    def work(runner: Runner) -> None:
        while True:
            try:
                place, job = waiting.popleft()
            except IndexError:
                return
            try:
                finished.put(Finished(place, do(job, runner)))
            except BaseException as error:  # noqa: BLE001 (it is raised again below, where it is seen)
                finished.put(error)
                return

    threads = [threading.Thread(target=work, args=(runner,), daemon=True) for runner in runners]
    for thread in threads:
        thread.start()
    try:
        for _ in jobs:
            one = finished.get()
            if isinstance(one, BaseException):
                raise one
            yield one
    finally:
        waiting.clear()
        if any(thread.is_alive() for thread in threads):
            for runner in runners:
                runner.stop()
        for thread in threads:
            thread.join()
