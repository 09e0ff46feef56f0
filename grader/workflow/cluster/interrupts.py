"""Ctrl-C while worker processes of this computer start: it waits until they can be ended.

A terminal sends SIGINT to all processes of the command. What is started meanwhile has it blocked from its first
instruction on, and lets it in when it has a session of its own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def interrupts_wait() -> Iterator[None]:
    """Raise KeyboardInterrupt at the end of the context for a Ctrl-C within it."""
    if threading.current_thread() is not threading.main_thread():  # Python tells no other thread
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    try:
        with _blocked():
            yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def have_own_session() -> None:
    """Leave the terminal's session, and let SIGINT in that was blocked; one that has come before is dropped."""
    if sys.platform != "win32":
        os.setsid()
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _blocked() -> Iterator[None]:
    """Block SIGINT in this thread, and so in the threads and processes that it starts."""
    if sys.platform == "win32":
        yield
        return
    from multiprocessing import resource_tracker  # noqa: PLC0415 (other systems have none)

    resource_tracker.ensure_running()  # now: later it would be started beside a process, and unblock SIGINT for that
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
