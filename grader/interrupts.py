"""Ctrl-C at any moment: heard even where somebody drops it, and not heard amid what must be done to its end.

Python raises KeyboardInterrupt in whatever code the first thread runs next. That may be a callback of the garbage
collection (Hypothesis has one) or a `__del__`, whose exceptions Python drops, or a package that drops all of them while
it is imported (Cython's memory views have `except: pass`).
"""

from __future__ import annotations

import _thread
import contextlib
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

INTERRUPTED = 130
"""The exit status of a program that Ctrl-C has stopped, as shells have it: 128 and the signal's number."""
AGAIN_SECONDS = 0.1
"""After how long Ctrl-C is raised again, if by then nothing handles it."""


@contextlib.contextmanager
def insistent() -> Iterator[None]:
    """Raise Ctrl-C in the first thread again and again, while this context is not left and nothing handles it.

    Nothing changes where Ctrl-C is ignored, as in the background of a shell, or is somebody else's.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    is_left, raising = threading.Event(), threading.Lock()
    first, others = threading.get_ident(), sys.unraisablehook

    insisting: list[bool] = []  # one thread does: of two, one could raise what the other has just seen to be heard

    def insist() -> None:
        while not is_left.wait(AGAIN_SECONDS):
            with raising:
                if is_left.is_set():
                    return
                if not _is_handled(first):
                    insisting.clear()
                    _interrupt(first)  # which is heard, and insisted on, as the Ctrl-C before
                    return

    def hear(*_: object) -> None:
        if not insisting:
            insisting.append(True)
            _thread.start_new_thread(insist, ())
        raise KeyboardInterrupt

    def tell(ignored: sys.UnraisableHookArgs) -> None:
        if not issubclass(ignored.exc_type, KeyboardInterrupt):
            others(ignored)

    signal.signal(signal.SIGINT, hear)
    sys.unraisablehook = tell
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, _deaf)  # one that was raised again a moment ago has been heard by now
        with raising:
            is_left.set()
        time.sleep(0)  # the system delivers here what is on its way
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.unraisablehook = others


def _deaf(*_: object) -> None:
    """Hear nothing."""


def _is_handled(thread: int) -> bool:
    """Say whether a thread handles a KeyboardInterrupt, or what came up on the way: then it is about to end."""
    found = sys._current_exceptions().get(thread)  # noqa: SLF001 (documented, for such purposes)
    error = found[1] if isinstance(found, tuple) else found  # Python 3.11 has a tuple
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _interrupt(thread: int) -> None:
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:
        signal.pthread_kill(thread, signal.SIGINT)  # so that a system call it waits in ends


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until this context is left: for what makes or removes processes and files in a few steps.

    A thread other than the first never hears it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[object] = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(_))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if heard:
            signal.raise_signal(signal.SIGINT)
