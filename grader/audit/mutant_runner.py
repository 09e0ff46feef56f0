"""Tries mutants in a process of their own, which is killed and started again when one of them never ends."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import IO, TYPE_CHECKING, Any, Self

from grader.errors import SandboxError
from grader.interrupts import uninterrupted
from grader.messages.sentences import clean, say
from grader.system import HERE, waits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

    from grader.audit.mutants import Mutant
    from grader.course.folder import Course

START_SECONDS = 60.0
MUTANT_SECONDS = 10.0
LEAST_SECONDS = 2.0
TIMES = 20.0
"""How many times as long as the slowest that answered a mutant may take: an endless one costs no more than that."""


class MutantRunner:
    """A context in which mutants answer the questions of a lab under one seed."""

    def __init__(self, course: Course, lab: str, seed: int, *, seconds: float = MUTANT_SECONDS) -> None:
        self._words = [str(course.folder), lab, str(seed)]
        self._seconds = seconds
        self._folder = tempfile.TemporaryDirectory(prefix="grade-audit-")
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the context)
        self._child: subprocess.Popen[str] | None = None
        self._lines: SimpleQueue[str] = SimpleQueue()
        self._slowest = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with uninterrupted():
            self._end()
            self._errors.close()
            self._folder.cleanup()

    def survived(self, mutants: Sequence[Mutant]) -> Iterator[tuple[Mutant, Mapping[str, tuple[str, ...]]]]:
        """Yield every mutant with those of its tasks of which it fails no check.

        Of each it is said which checks it passes by their tolerance alone.
        """
        for number, mutant in enumerate(mutants):
            began = monotonic()
            request = json.dumps({"file": self._written(mutant, number), "tasks": mutant.tasks})
            answer = self._try(request, self._seconds_for_one)
            if answer:
                self._slowest = max(self._slowest, monotonic() - began)
            found = {task: answer[task] for task in mutant.tasks if task in answer}
            yield mutant, {task: tuple(one["wide"]) for task, one in found.items() if not one["lost"]}

    def telling_inputs(self, mutant: Mutant, tasks: Sequence[str]) -> Mapping[str, str]:
        """Return for these tasks an input that tells the mutant from the reference: "" where none of many does.

        Left out is a task for which too few were tried.
        """
        code = f"{mutant.change.was}\n{mutant.change.now}"
        return self._try(json.dumps({"file": self._written(mutant, 0), "tasks": tasks, "code": code}), self._seconds)

    @property
    def _seconds_for_one(self) -> float:
        """How long a mutant may take: many times as long as the slowest one before it that answered."""
        return min(self._seconds, max(LEAST_SECONDS, TIMES * self._slowest)) if self._slowest else self._seconds

    def _written(self, mutant: Mutant, number: int) -> str:
        file = Path(self._folder.name) / f"mutant_{number}.py"
        file.write_text(mutant.source, encoding="utf-8")
        return str(file)

    def _try(self, line: str, seconds: float) -> dict[str, Any]:
        """Return the answer to a request; empty where none came in time, or the process has ended."""
        if self._child is None:
            self._start()
        child = self._child
        if child is None or child.stdin is None:
            raise AssertionError
        try:
            child.stdin.write(line + "\n")
            child.stdin.flush()
            answer = self._answer(seconds)
        except OSError:  # it has ended
            answer = ""
        if not answer:
            self._end()
            return {}
        found: dict[str, Any] = json.loads(answer)
        return found

    def _start(self) -> None:
        """Start the process and wait until it can answer; raise SandboxError where it cannot."""
        with uninterrupted():
            self._child = subprocess.Popen(
                [sys.executable, "-X", "utf8", "-P", "-B", "-m", "grader.audit.mutant_process", *self._words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                text=True,
                encoding="utf-8",
                cwd=self._folder.name,  # a mutant may write files
                start_new_session=True,  # Ctrl-C reaches this process alone, which then ends that one
                creationflags=HERE.group_flags,
            )
        self._lines = SimpleQueue()
        threading.Thread(target=_pass_on, args=(self._child.stdout, self._lines), daemon=True).start()
        if not self._answer(START_SECONDS):
            self._end()
            self._errors.seek(0)
            lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
            problem = clean(lines[-1]) if lines else "-"
            raise SandboxError(say("The process that tries mutants did not start ({problem}).", problem=problem))

    def _answer(self, seconds: float) -> str:
        """Return the next line; empty if none comes within `seconds`, or the process has ended."""
        for at_once in waits(seconds):
            with contextlib.suppress(Empty):
                return self._lines.get(timeout=at_once)
        return ""

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            if child.stdin is not None:
                with contextlib.suppress(OSError):  # it never read the last request
                    child.stdin.close()


def _pass_on(lines: IO[str] | None, queue: SimpleQueue[str]) -> None:
    """Put every line on the queue, and "" at the end."""
    if lines is not None:
        with lines:
            for line in lines:
                queue.put(line)
    queue.put("")
