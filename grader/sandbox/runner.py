"""Starts the worker process, hands it submissions one after another, and reads back what was seen."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING, Protocol, Self, TypeAlias, TypeVar

from grader.errors import SandboxError
from grader.messages.sentences import clean, say
from grader.model import Text
from grader.sandbox.environment import environment_of
from grader.sandbox.isolation.wall import layers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

    from grader.model import Cell, Isolation, Level, Limits, Observation, Question, Run, Submission, Training
    from grader.sandbox.protocol import Job

Result = TypeVar("Result")

SPARE_SECONDS = 150.0
"""How much longer than its limit a submission's worker may take for what is our own: starting kernels."""

CLOSING_SECONDS = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What a lab asks of every submission alike, and on what terms it is run."""

    questions: tuple[Question, ...]
    limits: Limits
    packages: tuple[str, ...] = ()
    mnist: Path | None = None
    training: Training | None = None
    seed: int = 0
    isolation: Level = "none"
    """How strong the wall must be: SandboxError where it is weaker, before any student code runs."""


class Worker(Protocol):
    """A worker process: what is used of Popen's interface."""

    @property
    def pid(self) -> int:
        """Return its process number."""

    @property
    def stdin(self) -> IO[bytes] | None:
        """Return where it is told what to do."""

    @property
    def stdout(self) -> IO[bytes] | None:
        """Return where it answers."""

    def poll(self) -> int | None:
        """Return how it ended, None where that is not known."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raise subprocess.TimeoutExpired if it does not come in time."""

    def kill(self) -> None:
        """End it at once."""


Hire: TypeAlias = "Callable[[Path, Sequence[str], IO[bytes]], Worker]"
"""Gives a worker for a folder and walls, which writes its errors to a file."""


@dataclass(frozen=True, slots=True, eq=False)
class Sitting:
    """A submission that was run, and whose kernel can still be asked. An ended one answers NotAsked."""

    run: Run
    ask: Callable[[Question], Observation]


class Runner:
    """A context in which submissions are run. Leaving it leaves no process and no file behind.

    Should this process be killed, the worker removes them. `walls` are the names of the walls to be put up, where
    it is not all that this system has: to see what each of them is good for. With `warm` kernels have imported what
    `warm_up` is told before a notebook comes: to be chosen where many submissions follow, for it takes as long as one
    import. Where processes cannot be forked safely, kernels are only started ahead. With `hire` the first worker is had
    from there; one that fails is replaced by one that is started. `turn` is held while a submission is run: for runners
    side by side, of which not all are to run one at once.
    """

    def __init__(
        self,
        walls: tuple[str, ...] | None = None,
        *,
        warm: bool = False,
        hire: Hire | None = None,
        turn: AbstractContextManager[object] | None = None,
    ) -> None:
        self._turn = contextlib.nullcontext() if turn is None else turn
        self._walls = layers_of() if walls is None else walls
        self._is_warm = warm
        self._packages: tuple[str, ...] = ()
        self._measured: dict[bool, Isolation] = {}
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="grade-"))
            self.scratch.mkdir(mode=0o700)
            self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the runner)
        except OSError as error:
            reason = error.strerror or str(error)
            told = say(
                "There is no place for temporary files ({reason}). Nothing was graded. Set TMPDIR.", reason=reason
            )
            raise SandboxError(told) from error
        self._stopped = False
        self._worker = self._start() if hire is None else hire(self._folder, self._walls, self._errors)

    @property
    def scratch(self) -> Path:
        """Return the folder for data that every kernel may read, and none may write."""
        return self._folder / "data"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        self._errors.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def warm_up(self, packages: Sequence[str]) -> None:
        """Let kernels have imported packages from now on, the first of them soon."""
        self._packages = tuple(packages)
        self._send_packages()

    def isolation(self, *, processes: bool = False) -> Isolation:
        """Return how strong the wall is, as tried from inside a kernel that no student code has reached yet.

        `processes` says whether the lab's notebooks may start programs. It is asked once of the worker. Raises
        SandboxError when no kernel starts.
        """
        from grader.sandbox.protocol import LOOK_WITH_PROCESSES, read_isolation  # noqa: PLC0415 (NumPy loads meanwhile)

        line = LOOK_WITH_PROCESSES if processes else b'{"look": "alone"}'
        if processes not in self._measured:
            answer = self._twice(lambda: self._exchange(line.decode(), SPARE_SECONDS))
            self._measured[processes] = read_isolation(answer)
        return self._measured[processes]

    def run(self, submission: Submission, terms: Terms) -> Run:
        """Run a submission on the lab's terms, ask it the questions, and return what was seen."""
        with self.sit(submission, terms) as sitting:
            return sitting.run

    @contextlib.contextmanager
    def sit(self, submission: Submission, terms: Terms) -> Iterator[Sitting]:
        """Run a submission on the lab's terms and ask it the questions; within the context, more can be asked.

        Raises SandboxError when our machinery fails, twice: the second try has a fresh worker.
        """
        from grader.sandbox.protocol import DONE, Job  # noqa: PLC0415 (NumPy loads while the worker starts)

        job = Job(
            cells=submission.cells,
            questions=terms.questions,
            limits=terms.limits,
            packages=tuple(package for package in terms.packages if imports(submission.cells, package)),
            helpers=submission.helpers,
            mnist=None if terms.mnist is None else self._readable(terms.mnist),
            training=terms.training,
            seed=terms.seed,
            isolation=terms.isolation,
        )
        with self._turn:
            run = self._twice(lambda: self._run(job))
        try:
            yield Sitting(run, self._ask)
        finally:
            self._send(DONE)

    def stop(self) -> None:
        """End what is being run, from another thread: the run raises SandboxError, and so does every later one."""
        self._stopped = True
        self.leave()

    def leave(self) -> None:
        """Let the worker end, without waiting for it: several runners do so side by side."""
        if self._worker.stdin is not None:
            with contextlib.suppress(OSError):  # it has ended already
                self._worker.stdin.close()

    def _readable(self, data: Path) -> Path:
        """Return a copy of the course's data where a kernel can read it."""
        copy = self.scratch / data.name
        if not copy.exists():
            shutil.copyfile(data, copy)
        return copy

    def _start(self) -> Worker:
        words = [str(os.getpid()), str(self._folder), ",".join(self._walls)]
        words += ["warm"] if self._is_warm else []
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "grader.sandbox.worker.main", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment_of(self._folder),
            cwd=self._folder,
            start_new_session=True,  # Ctrl-C is for this process, which then ends the worker in order
        )

    def _twice(self, act: Callable[[], Result]) -> Result:
        """Do what needs the worker, again with a fresh one where our machinery fails."""
        try:
            return act()
        except SandboxError:
            if self._stopped:
                raise
        self._close()
        self._worker = self._start()
        self._send_packages()
        return act()

    def _send_packages(self) -> None:
        from grader.sandbox.protocol import write_packages  # noqa: PLC0415 (same)

        if self._is_warm:
            self._send(write_packages(self._packages).encode())

    def _run(self, job: Job) -> Run:
        from grader.sandbox.protocol import read_run, write_job  # noqa: PLC0415 (same)

        return read_run(self._exchange(write_job(job), job.limits.submission_seconds + SPARE_SECONDS))

    def _ask(self, question: Question) -> Observation:
        from grader.sandbox.protocol import write_question  # noqa: PLC0415 (same)
        from grader.wire.observations import decode_observation  # noqa: PLC0415 (same)

        form = json.loads(self._exchange(write_question(question), SPARE_SECONDS))
        return decode_observation(form["observation"])

    def _exchange(self, line: str, seconds: float) -> bytes:
        """Send one line and return the line that answers it; raise SandboxError where our machinery failed."""
        answer = self._answer(seconds) if self._send(line.encode()) else b""
        if not answer:
            raise SandboxError(
                say(
                    "The process that runs notebooks ended ({problem}). Nothing was graded.",
                    problem=self._last_error(),
                )
            )
        if answer.startswith(b'{"machinery"'):
            raise SandboxError(Text(*json.loads(answer)["machinery"]))
        return answer

    def _send(self, line: bytes) -> bool:
        """Send one line; say whether the worker was there to take it."""
        stdin = self._worker.stdin
        if stdin is None:
            raise AssertionError
        try:
            stdin.write(line + b"\n")
            stdin.flush()
        except (BrokenPipeError, ValueError):  # it has gone, or is stopped
            return False
        return True

    def _answer(self, seconds: float) -> bytes:
        """Return the worker's next line, empty when it has gone or hangs."""
        stdout = self._worker.stdout
        if stdout is None:
            raise AssertionError
        deadline, answer = monotonic() + seconds, bytearray()
        while not answer.endswith(b"\n"):
            if os.name == "posix" and not select.select([stdout], [], [], max(0.0, deadline - monotonic()))[0]:
                return b""
            part = os.read(stdout.fileno(), 2**20)
            if not part:
                return b""
            answer += part
        return bytes(answer)

    def _last_error(self) -> str:
        self._errors.seek(0)
        told = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return clean(told[-1]) if told else f"exit status {self._worker.poll()}"

    def _close(self) -> None:
        """End the worker: it kills its kernel when its input ends, and is killed itself if it does not."""
        self.leave()
        try:
            self._worker.wait(CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            self._worker.kill()
            self._worker.wait()
        if self._worker.stdout is not None:
            self._worker.stdout.close()


def imports(cells: Sequence[Cell], package: str) -> bool:
    """Say whether a line of the notebook imports a package."""
    line = re.compile(rf"^[ \t]*(?:import|from)[ \t]+{re.escape(package)}\b", re.MULTILINE)
    return any(line.search(cell.source) for cell in cells)
