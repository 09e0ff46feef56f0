"""What goes to a host and comes back for one submission: plain data, which says all that a record is made of.

A submission goes as it was read here, so that a host says of it what this machine would. A record comes back as its own
JSON; where there is none, the reason does, and what the host would have written into a log.
"""

from __future__ import annotations

import traceback
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from grader.errors import SandboxError, SubmissionError
from grader.model import Cell, Submission, Text
from grader.records.record import Record, dump_record
from grader.submission.folders import helper_files
from grader.workflow.cluster.order import put_files
from grader.workflow.log import HostError

if TYPE_CHECKING:
    from collections.abc import Callable

Plain: TypeAlias = "dict[str, Any]"


def packed(submission: Submission) -> Plain:
    """Return a submission with the bytes of its helper files."""
    helpers = submission.helpers
    return {
        "student": submission.student,
        "file": submission.path.name,
        "cells": [asdict(cell) for cell in submission.cells],
        "texts": [asdict(cell) for cell in submission.texts],
        "sha256": submission.sha256,
        "helpers_sha256": submission.helpers_sha256,
        "helpers": None
        if helpers is None
        else {path.relative_to(helpers).as_posix(): path.read_bytes() for path in helper_files(helpers)},
    }


def unpacked(form: Plain, folder: Path) -> Submission:
    """Return a submission whose helper files are written to a folder; its path is the name it was handed in under."""
    helpers = form["helpers"]
    if helpers is not None:
        put_files(helpers, folder)
    return Submission(
        student=form["student"],
        path=Path(form["file"]),
        cells=tuple(Cell(**cell) for cell in form["cells"]),
        texts=tuple(Cell(**cell) for cell in form["texts"]),
        sha256=form["sha256"],
        helpers_sha256=form["helpers_sha256"],
        helpers=None if helpers is None else folder,
    )


def outcome_of(grade: Callable[[], Record]) -> Plain:
    """Return the record that grading gives, or why it gives none."""
    try:
        return {"record": dump_record(grade())}
    except SubmissionError as error:
        return {"submission": plain_text(error.text)}
    except SandboxError as error:
        return {"machinery": plain_text(error.text), "notes": getattr(error, "__notes__", [])}
    except Exception as error:  # noqa: BLE001 (nobody foresaw it: who asked for the grading logs it)
        return {"unforeseen": type(error).__name__, "trace": traceback.format_exc()}


def result_of(outcome: Plain) -> Record | Exception:
    """Return what a host's outcome says, as grading on this machine would have given it."""
    match outcome:
        case {"record": form}:
            return Record.model_validate_json(form)
        case {"submission": [chinese, english]}:
            return SubmissionError(Text(chinese, english))
        case {"machinery": [chinese, english], "notes": notes}:
            error = SandboxError(Text(chinese, english))
            for note in notes:
                error.add_note(note)
            return error
    return HostError(outcome["unforeseen"], outcome["trace"])


def plain_text(text: Text) -> list[str]:
    """Return a text in both languages, the Chinese first."""
    return [text.zh_tw, text.en]
