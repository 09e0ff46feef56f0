"""What an output folder already holds of a class, so that the same command goes on where it stopped.

A record is still good when the submission, the course, the grader and the seed are those that it was made with. The
seed of a class is kept beside its records: without --seed the first call draws one, and the next ones go on with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader import __version__
from grader.errors import LabError
from grader.output import write_file

if TYPE_CHECKING:
    from pathlib import Path

    from grader.lab import Lab
    from grader.model import Submission
    from grader.record import Record


def kept_record(output: Path | None, submission: Submission, lab: Lab, seed: int) -> Record | None:
    """Return the record of a submission that has not changed since it was graded, None where there is none."""
    if output is None or not (path := output / f"{submission.student}.json").is_file():
        return None
    from grader.record import load_record  # noqa: PLC0415 (heavy; loads while the worker starts)

    try:
        record = load_record(path)
    except LabError:  # another file, or one of an older format: it is written anew
        return None
    made_of = (record.lab, record.student, record.submission.sha256, record.submission.helpers_sha256)
    same = made_of == (lab.name, submission.student, submission.sha256, submission.helpers_sha256)
    made_by = (record.course_sha256, record.seed, record.versions.get("labgrader"))
    good = record.ungraded is None and made_by == (lab.sha256, seed, __version__)
    return record if same and good else None


def class_seed(output: Path | None, lab: str, seed: int | None) -> int | None:
    """Return the seed to go on with: the one that was asked for, or the one that a folder was begun with."""
    if seed is not None or output is None:
        return seed
    try:
        text = _seed_file(output, lab).read_text("utf-8")
    except OSError:
        return None
    return int(text) if text.strip().isdecimal() else None


def keep_seed(output: Path | None, lab: str, seed: int) -> None:
    """Keep the seed that a class is graded with."""
    if output is not None:
        write_file(_seed_file(output, lab), f"{seed}\n")


def _seed_file(output: Path, lab: str) -> Path:
    return output / f".{lab}.seed"
