"""An output folder before anything is graded: what it holds of other labs, other people and other students stays."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.errors import LabError
from grader.messages.sentences import say, typed
from grader.output import refuse_others
from grader.submission.names import told_from

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.model import Submission, Text
    from grader.workflow.options import Options

_LAB = re.compile(rb'\s*\{\s*"format":\s*\d+,\s*"lab":\s*"([^"\\]{1,200})"')
HEAD_BYTES = 1000
SEED_FILE = ".{lab}.seed"


def check_output(options: Options, students: Sequence[str], *, is_class: bool) -> None:
    """Raise LabError where a file of somebody else's, or a result of another lab, stands in a result's place."""
    folder = options.output
    if folder is None:
        return
    if is_class:
        _refuse_other_class(folder, options.lab)
    from grader.workflow.reporting import RECORD, files_of  # noqa: PLC0415 (loads while the worker starts)

    for file in files_of(students, (RECORD, *options.formats), is_class=is_class):
        if (other := lab_of(folder / file)) not in {None, options.lab}:
            raise LabError(_mixed(folder, options.lab, str(other)))
        if other is None:
            refuse_others(folder / file)


def told_from_others(submission: Submission, output: Path | None) -> Submission:
    """Return a single submission, its student told apart from a look-alike who has a record in the output folder."""
    if output is None:
        return submission
    others = {path.stem for path in output.glob("*.json") if lab_of(path) is not None}
    own = output / f"{submission.student}.json"
    student = told_from(submission.path.stem, others, is_mine=_has(own, submission.sha256))
    return replace(submission, student=student)


def lab_of(path: Path) -> str | None:
    """Return the lab of the record that a file is; None for any other file."""
    try:
        with path.open("rb") as file:
            found = _LAB.match(file.read(HEAD_BYTES))
    except OSError:
        return None
    return None if found is None or path.is_symlink() else found[1].decode("utf-8", "replace")


def _has(path: Path, sha256: str) -> bool:
    try:
        return sha256.encode() in path.read_bytes()
    except OSError:
        return False


def _refuse_other_class(folder: Path, lab: str) -> None:
    begun = [path.name[1:-5] for path in sorted(folder.glob(SEED_FILE.format(lab="*")))]
    for other in begun:
        if other != lab:
            raise LabError(_mixed(folder, lab, other))


def _mixed(folder: Path, lab: str, other: str) -> Text:
    return say(
        "{folder} holds the results of {other}, and these of {lab} would be mixed with them. Nothing was graded. "
        "Name a folder for each lab; one gradebook for both is --book {quoted}.",
        folder=folder,
        quoted=typed(folder),
        other=other,
        lab=lab,
    )
