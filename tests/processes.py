"""Which processes are still at work: one that has ended, and whose end nobody has read yet, is not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable


def still_running(processes: Iterable[psutil.Process], *, within: float) -> list[psutil.Process]:
    """Return those that have not ended within so many seconds.

    A zombie has ended. Where its parent is gone, the system's first process reads its end, and some look only
    every few seconds.
    """
    until, running = time.monotonic() + within, list(processes)
    while running and time.monotonic() < until:
        running = [process for process in running if _runs(process)]
        time.sleep(0.01)
    return running


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
