"""An event loop for tests of asynchronous code."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

Result = TypeVar("Result")


def run_in_loop(act: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in a loop and a thread of its own: in this thread the browser's tests leave a loop running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, act).result()
