"""Many jobs at once: each is done once, results come as they finish, and leaving early leaves nothing running."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest

from grader.workflow.side_by_side import Finished, cores, do_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.sandbox.runner import Runner


@dataclass(eq=False)
class Fake:
    """A runner that only knows whether it was stopped."""

    stopped: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Remember it."""
        self.stopped.set()


def runners(count: int) -> list[Runner]:
    fakes: list[Any] = [Fake() for _ in range(count)]
    return fakes


def test_every_job_is_done_once_whatever_the_number_of_runners() -> None:
    for count in (1, 2, 5):
        finished = list(do_all(range(20), lambda job, _: job * 10, runners(count)))
        assert sorted(one.place for one in finished) == list(range(20))
        assert all(one.result == one.place * 10 for one in finished)


def test_results_come_as_they_finish() -> None:
    first_may_end = threading.Event()

    def do(job: int, _: Runner) -> int:
        if job == 0:
            assert first_may_end.wait(10)
        return job

    results = do_all([0, 1], do, runners(2))
    assert next(results) == Finished(1, 1)
    first_may_end.set()
    assert list(results) == [Finished(0, 0)]


def test_each_runner_does_one_job_at_a_time() -> None:
    busy: set[Runner] = set()
    most = []

    def do(job: int, runner: Runner) -> int:
        assert runner not in busy
        busy.add(runner)
        most.append(len(busy))
        time.sleep(0.01)
        busy.remove(runner)
        return job

    assert len(list(do_all(range(10), do, runners(3)))) == 10
    assert max(most) <= 3


def test_an_exception_of_a_job_is_raised_and_stops_the_others() -> None:
    two = runners(2)

    def do(job: int, runner: Any) -> int:  # noqa: ANN401 (a fake)
        if job == 0:
            raise ValueError("ours")
        assert runner.stopped.wait(10)
        return job

    with pytest.raises(ValueError, match="ours"):
        list(do_all(range(8), do, two))
    assert all(cast("Any", runner).stopped.is_set() for runner in two)


def test_leaving_early_stops_what_is_running_and_starts_nothing_more() -> None:
    begun = []

    def do(job: int, runner: Any) -> int:  # noqa: ANN401 (a fake)
        begun.append(job)
        if job:
            assert runner.stopped.wait(10)
        return job

    results = do_all(range(100), do, runners(2))
    next(results)
    results.close()
    assert len(begun) <= 4
    assert threading.active_count() == 1 or not any("work" in thread.name for thread in threading.enumerate())


def test_there_is_at_least_one_core() -> None:
    assert cores() >= 1


def test_a_job_is_taken_when_a_runner_is_free_for_it() -> None:
    taken: list[int] = []

    def jobs() -> Iterator[int]:
        for job in itertools.count():
            taken.append(job)
            yield job

    may_go_on = threading.Semaphore(3)

    def do(job: int, _: Runner) -> int:
        assert may_go_on.acquire(timeout=10)
        return job

    results = do_all(jobs(), do, runners(2))
    assert len(list(itertools.islice(results, 3))) == 3
    assert len(taken) <= 5
    may_go_on.release(2)
