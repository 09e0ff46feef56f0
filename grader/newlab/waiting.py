"""A word to who waits for a notebook that runs for long."""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 5.0
"""What takes no longer needs no word."""


@contextlib.contextmanager
def told_while_waiting(text: str, seconds: float = SECONDS) -> Iterator[None]:
    """Write a line to standard error, as it is now, when what is done here takes longer."""
    timer = threading.Timer(seconds, click.echo, (text,), {"file": sys.stderr})
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
