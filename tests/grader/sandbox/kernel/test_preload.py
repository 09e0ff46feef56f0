"""Warm kernels: forked from a parent that has imported the packages; the same verdicts as cold ones, used once."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from grader.model import Cell, Died, Limits, Question, Returned, Submission
from grader.sandbox.runner import Runner, Terms
from grader.wire.observations import encode_observation

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone"),
]
TERMS = Terms(
    questions=(Question("double", "values", (1.5,)), Question("seen", "values", ()), Question("pid", "values", ())),
    limits=Limits(20, 10, 60),
    packages=("numpy",),
)
SOURCE = """
import os, sys
already = float("keras" in sys.modules)
import numpy as np
left = globals().setdefault("left", 0) + 1

def double(x):
    return 2 * x

def seen():
    return [left, already, np.random.rand()]

def pid():
    return os.getpid()
"""


def submission(source: str) -> Submission:
    return Submission("s001", Path("s001.ipynb"), (Cell(1, source),), "0")


@pytest.fixture(scope="module")
def warm() -> Iterator[Runner]:
    """Return a runner whose kernels are forked."""
    with Runner(warm=True) as runner:
        runner.warm_up(["numpy"])
        yield runner


def below(name: str) -> list[psutil.Process]:
    """Return the processes under this one whose command holds a word."""
    return [one for one in psutil.Process().children(recursive=True) if any(name in word for word in _command(one))]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:  # it has just ended
        return []


def plain(runner: Runner, source: str) -> list[Any]:
    return [encode_observation(one) for one in runner.run(submission(source), TERMS).observations]


def test_a_warm_kernel_answers_as_a_cold_one_does(warm: Runner) -> None:
    with Runner() as cold:
        assert plain(warm, SOURCE)[:2] == plain(cold, SOURCE)[:2]


def test_a_warm_kernel_is_as_well_walled_as_a_cold_one(warm: Runner) -> None:
    with Runner() as cold:
        assert warm.isolation() == cold.isolation()


def test_nothing_of_one_submission_is_left_for_the_next(warm: Runner) -> None:
    warm.run(submission("import builtins, numpy\nbuiltins.left = numpy.left = 5"), TERMS)
    source = "import builtins, numpy\ndef seen():\n    return [hasattr(builtins, 'left'), hasattr(numpy, 'left')]"
    observed = warm.run(submission(source), TERMS).observations[1]
    assert isinstance(observed, Returned)
    assert not observed.value.any()


def test_kernels_are_forked_and_not_started(warm: Runner) -> None:
    warm.run(submission(SOURCE), TERMS)
    assert below("grader.sandbox.kernel.preload")
    assert not below("grader.sandbox.kernel.begin")


def test_a_kernel_that_ends_is_noticed_with_its_signal(warm: Runner) -> None:
    source = "import os, signal\ndef double(x):\n    os.kill(os.getpid(), signal.SIGKILL)"
    assert warm.run(submission(source), TERMS).observations[0] in {Died(signal.SIGKILL), Died(None)}


def test_a_parent_that_was_killed_is_started_again_and_nothing_is_lost(warm: Runner) -> None:
    warm.run(submission(SOURCE), TERMS)
    for process in below("grader.sandbox.kernel.preload"):
        process.kill()
    for _ in range(2):
        observed = warm.run(submission(SOURCE), TERMS).observations[0]
        assert isinstance(observed, Returned)
        assert float(observed.value) == 3.0
