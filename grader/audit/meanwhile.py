"""Something that goes on in a thread while this one does something else, and ends with the context that it is in."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Result = TypeVar("Result")


@contextlib.contextmanager
def meanwhile(act: Callable[[], Result], stop: Callable[[], None]) -> Iterator[Future[Result]]:
    """Start an act and give its future. On leaving, `stop` is called if it still goes on, and its end waited for."""
    future: Future[Result] = Future()

    def work() -> None:
        try:
            future.set_result(act())
        except BaseException as error:  # noqa: BLE001 (it is raised where the result is asked for)
            future.set_exception(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield future
    finally:
        if not future.done():
            stop()
        thread.join()
