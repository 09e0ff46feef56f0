"""What tests of the processes share: a submission, what it answers, and the processes below this one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from grader.model import Cell, Limits, Question, Returned, Submission
from grader.sandbox.runner import RunSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.sandbox.runner import Runner

SPEC = RunSpec(questions=(Question("told", "it", ()),), limits=Limits(20, 10, 60), packages=("numpy",))
PACKAGE = "wave"
"""What no kernel imports by itself: whether it is there says whether it was preloaded."""
TOLD = f"import sys\nalready = float({PACKAGE!r} in sys.modules)\ndef told():\n    return already"


@pytest.fixture
def told() -> Callable[..., float]:
    """Return a function that runs a source with a runner, and returns what its `told` answers."""

    def run(runner: Runner, source: str = TOLD) -> float:
        submission = Submission("s001", Path("s001.ipynb"), (Cell(1, source),), "0")
        [seen] = runner.run(submission, SPEC).observations
        assert isinstance(seen, Returned), seen
        return float(seen.value)

    return run


@pytest.fixture
def below() -> Callable[[str], list[psutil.Process]]:
    """Return a function that finds the processes under this one by their name, or a word of their command."""

    def find(name: str) -> list[psutil.Process]:
        found = []
        for process in psutil.Process().children(recursive=True):
            try:
                if name == process.name() or name in process.cmdline():
                    found.append(process)
            except psutil.Error:  # it has just ended
                continue
        return found

    return find
