"""The runner: takes a submission, and returns what was seen of it."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import IO, TYPE_CHECKING, Self, TypeAlias, cast

from grader.errors import SandboxError
from grader.interrupts import uninterrupted
from grader.messages.sentences import say
from grader.sandbox.folder import make_folder, place_needed
from grader.sandbox.isolation.policy import USUAL, bounds_of
from grader.sandbox.tree import remove_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import TracebackType

    from grader.model import (
        Cell,
        DataFile,
        Isolation,
        Level,
        Limits,
        Observation,
        Question,
        Run,
        Submission,
        Text,
        Training,
    )
    from grader.sandbox.isolation.policy import Bounds
    from grader.sandbox.protocol import Job, Message, Observations
    from grader.sandbox.worker_process import WorkerProcess

    Launch: TypeAlias = Callable[[Path, IO[bytes]], WorkerProcess]
    """Launches a worker in a folder; it writes its errors to the file."""

SPARE_SECONDS = 400.0
"""How much longer than the limits a worker may take: for its own work, such as launching kernels and their imports."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunSpec:
    """What every submission of a lab is asked, and how it is run."""

    questions: tuple[Question, ...]
    limits: Limits
    packages: tuple[str, ...] = ()
    mnist: Path | None = None
    training: Training | None = None
    seed: int = 0
    files: tuple[DataFile, ...] = ()
    """Data files that are copied to where each notebook runs."""
    isolation: Level = "none"
    """How strong the wall must be: where it is weaker, SandboxError is raised before any student code runs."""


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """A submission that was run, and whose kernel can still be asked; a kernel that has ended answers NotAsked."""

    run: Run
    ask: Callable[[Sequence[Question]], Sequence[Observation]]


class Runner:
    """A context in which submissions are run, one after another. It leaves no process and no file behind.

    Its folder is removed even if this process is killed. `launch` gives it a worker, and another one where that fails;
    `turn` is held while a submission is run, so that not all runners run one at once.
    """

    def __init__(self, launch: Launch, *, turn: AbstractContextManager[object]) -> None:
        self._launch = launch
        self._turn = turn
        self._measured: dict[Bounds, Isolation] = {}
        self._is_stopped = False
        with contextlib.ExitStack() as stack, contextlib.ExitStack() as begun:  # for a Ctrl-C meanwhile
            with uninterrupted():
                self._folder = make_folder()
                stack.callback(remove_tree, self._folder)
                with place_needed():
                    self.scratch.mkdir(mode=0o700)
                    self._errors: IO[bytes] = stack.enter_context(tempfile.TemporaryFile())
                self._worker = launch(self._folder, self._errors)
                begun.callback(self._worker.close)
            begun.pop_all()
            self._stack = stack.pop_all()

    @property
    def scratch(self) -> Path:
        """Return the folder for data that every kernel may read, and no kernel may write."""
        return self._folder / "data"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with uninterrupted():  # its folder is removed when nothing writes there any more
            self._worker.close()
            self._stack.close()

    def isolation(self, limits: Limits | None = None) -> Isolation:
        """Return how strong the wall is, as measured in a kernel that has run no student code yet.

        `limits` are those of the lab. The worker is asked only once for each. Raises SandboxError where no kernel
        starts.
        """
        from grader.sandbox.protocol import Measure  # noqa: PLC0415 (NumPy loads while the worker starts)

        bounds = USUAL if limits is None else bounds_of(limits)
        if bounds not in self._measured:
            self._measured[bounds] = cast("Isolation", self._twice(lambda: Measure(bounds), SPARE_SECONDS))
        return self._measured[bounds]

    def run(self, submission: Submission, spec: RunSpec) -> Run:
        """Run a submission, ask it the questions, and return what was seen."""
        with self.session(submission, spec) as session:
            return session.run

    @contextlib.contextmanager
    def session(self, submission: Submission, spec: RunSpec) -> Iterator[Session]:
        """Run a submission and ask it the questions; within the context, further ones can be asked.

        Where our machinery fails, it is tried once more with a fresh worker; then SandboxError is raised.
        """
        from grader.sandbox.protocol import Done, write  # noqa: PLC0415 (NumPy loads while the worker starts)

        with self._turn:
            seconds = spec.limits.submission_seconds + SPARE_SECONDS
            run = cast("Run", self._twice(lambda: self._job(submission, spec), seconds))
        try:
            longest = max(spec.limits.call_seconds, spec.limits.submission_seconds)  # the notebook may be run again
            yield Session(run, partial(self._ask, seconds=longest + SPARE_SECONDS))
        finally:
            self._worker.send(write(Done()))

    @property
    def is_stopped(self) -> bool:
        """Say whether `stop` was called."""
        return self._is_stopped

    def stop(self) -> None:
        """End, from another thread, what is being run: that raises SandboxError, and so does every later run."""
        self._is_stopped = True
        self.leave()

    def leave(self) -> None:
        """Let the worker end without waiting for it, so that the workers of several runners end side by side."""
        self._worker.leave()

    def _job(self, submission: Submission, spec: RunSpec) -> Job:
        from grader.sandbox.protocol import Job  # noqa: PLC0415 (NumPy loads while the worker starts)

        return Job(
            cells=submission.cells,
            questions=spec.questions,
            limits=spec.limits,
            packages=tuple(package for package in spec.packages if imports(submission.cells, package)),
            helpers=None if submission.helpers is None else submission.helpers.absolute(),  # the worker is elsewhere
            mnist=None if spec.mnist is None else self._readable(spec.mnist),
            training=spec.training,
            seed=spec.seed,
            files=tuple(replace(file, path=file.path.absolute()) for file in spec.files),
            isolation=spec.isolation,
        )

    def _readable(self, data: Path) -> Path:
        """Return a copy of the course's data where a kernel can read it."""
        copy = self.scratch / data.name
        if not copy.exists():
            with place_needed():
                shutil.copyfile(data, copy)
        return copy

    def _ask(self, questions: Sequence[Question], *, seconds: float) -> Sequence[Observation]:
        from grader.sandbox.protocol import Questions  # noqa: PLC0415 (NumPy loads while the worker starts)

        return cast("Observations", self._exchange(Questions(tuple(questions)), seconds)).observations

    def _twice(self, message: Callable[[], Message], seconds: float) -> Message:
        """Exchange messages, again with a fresh worker where our machinery fails."""
        try:
            return self._exchange(message(), seconds)
        except SandboxError:
            if self._is_stopped:
                raise
        self._worker.close()
        self._renew_folder()
        self._worker = self._launch(self._folder, self._errors)
        if self._is_stopped:  # while the worker was replaced
            self._worker.leave()
        return self._exchange(message(), seconds)

    def _renew_folder(self) -> None:
        """Make another folder, where the system has removed this one. Its name could be somebody else's by now."""
        if self.scratch.is_dir():
            return
        self._folder = make_folder()
        self._stack.callback(remove_tree, self._folder)
        with place_needed():
            self.scratch.mkdir(mode=0o700)

    def _exchange(self, message: Message, seconds: float) -> Message:
        """Send a message and return the one that answers it; raise SandboxError where our machinery failed."""
        from grader.sandbox.protocol import MachineryFailed, read, write  # noqa: PLC0415 (NumPy loads while the worker starts)

        until = monotonic() + seconds
        line = self._worker.receive(seconds) if self._worker.send(write(message)) else b""
        if not line:
            is_late = monotonic() >= until
            self._worker.leave()  # else a late answer would be taken for that of the next message
            error = SandboxError(_too_late(seconds) if is_late else _ended(self._worker.last_error()))
            error.add_note(self._worker.errors())
            raise error
        answer = read(line)
        if isinstance(answer, MachineryFailed):
            raise SandboxError(answer.text)
        return answer


def _ended(problem: str) -> Text:
    return say("The process that runs notebooks ended ({problem}). Nothing was graded.", problem=problem)


def _too_late(seconds: float) -> Text:
    return say(
        "The process that runs notebooks did not answer within {seconds:.0f} s. Nothing was graded: grade again when "
        "this computer has less to do.",
        seconds=seconds,
    )


def imports(cells: Sequence[Cell], package: str) -> bool:
    """Say whether a line of the notebook imports a package."""
    line = re.compile(rf"^[ \t]*(?:import|from)[ \t]+{re.escape(package)}\b", re.MULTILINE)
    return any(line.search(cell.source) for cell in cells)
