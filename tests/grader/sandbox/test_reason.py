"""Why a process ended is its last exception, and never the last line of a dump."""

from __future__ import annotations

import pytest

from grader.sandbox.reason import reason_in

MISSING = "FileNotFoundError: [Errno 2] No such file or directory: 'subs/s001'"
TRACEBACK = f"""Traceback (most recent call last):
  File "main.py", line 125, in work
    asyncio.run(serve(kernels))
{MISSING}
"""
DUMP = """Fatal Python error: Aborted

Thread 0x00007f (most recent call first):
  <no Python frame>

Extension modules: numpy._core._multiarray_umath, zmq.backend.cython._zmq (total: 23)
"""


@pytest.mark.parametrize(
    ("errors", "reason"),
    [
        (TRACEBACK, MISSING),
        (TRACEBACK + DUMP, MISSING),
        (DUMP + TRACEBACK, MISSING),
        (DUMP, "Fatal Python error: Aborted"),
        (TRACEBACK + "  <no Python frame>\n", MISSING),
        (TRACEBACK + "sys:1: ResourceWarning: unclosed socket\n", MISSING),
        ("ImportError: no tensorflow\n" + TRACEBACK, MISSING),
        ("MemoryError\n", "MemoryError"),
        ("zmq.error.ZMQError: Address in use", "zmq.error.ZMQError: Address in use"),
        ("terminate called after throwing an instance of 'std::bad_alloc'\n", "terminate called after throwing an "),
        ("2026-11-29 I tensorflow/core: oneDNN is on\n", None),
        ("  <no Python frame>\n", None),
        ("", None),
    ],
)
def test_the_reason_is_the_last_exception_else_the_fatal_error(errors: str, reason: str | None) -> None:
    found = reason_in(errors)
    assert found == reason if reason is None else (found or "").startswith(reason)
