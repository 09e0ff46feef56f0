"""What every page for a person says of a record: the score, rounded, and the one thing to do first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from grader.messages.sentences import place_text, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from grader.model import Text
    from grader.records.record import CellPart, CheckPart, Record, TaskPart, VerdictWord

MARKS: Mapping[VerdictWord, str] = MappingProxyType(
    {"passed": "✓", "failed": "✗", "not_attempted": "○", "ungraded": "?"}
)
BROKEN_CELL_KINDS = frozenset({"SyntaxError", "IndentationError", "TabError"})


@dataclass(frozen=True, slots=True)
class FixCell:
    """A cell that Python could not read, or that ended the run: what it defines is missing in all other cells."""

    cell: CellPart


@dataclass(frozen=True, slots=True)
class FixCheck:
    """The first check that failed."""

    task: TaskPart
    check: CheckPart


@dataclass(frozen=True, slots=True)
class WriteFunction:
    """The first check whose function is not written yet."""

    task: TaskPart
    check: CheckPart


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """Full marks, or no grading."""


Advice: TypeAlias = FixCell | FixCheck | WriteFunction | NothingToDo


def number(points: Fraction) -> str:
    """Return points as a person reads them: at most two decimals, rounded down, so that 99.999 does not become 100."""
    return f"{math.floor(points * 100) / 100:.2f}".rstrip("0").rstrip(".")


def points_text(earned: Fraction | None, points: Fraction) -> str:
    """Return points as "3 / 4", with a dash for what was not graded."""
    return f"{'–' if earned is None else number(earned)} / {number(points)}"


def score_text(record: Record) -> Text:
    """Return the score as a sentence; of a student's kit how many questions were answered, for that is no score."""
    if record.earned is None:
        return say("not graded (of {points} points)", points=number(record.points))
    if record.kit:
        right, asked = record.agreed
        return say("public questions: {right} of {asked}", right=right, asked=asked)
    return say("{earned} of {points} points", earned=number(record.earned), points=number(record.points))


def first_thing(record: Record) -> Advice:
    """Return what to do first: fix a broken cell, else a failed check, else write what is not written yet."""
    for cell in record.cells:
        if cell.kind in BROKEN_CELL_KINDS or cell.how in {"died", "timed_out"}:
            return FixCell(cell)
    return _first_check(record, "failed") or _first_check(record, "not_attempted") or NothingToDo()


def advice_text(advice: Advice) -> Text:
    """Return the advice as one sentence."""
    match advice:
        case FixCell(cell):
            return say("Look at this cell first: {what}", what=cell_text(cell))
        case FixCheck(task, check):
            return say("Look at {function} ({check})", function=task.name, check=check.name)
        case WriteFunction(task, _):
            return say("Write {function}: {title}", function=task.name, title=task.title.text)
        case NothingToDo():
            return say("Nothing is left to do.")


def lecture_text(task: TaskPart) -> Text:
    """Return where to read about a task."""
    return say("In the lecture: {section}", section=task.lecture.text)


def foot_text(record: Record) -> Text:
    """Return what it takes to repeat a grading: the seed, the isolation, the version."""
    return say(
        "seed {seed} · isolation: {isolation} · labgrader {version}",
        seed=record.seed,
        isolation=record.isolation,
        version=record.versions["labgrader"],
    )


def cell_text(cell: CellPart) -> Text:
    """Return where and how a cell stopped. The number is In [n] after "Run All"."""
    return say("{place}: {because}", place=place_text(cell.cell, cell.line), because=cell.because.text)


def _first_check(record: Record, verdict: Literal["failed", "not_attempted"]) -> FixCheck | WriteFunction | None:
    for task in record.tasks:
        for check in task.checks:
            if check.verdict == verdict:
                return FixCheck(task, check) if verdict == "failed" else WriteFunction(task, check)
    return None
