"""The clean kernel: it is replaced where a network ends it, and a failure of its start is ours."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.errors import SandboxError
from grader.model import Died, Limits, TimedOut, Training
from grader.networks.model import Description, Inspection
from grader.sandbox.protocol import Job
from grader.sandbox.worker.clean_kernel import CleanKernel
from grader.sandbox.worker.kernel import KernelDiedError, NoReplyError
from tests.loop import run_in_loop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.sandbox.isolation.policy import Bounds

NONE = np.zeros((0, 28, 28), np.uint8)
INSPECTION = Inspection(NONE, np.zeros(0, np.int64), NONE, epochs=0, seconds=1.0, seed=1)
DESCRIPTION = Description({}, None, ())
JOB = Job(
    cells=(),
    questions=(),
    limits=Limits(20, 10, 60),
    packages=(),
    helpers=None,
    mnist=None,
    training=Training(1, 1, 1, 1.0),
    seed=1,
)


class Scripted:
    """Stands for a kernel: it answers each message, or raises, by a script."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.told: list[tuple[str, Mapping[str, Any]]] = []
        self.is_killed = False
        self._answers = answers

    async def send(self, message: str, content: Mapping[str, Any], *, seconds: float) -> Mapping[str, Any]:
        """Note the message, and answer it."""
        assert seconds > 0
        self.told.append((message, content))
        answer = self._answers.get(message, {})
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)

    async def kill(self) -> None:
        """Note it."""
        self.is_killed = True

    def keep_to(self, limits: Limits) -> None:
        """Accept the limits."""


def inspected(*kernels: Scripted) -> list[object]:
    """Inspect a network in as many kernels as there are, and close."""
    waiting = list(kernels)

    async def start(bounds: Bounds) -> Any:  # noqa: ANN401 (a kernel, by its methods)
        assert not bounds.processes
        return waiting.pop(0)

    async def act() -> list[object]:
        clean = CleanKernel(JOB, start)
        seen: list[object] = [await clean.inspect(DESCRIPTION, INSPECTION, seconds=2.0) for _ in kernels]
        await clean.close()
        return seen

    return run_in_loop(act())


@pytest.mark.parametrize(
    ("end", "seen"), [(KernelDiedError(9), Died(9)), (NoReplyError("1"), TimedOut("call", 2.0))], ids=["died", "stuck"]
)
def test_a_network_that_ends_the_kernel_costs_the_next_one_nothing(end: Exception, seen: object) -> None:
    first = Scripted({"inspect_request": end})
    second = Scripted({"inspect_request": {"observation": None}})
    assert inspected(first, second) == [seen, None]
    assert first.is_killed
    assert second.is_killed


def test_the_kernel_is_told_neither_the_notebooks_data_nor_its_training() -> None:
    kernel = Scripted({"inspect_request": {"observation": None}})
    inspected(kernel)
    told = dict(kernel.told)
    assert list(told) == ["setup_request", "prepare_request", "inspect_request"]
    assert told["setup_request"]["training"] is None
    assert told["setup_request"]["mnist"] is None


@pytest.mark.parametrize("end", [KernelDiedError(None), NoReplyError("1")], ids=["died", "stuck"])
@pytest.mark.parametrize("message", ["setup_request", "prepare_request"])
def test_where_it_does_not_begin_nothing_is_graded(end: Exception, message: str) -> None:
    kernel = Scripted({message: end})
    with pytest.raises(SandboxError):
        inspected(kernel)
    assert kernel.is_killed


def test_closing_while_it_begins_leaves_no_kernel() -> None:
    kernel = Scripted({})

    async def act() -> None:
        begun = asyncio.Event()

        async def start(bounds: Bounds) -> Any:  # noqa: ANN401 (same)
            assert not bounds.processes
            begun.set()
            return kernel

        async def never(*_: object, **__: object) -> Mapping[str, Any]:
            await asyncio.Event().wait()
            return {}

        kernel.send = never  # type: ignore[method-assign]
        clean = CleanKernel(JOB, start)
        clean.begin()
        await begun.wait()
        await clean.close()

    run_in_loop(act())
    assert kernel.is_killed
