"""What every page for a person says of a record: the score, rounded, and the one thing to do first."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias, get_args

from grader.messages.sentences import place_text, say
from grader.wire.observations import What

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from grader.model import Text
    from grader.records.brief import AnyRecord
    from grader.records.record import CellPart, CheckPart, Record, TaskPart, VerdictWord

MARKS: Mapping[VerdictWord, str] = MappingProxyType(
    {"passed": "✓", "failed": "✗", "not_attempted": "○", "ungraded": "?"}
)
BROKEN_CELL_KINDS = frozenset({"SyntaxError", "IndentationError", "TabError"})
IMPORT_KINDS = frozenset({"ImportError", "ModuleNotFoundError"})
ENDS: Mapping[str, str] = MappingProxyType({"timed_out": "endless", "died": "process_ended"})
"""How a cell ends the run, and how a function ends that does the same when it is asked: then it is the cause."""
MOST_CELLS = 5
CAUSES: tuple[frozenset[str], ...] = (
    frozenset({"cell_unreadable", "cell_stopped", "cell_not_run", "needs_stopped_cell"}),
    frozenset(
        {
            *("package_missing", "not_imported", "gone_from_keras", "unknown_in_module", "file_missing"),
            *(f"no_{what}" for what in get_args(What)),
        }
    ),
    frozenset(
        {
            *("not_defined", "no_function", "near_name", "deleted", "gone", "under_a_condition"),
            *("in_class", "in_function", "in_magic", "in_markdown", "in_raw", "in_comment", "in_text"),
            *("raise_left", "defined_twice", "stub_counts"),
            *("unknown_name", "calls_missing", "calls_unfinished"),
            *("unknown_argument", "unknown_part_of_keras", "parameters_changed"),
        }
    ),
)
"""What fails before any formula can, by the names in records: a cell, then an import or a refusal, then a name."""


@dataclass(frozen=True, slots=True)
class FixCell:
    """A cell that Python could not read, or that ended the run: what it defines is missing in all other cells."""

    cell: CellPart
    functions: tuple[str, ...] = ()
    """The tasks' functions that it would have defined."""


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
class PutBack:
    """The first task of which a person finds nothing to read."""

    task: TaskPart


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """Full marks, or no grading. `cells` are those that stopped all the same; `tasks` are what a person reads."""

    kit: bool = False
    cells: tuple[int, ...] = ()
    tasks: tuple[str, ...] = ()


Advice: TypeAlias = FixCell | FixCheck | WriteFunction | PutBack | NothingToDo


def number(points: Fraction) -> str:
    """Return points as a person reads them: at most two decimals, rounded down, so that 99.999 does not become 100."""
    return f"{math.floor(points * 100) / 100:.2f}".rstrip("0").rstrip(".")


def percent(part: Fraction | int, whole: Fraction | int, decimals: int = 0) -> str:
    """Return a share in percent, rounded as people do; but only a whole is 100, and only nothing is 0."""
    least = Fraction(1, 10**decimals)
    exact = Fraction(part) / Fraction(whole) * 100
    near = math.floor(exact / least + Fraction(1, 2)) * least
    if 0 < exact < 100:  # noqa: PLR2004 (percent)
        near = min(max(near, least), 100 - least)
    return f"{float(near):.{decimals}f}".rstrip("0").rstrip(".") if decimals else str(int(near))


def points_text(earned: Fraction | None, points: Fraction) -> str:
    """Return points as "3 / 4", with a dash for what was not graded; a bonus above them as "4+1 / 4"."""
    if earned is not None and earned > points:
        return f"{number(points)}+{number(earned - points)} / {number(points)}"
    return f"{'–' if earned is None else number(earned)} / {number(points)}"


def earned_text(earned: Fraction, points: Fraction) -> Text:
    """Return what was earned of points; what is above them is a bonus, and is called so."""
    if earned > points:
        bonus = number(earned - points)
        return say("{points} of {points} points and a bonus of {bonus}", points=number(points), bonus=bonus)
    return say("{earned} of {points} points", earned=number(earned), points=number(points))


def signed(points: Fraction) -> str:
    """Return points that are added, or taken off, with their sign."""
    return ("+" if points > 0 else "") + number(points)


def score_text(record: AnyRecord) -> Text:
    """Return the score as a sentence; of a student's kit how many questions were answered, for that is no score."""
    if record.earned is None:
        return say("not graded (of {points} points)", points=number(record.points))
    if record.kit:
        right, asked = record.agreed
        answered = say("public questions: {right} of {asked}", right=right, asked=asked)
        by_code = [check for task in record.tasks for check in task.checks if not check.questions]
        if not by_code:
            return answered
        passed = sum(check.verdict == "passed" for check in by_code)
        return say("{answered}; of the code: {right} of {all}", answered=answered, right=passed, all=len(by_code))
    earned, graded, waiting = (number(points) for points in (record.earned, record.graded_points, record.to_read))
    if not record.to_read:
        return earned_text(record.earned, record.graded_points)
    if not record.graded_points:
        return say("{points} points are not graded yet", points=waiting)
    return say(
        "{earned} of {points} points, {more} more are not graded yet", earned=earned, points=graded, more=waiting
    )


def late_text(lab: str, students: str) -> Text:
    """Return whom the platform calls late without a time, and how a teacher says how late they were."""
    return say(
        "The platform says late, and not how late: {students}. To count it: grade book late STUDENT {lab} --days N "
        "(0: on time).",
        students=students,
        lab=lab,
    )


def first_thing(record: Record) -> Advice:
    """Return what to do first: the cause before what follows from it.

    That is a broken cell, else a cell, an import or a name because of which a check failed, else a formula, else a
    function that is not written yet.
    """
    failed = [FixCheck(task, check) for task in record.tasks for check in task.checks if check.verdict == "failed"]
    for cell in record.cells:
        if cell.kind in BROKEN_CELL_KINDS:
            return FixCell(cell, _not_defined_by(cell, failed))
        if cell.how in ENDS:
            return next((fix for fix in failed if fix.check.mistake == ENDS[cell.how]), None) or FixCell(cell)
    first = min(failed, key=_rank, default=None)  # of equal ones the first
    if first is None:
        stopped_cells = tuple(dict.fromkeys(cell.cell for cell in record.cells))
        left = next(_unwritten(record), None) or next(_lost(record), None)
        return left or NothingToDo(record.kit, stopped_cells, tasks=_read_by_people(record))
    stopped = [cell for cell in record.cells if _is_cause(cell, first.check)]
    return FixCell(stopped[0]) if stopped else _called(record, first) or first


def _called(record: Record, fix: FixCheck) -> WriteFunction | None:
    """Return the unwritten function because of which a check failed that calls it."""
    if fix.check.mistake != "calls_stub" or fix.check.because is None:
        return None
    said = fix.check.because.text
    return next((write for write in _unwritten(record) if _names(said, write.task.name)), None)


def _names(said: Text, function: str) -> bool:
    """Say whether a function is named: in Chinese no blank need stand around it."""
    return re.search(rf"(?<![A-Za-z0-9_]){re.escape(function)}(?![A-Za-z0-9_])", said.en) is not None


def _not_defined_by(cell: CellPart, failed: Iterable[FixCheck]) -> tuple[str, ...]:
    names = (fix.task.name for fix in failed if fix.check.mistake == "cell_unreadable" and _is_cause(cell, fix.check))
    return tuple(dict.fromkeys(names))


def _rank(fix: FixCheck) -> int:
    places = (place for place, names in enumerate(CAUSES) if fix.check.mistake in names)
    return next(places, len(CAUSES))


def _is_cause(cell: CellPart, check: CheckPart) -> bool:
    """Say whether a check failed because a cell stopped: it says so, or a name is missing after a failed import."""
    if check.mistake in CAUSES[0]:
        return check.because is not None and _begins_at(check.because.text, cell)
    return cell.kind in IMPORT_KINDS and check.mistake in {"not_imported", "unknown_name", "package_missing"}


def _begins_at(because: Text, cell: CellPart) -> bool:
    """Say whether a reason has a cell's place in it; a lab in one language has it in that one alone."""
    places = say("{place}: {because}", place=place_text(cell.cell, cell.line), because="")
    return places.en.rstrip() in because.en or places.zh_tw.rstrip() in because.zh_tw


def advice_text(advice: Advice) -> Text:
    """Return the advice as one sentence."""
    match advice:
        case FixCell(cell, ()):
            return say("Look at this cell first: {what}", what=cell_text(cell))
        case FixCell(cell, functions):
            names = ", ".join(functions)
            return say("Look at the cell of {functions} first: {what}", functions=names, what=cell_text(cell))
        case FixCheck(task, check):
            return say("Look at {function} ({check})", function=task.name, check=check.name)
        case WriteFunction(task, _):
            if task.own_title is None:
                return say("Write {function}", function=task.name)
            return say("Write {function}: {title}", function=task.name, title=task.own_title)
        case PutBack(task):
            return say("Put back what a person reads: {task}", task=task.name)
        case NothingToDo():
            return _done_text(advice)


def _done_text(done_all: NothingToDo) -> Text:
    kit, cells, tasks = done_all.kit, done_all.cells, ", ".join(done_all.tasks)
    done = say("All public questions are answered; the grading asks more.") if kit else say("Nothing is left to do.")
    if tasks and not kit:
        done = say("Nothing is left to do; a person reads {tasks}.", tasks=tasks)
    if not cells:
        return done
    places = ", ".join(f"In [{cell}]" for cell in cells[:MOST_CELLS])
    if not kit and not tasks:
        return say("Every check has passed. Errors are left in these cells: {cells}", cells=places)
    return say("{done} Errors are left in these cells: {cells}", done=done, cells=places)


def lecture_text(task: TaskPart) -> Text | None:
    """Return where to read about a task, if the rubric says so."""
    return None if task.lecture is None else say("In the lecture: {section}", section=task.lecture.text)


def foot_text(record: AnyRecord) -> Text:
    """Return what it takes to repeat a grading: the seed, the isolation, the version."""
    return say(
        "seed {seed} · isolation: {isolation} · labgrader {version}",
        seed=record.seed,
        isolation=record.isolation,
        version=record.versions["labgrader"],
    )


def file_text(record: Record) -> Text:
    """Return which file was graded, or could not be."""
    if record.ungraded is not None:
        return say("File: {file}", file=record.submission.file)
    return say("Graded file: {file}", file=record.submission.file)


def cell_text(cell: CellPart) -> Text:
    """Return where and how a cell stopped. The number is In [n] after "Run All"."""
    return say("{place}: {because}", place=place_text(cell.cell, cell.line), because=cell.because.text)


def cell_question(cell: CellPart) -> Text:
    """Return the question that helps with a cell that stopped."""
    if cell.kind in BROKEN_CELL_KINDS:
        return say("What is wrong in that line, or just before it: a bracket, a colon, a quote, the indentation?")
    if cell.kind in IMPORT_KINDS:
        return say("Is the name spelled right, is the package one of the course's, and has it that name still?")
    if cell.how == "timed_out":
        return say("Does every loop come to an end, and how many steps does it take for these inputs?")
    if cell.how == "died":
        return say(
            "Which line ends Python itself: exit(), quit(), sys.exit()? Or does it need more memory than there is?"
        )
    return say("What stands after that line is never run: what does the line work with, and is that there by then?")


def _unwritten(record: Record) -> Iterator[WriteFunction]:
    parts = ((task, check) for task in record.tasks for check in task.checks)
    return (WriteFunction(task, check) for task, check in parts if check.verdict == "not_attempted")


def _lost(record: Record) -> Iterator[PutBack]:
    return (PutBack(task) for task in record.tasks if task.manual is not None and task.manual.because is not None)


def _read_by_people(record: Record) -> tuple[str, ...]:
    return tuple(task.name for task in record.tasks if task.to_read)
