"""The messages between the grader and a worker: a line of JSON each, tagged with its type.

The grader sends a `Job`, and a `Run` comes back; then further `Questions`, answered by `Observations`, until it sends
`Done`. Before a job it may send `Measure`, which an `Isolation` answers. Where our machinery fails, `MachineryFailed`
comes instead. A live session is sent one `Question` at a time, and answers with an observation; where a rubric says
what functions call, it is asked for its cells (`workflow/practice.py`). A job holds what a submission may see and
nothing else: its cells, the questions, the limits.
"""

from __future__ import annotations

import functools
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from grader.model import Cell, CellStopped, DataFile, Isolation, Limits, Place, Question, Run, Text, Training
from grader.sandbox.isolation.policy import USUAL, Bounds
from grader.wire.observations import (
    decode_observation,
    decode_over,
    decode_passed_over,
    encode_observation,
    encode_over,
    encode_passed_over,
    encode_place,
)
from grader.wire.questions import decode_question, encode_question

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.model import Level, Observation


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One submission to be run, and the questions to be asked of it."""

    cells: tuple[Cell, ...]
    questions: tuple[Question, ...]
    limits: Limits
    packages: tuple[str, ...]
    """Those of the lab's packages that the notebook imports."""
    helpers: Path | None
    mnist: Path | None
    """The file that the notebook's `mnist.load_data()` reads, where the lab has one."""
    training: Training | None
    """How long the notebook's own cells may train a network."""
    seed: int
    files: tuple[DataFile, ...] = ()
    """The lab's data files, which are copied to where the notebook runs."""
    isolation: Level = "none"
    """How strong the wall must be, of every kernel that is used."""


@dataclass(frozen=True, slots=True, eq=False)
class Questions:
    """Further questions to the submission that was run, put together."""

    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """What came of further questions, in their order."""

    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """Asks how strong the wall of a kernel is that is launched with such bounds."""

    bounds: Bounds = USUAL


@dataclass(frozen=True, slots=True)
class Done:
    """No further question will come: the kernel may go."""


@dataclass(frozen=True, slots=True)
class MachineryFailed:
    """Our machinery failed, and why."""

    text: Text


Message: TypeAlias = (
    "Job | Question | Questions | Observations | Measure | Done | Run | Observation | Isolation | MachineryFailed"
)


def write(message: Message) -> bytes:
    """Return a message as one line."""
    kind, content = _form(message)
    return json.dumps({"type": kind, "content": content}).encode() + b"\n"


def read(line: bytes | str) -> Message:
    """Return what `write` was given."""
    form: dict[str, Any] = json.loads(line)
    return _READERS[form["type"]](form["content"])


def _form(message: Message) -> tuple[str, Any]:
    match message:
        case Job():
            return "job", _job_form(message)
        case Question():
            return "question", encode_question(message)
        case Questions(questions):
            return "questions", list(map(encode_question, questions))
        case Observations(observations):
            return "observations", list(map(encode_observation, observations))
        case Measure(bounds):
            return "measure", asdict(bounds)
        case Done():
            return "done", None
        case Run():
            return "run", _run_form(message)
        case Isolation():
            return "isolation", asdict(message)
        case MachineryFailed(text):
            return "failed", [text.zh_tw, text.en]
    return "observation", encode_observation(message)


def _job_form(job: Job) -> dict[str, Any]:
    return {
        "cells": [[cell.number, cell.source] for cell in job.cells],
        "questions": _question_forms(job.questions),
        "limits": asdict(job.limits),
        "packages": job.packages,
        "helpers": None if job.helpers is None else str(job.helpers),
        "mnist": None if job.mnist is None else str(job.mnist),
        "training": None if job.training is None else asdict(job.training),
        "seed": job.seed,
        "files": [[file.name, str(file.path)] for file in job.files],
        "isolation": job.isolation,
    }


@functools.lru_cache(maxsize=1)  # a class is asked the same questions
def _question_forms(questions: tuple[Question, ...]) -> list[dict[str, Any]]:
    return [encode_question(question) for question in questions]


def _run_form(run: Run) -> dict[str, Any]:
    return {
        "observations": [encode_observation(observation) for observation in run.observations],
        "cells": [_stop_form(stop) for stop in run.cells],
        "isolation": run.isolation,
        "shortened": run.shortened,
        "passed_over": [encode_passed_over(one) for one in run.passed_over],
        "seconds": dict(run.seconds),
    }


def _stop_form(stop: CellStopped) -> list[Any]:
    over = None if stop.over is None else encode_over(stop.over)
    return [encode_place(stop.place), stop.how, stop.kind, stop.message, over, stop.called_from]


def _job(form: dict[str, Any]) -> Job:
    return Job(
        cells=tuple(Cell(number, source) for number, source in form["cells"]),
        questions=tuple(decode_question(question) for question in form["questions"]),
        limits=Limits(**form["limits"]),
        packages=tuple(form["packages"]),
        helpers=None if form["helpers"] is None else Path(form["helpers"]),
        mnist=None if form["mnist"] is None else Path(form["mnist"]),
        training=None if form["training"] is None else Training(**form["training"]),
        seed=form["seed"],
        files=tuple(DataFile(name, Path(path)) for name, path in form["files"]),
        isolation=form["isolation"],
    )


def _run(form: dict[str, Any]) -> Run:
    return Run(
        observations=tuple(decode_observation(observation) for observation in form["observations"]),
        cells=tuple(_stop(stop) for stop in form["cells"]),
        isolation=form["isolation"],
        shortened=form["shortened"],
        passed_over=tuple(map(decode_passed_over, form["passed_over"])),
        seconds=form["seconds"],
    )


def _stop(form: list[Any]) -> CellStopped:
    place, how, kind, message, over, called_from = form
    limit = None if over is None else decode_over(over)
    return CellStopped(Place(*place), how, kind=kind, message=message, over=limit, called_from=called_from)


def _isolation(form: dict[str, Any]) -> Isolation:
    missing = tuple((name, reason) for name, reason in form["missing"])
    return Isolation(form["level"], tuple(form["open"]), missing)


_READERS: dict[str, Callable[[Any], Message]] = {
    "job": _job,
    "question": decode_question,
    "questions": lambda forms: Questions(tuple(map(decode_question, forms))),
    "observations": lambda forms: Observations(tuple(map(decode_observation, forms))),
    "measure": lambda form: Measure(Bounds(**form)),
    "done": lambda _: Done(),
    "run": _run,
    "isolation": _isolation,
    "failed": lambda texts: MachineryFailed(Text(*texts)),
    "observation": decode_observation,
}
