"""Where a teacher's notebook runs: quietly, in a scratch folder with the files that it names, for a bounded time."""

from __future__ import annotations

import _thread
import contextlib
import io
import os
import shutil
import signal
import sys
import threading
import time
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import patch

from grader.newlab.beside import SCRATCH, named_beside
from grader.newlab.stand_ins import stand_ins
from grader.probes.asking import seeded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from grader.source.model import Source


AGAIN_SECONDS = 1.0


class Clock:
    """How long a run may still take, and each statement of it; one that goes on longer is interrupted."""

    def __init__(self, seconds: float, each: float) -> None:
        self._end, self._each = time.monotonic() + seconds, each
        self._rang = False
        self.interrupted: KeyboardInterrupt | None = None
        """What ended the last statement, where it took too long."""

    @property
    def is_up(self) -> bool:
        """Say whether the time is up."""
        return time.monotonic() >= self._end

    @contextlib.contextmanager
    def bounded(self) -> Iterator[None]:
        """Interrupt what is done here when its time is up; a Ctrl-C of the user's is passed on."""
        self._rang, self.interrupted = False, None
        done = threading.Event()
        watch = threading.Thread(target=self._ring, args=(done,), daemon=True)
        before = signal.getsignal(signal.SIGINT)
        if before == signal.SIG_IGN:  # as in the background of a shell: there the clock would not be heard either
            signal.signal(signal.SIGINT, self._hear)
        watch.start()
        try:
            yield
        except KeyboardInterrupt as error:
            if not self._rang:
                raise
            self.interrupted = error
        finally:
            done.set()
            watch.join()
            if before == signal.SIG_IGN:
                signal.signal(signal.SIGINT, before)

    def _hear(self, *_: object) -> None:
        """Hear the clock, and no Ctrl-C of anybody's."""
        if self._rang:
            raise KeyboardInterrupt

    def _ring(self, done: threading.Event) -> None:
        """Interrupt the main thread, and once more where a bare `except:` in a loop has swallowed that."""
        seconds = max(0.01, min(self._each, self._end - time.monotonic()))
        while not done.wait(seconds):
            self._rang, seconds = True, AGAIN_SECONDS
            _thread.interrupt_main()


@contextlib.contextmanager
def surroundings(source: Source, module: ModuleType, seed: int) -> Iterator[None]:
    """Stand in a scratch folder with copies of what the notebook names, show nothing, and leave all as it was.

    `module` is `__main__` meanwhile, as a notebook is. What was imported from the folder is forgotten in the end.
    """
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(_scratch(source))
        stack.enter_context(_modules({**stand_ins(), "__main__": module}, scratch))
        stack.enter_context(patch.dict(os.environ, {"MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3"}))
        stack.enter_context(patch.object(sys, "path", [str(scratch), *sys.path]))
        stack.enter_context(patch.object(sys, "argv", ["notebook"]))
        stack.enter_context(patch.object(sys, "stdin", io.StringIO()))
        nowhere = stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
        stack.enter_context(contextlib.redirect_stdout(nowhere))
        stack.enter_context(contextlib.redirect_stderr(nowhere))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(seeded(seed))
        yield


@contextlib.contextmanager
def _scratch(source: Source) -> Iterator[Path]:
    with TemporaryDirectory(prefix=SCRATCH) as name:
        scratch = Path(name)
        for path in named_beside(source):
            place = scratch / path.relative_to(source.path.parent)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
        with contextlib.chdir(scratch):
            yield scratch


@contextlib.contextmanager
def _modules(others: Mapping[str, ModuleType], scratch: Path) -> Iterator[None]:
    """Put modules in the place of those that are imported by their names."""
    before = {name: sys.modules.get(name) for name in others}
    sys.modules.update(others)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(str(scratch)):
                del sys.modules[name]
