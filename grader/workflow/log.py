"""The grader's log: what went wrong in the grader itself, with the traceback. Screens and records show a sentence."""

from __future__ import annotations

import contextlib
import logging
import tempfile
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Self

from grader.errors import LabError, SaidError, SandboxError
from grader.messages.sentences import joined, say
from grader.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

FILE = "grader.log"
LOGGER = "grader"
"""The name under which other wings log what fails in them, such as an explainer."""


class HostError(Exception):
    """What nobody foresaw on another machine: the kind of exception there, and its traceback as text."""

    def __init__(self, kind: str, trace: str) -> None:
        super().__init__(trace)
        self.kind = kind


class Log:
    """A context that keeps a log in the output folder; the file is made when there is something to write.

    Without an output folder, or where that cannot be written, it is a new file in the folder for temporary files.
    """

    def __init__(self, output: Path | None) -> None:
        self._file = _LogFile(output)

    def __enter__(self) -> Self:
        logging.getLogger(LOGGER).addHandler(self._file)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        logging.getLogger(LOGGER).removeHandler(self._file)

    @property
    def path(self) -> Path | None:
        """Return the log's file; None where nothing has been written."""
        return self._file.path

    def failure(self, error: Exception, about: object) -> SandboxError:
        """Return the failure of our machinery that an error is; it is logged, unless its sentence says all.

        `about` is what was being done: a student, a notebook, a lab. The sentence names the log without its folder.
        """
        if isinstance(error, SandboxError) and not hasattr(error, "__notes__"):
            return error
        logging.getLogger(LOGGER).error("%s", about, exc_info=error)
        log = say("no log could be written") if self.path is None else self.path.name
        if isinstance(error, SaidError):
            return SandboxError(joined([error.text, say("({log} has more.)", log=log)], " "))
        kind = error.kind if isinstance(error, HostError) else type(error).__name__
        return SandboxError(
            say(
                "The grader itself failed ({kind}), which is no fault of the notebook and no zero. "
                "The reason: {log}. Grade it again; if it fails again, report it.",
                kind=kind,
                log=log,
            )
        )

    def placed(self, failed: SandboxError) -> SandboxError:
        """Return the same failure for a screen: with the log's folder."""
        if self.path is None:
            return failed
        name, whole = self.path.name, str(self.path)
        return SandboxError(Text(failed.text.zh_tw.replace(name, whole), failed.text.en.replace(name, whole)))

    @contextlib.contextmanager
    def guard(self, about: object) -> Iterator[None]:
        """Raise SandboxError for an exception that nobody foresaw; log where a worker has ended, too."""
        try:
            yield
        except LabError:
            raise
        except Exception as error:
            failed = self.failure(error, about)
            if failed is error:
                raise
            raise self.placed(failed) from error


class _LogFile(logging.Handler):
    """The file of a log. What is written is plain text, whatever a message holds."""

    def __init__(self, output: Path | None) -> None:
        super().__init__()
        self.path: Path | None = None
        self._output = output
        self.setFormatter(logging.Formatter("%(asctime)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Append to the file, or to another one where it cannot be written; a full disk costs the log and no more."""
        text = _plain(f"{self.format(record)}\n\n")
        with contextlib.suppress(OSError):
            self.path = self.path or self._made()
            with self.path.open("a", encoding="utf-8", errors="replace") as file:
                file.write(text)

    def _made(self) -> Path:
        with contextlib.suppress(OSError):
            if self._output is not None:
                (self._output / FILE).open("a", encoding="utf-8").close()
                return self._output / FILE
        descriptor, name = tempfile.mkstemp(prefix="grader-", suffix=".log")
        with open(descriptor, "a", encoding="utf-8"):  # noqa: PTH123 (a descriptor)
            return Path(name)


def _plain(text: str) -> str:
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C")
