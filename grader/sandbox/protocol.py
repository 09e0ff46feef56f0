"""What crosses between this process and the worker, a line of JSON each.

A job goes there, a run comes back; then further questions, one at a time, with an observation back for each, until
DONE. A job holds what a submission may see and nothing else: its cells, the questions, the limits.
"""

from __future__ import annotations

import functools
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.model import Cell, CellStopped, Isolation, Limits, Place, Question, Run, Training
from grader.wire.networks import decode_watch, encode_watch
from grader.wire.observations import decode_observation, decode_over, encode_observation, encode_over, encode_place
from grader.wire.values import decode_argument, encode_argument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Level


DONE = b"{}"
"""No further question will come: the kernel may go."""

WARM = b'{"warm"'
"""How a line begins that names the packages which kernels are to have imported; there is no answer."""

LOOK, LOOK_WITH_PROCESSES = b'{"look"', b'{"look": "with processes"}'
"""How such a line begins that asks how strong the wall is; the answer is an isolation."""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One submission to be run, and the questions to be asked of it."""

    cells: tuple[Cell, ...]
    questions: tuple[Question, ...]
    limits: Limits
    packages: tuple[str, ...]
    """What the notebook imports of the packages that take long to import."""
    helpers: Path | None
    mnist: Path | None
    """The file that the notebook's `mnist.load_data()` reads, where the lab has one."""
    training: Training | None
    """How long the notebook's own cells may train a network."""
    seed: int
    isolation: Level = "none"
    """How strong the wall must be, of every kernel that is used."""


def write_job(job: Job) -> str:
    """Return a job as one line of JSON."""
    return json.dumps(
        {
            "cells": [[cell.number, cell.source] for cell in job.cells],
            "questions": _question_forms(job.questions),
            "limits": asdict(job.limits),
            "packages": job.packages,
            "helpers": None if job.helpers is None else str(job.helpers),
            "mnist": None if job.mnist is None else str(job.mnist),
            "training": None if job.training is None else asdict(job.training),
            "seed": job.seed,
            "isolation": job.isolation,
        }
    )


def read_job(line: str | bytes) -> Job:
    """Return what `write_job` was given."""
    form: dict[str, Any] = json.loads(line)
    return Job(
        cells=tuple(Cell(number, source) for number, source in form["cells"]),
        questions=tuple(_question(question) for question in form["questions"]),
        limits=Limits(**form["limits"]),
        packages=tuple(form["packages"]),
        helpers=None if form["helpers"] is None else Path(form["helpers"]),
        mnist=None if form["mnist"] is None else Path(form["mnist"]),
        training=None if form["training"] is None else Training(**form["training"]),
        seed=form["seed"],
        isolation=form["isolation"],
    )


def write_question(question: Question) -> str:
    """Return a further question as one line of JSON."""
    return json.dumps({"question": _question_form(question)})


def read_question(line: str | bytes) -> Question | None:
    """Return what `write_question` was given, None for another line."""
    form: dict[str, Any] = json.loads(line)
    return _question(form["question"]) if "question" in form else None


@functools.lru_cache(maxsize=1)  # a class is asked the same questions
def _question_forms(questions: tuple[Question, ...]) -> list[list[Any]]:
    return [_question_form(question) for question in questions]


def _question_form(question: Question) -> list[Any]:
    arguments = [encode_argument(value) for value in question.arguments]
    return [question.task, question.check, arguments, encode_watch(question.watch)]


def _question(form: list[Any]) -> Question:
    task, check, arguments, watch = form
    return Question(task, check, tuple(decode_argument(value) for value in arguments), decode_watch(watch))


def write_run(run: Run) -> str:
    """Return a run as one line of JSON."""
    return json.dumps(
        {
            "observations": [encode_observation(observation) for observation in run.observations],
            "cells": [_stop_form(stop) for stop in run.cells],
            "isolation": run.isolation,
            "shortened": run.shortened,
            "seconds": dict(run.seconds),
        }
    )


def read_run(line: str | bytes) -> Run:
    """Return what `write_run` was given."""
    form: dict[str, Any] = json.loads(line)
    return Run(
        observations=tuple(decode_observation(observation) for observation in form["observations"]),
        cells=tuple(
            CellStopped(Place(*place), how, kind, message, None if over is None else decode_over(over))
            for place, how, kind, message, over in form["cells"]
        ),
        isolation=form["isolation"],
        shortened=form["shortened"],
        seconds=form["seconds"],
    )


def write_packages(packages: Sequence[str]) -> str:
    """Return the names of packages to be imported as one line of JSON."""
    return json.dumps({"warm": list(packages)})


def read_packages(line: str | bytes) -> tuple[str, ...]:
    """Return what `write_packages` was given."""
    return tuple(json.loads(line)["warm"])


def write_isolation(isolation: Isolation) -> str:
    """Return an isolation as one line of JSON."""
    return json.dumps({"isolation": asdict(isolation)})


def read_isolation(line: str | bytes) -> Isolation:
    """Return what `write_isolation` was given."""
    form = json.loads(line)["isolation"]
    missing = tuple((name, reason) for name, reason in form["missing"])
    return Isolation(form["level"], tuple(form["open"]), missing)


def _stop_form(stop: CellStopped) -> list[Any]:
    over = None if stop.over is None else encode_over(stop.over)
    return [encode_place(stop.place), stop.how, stop.kind, stop.message, over]
