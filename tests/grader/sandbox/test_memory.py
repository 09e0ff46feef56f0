"""The processes that are ours have a bound on their own memory, and what they start does not have it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from grader.sandbox.pool import single_runner

if sys.platform != "linux":
    pytest.skip("RLIMIT_DATA counts all data on Linux alone", allow_module_level=True)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.kernel

MIB = 2**20
UNLIMITED = psutil.RLIM_INFINITY


def test_a_process_that_is_bounded_raises_memory_error_and_goes_on() -> None:
    code = """
from grader.sandbox.memory import bound_memory, unbound_memory
bound_memory(200)
kept = bytearray(100 * 2**20)
try:
    bytearray(300 * 2**20)
except MemoryError:
    print("refused")
unbound_memory()
print(len(bytearray(300 * 2**20)) // 2**20)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["refused", "300"]


def test_a_worker_is_bounded_and_a_kernel_has_what_its_lab_says(
    told: Callable[..., float], below: Callable[[str], list[psutil.Process]]
) -> None:
    source = "import resource\ndef told():\n    return resource.getrlimit(resource.RLIMIT_DATA)[0] / 2**20"
    with single_runner() as runner:
        assert told(runner, source) == 3072
        [worker] = below("grade-worker")
        assert worker.rlimit(psutil.RLIMIT_DATA)[0] < 2048 * MIB
        [forkserver] = below("grade-server")
        assert forkserver.rlimit(psutil.RLIMIT_DATA)[0] == UNLIMITED
