"""`terminal`: the page that a student sees after `grade LAB`; as a file it is plain text of 80 columns."""

from __future__ import annotations

import io
import os
import sys
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text as Line

from grader.errors import LabError
from grader.messages import say
from grader.reading import (
    MARKS,
    MendCell,
    MendCheck,
    Nothing,
    Write,
    advice_text,
    cell_text,
    first_thing,
    foot_text,
    lecture_text,
    number,
    score_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from fractions import Fraction

    from grader.lab import Lab
    from grader.model import Language
    from grader.record import CheckPart, EvidencePart, Record, TaskPart, VerdictWord

ENDING = "txt"
COLUMNS = 80
MOST_CELLS = 3

STYLES: Mapping[VerdictWord, str] = MappingProxyType(
    {"passed": "green", "failed": "red", "not_attempted": "dim", "ungraded": "yellow"}
)


def render(record: Record, language: Language) -> str:
    """Return the page as plain text."""
    console = Console(file=io.StringIO(), width=COLUMNS, color_system=None, legacy_windows=False)
    console.print(page(record, language))
    file = console.file
    return file.getvalue() if isinstance(file, io.StringIO) else ""


def page(record: Record, language: Language) -> RenderableType:
    """Return the page for rich to print: score, every check, the first thing to do, the notebook's first errors."""
    return Plain(Group(*_parts(record, language)))


class Plain:
    """What rich would print, without characters that turn, hide or colour it: a record may come from anywhere."""

    def __init__(self, what: RenderableType) -> None:
        self._what = what

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._what, options):
            text = "".join(c for c in segment.text if c == "\n" or unicodedata.category(c)[0] != "C")
            yield segment if segment.control else Segment(text, segment.style)


def show(what: RenderableType) -> None:
    """Print to standard output: in colour on a terminal, plain elsewhere, and to nobody when the reader has gone.

    Raises LabError when it cannot be written, as to a file on a full disk.
    """
    try:
        _Console(highlight=False, markup=False, emoji=False).print(what)
    except OSError as error:
        _to_nobody()
        raise LabError(say("The page cannot be written: {reason}.", reason=error.strerror)) from error


class _Console(Console):
    """A console whose reader may go (`grade lab02 | head -1`): the grading goes on, and has its own exit status."""

    def on_broken_pipe(self) -> None:
        _to_nobody()


def _to_nobody() -> None:
    """Let what is still to be written to standard output go nowhere, so that writing it raises nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def line(record: Record, language: Language) -> Line:
    """Return one submission of a class as one line."""
    if record.ungraded is not None:
        return Line(f"? {record.student}  {record.ungraded.text.in_language(language)}", style=STYLES["ungraded"])
    mark = MARKS["passed"] if record.is_full else MARKS["failed"]
    return Line(f"{mark} {record.student}  {score_text(record).in_language(language)}")


def labs_table(labs: Iterable[tuple[str, Lab | LabError]], language: Language) -> RenderableType:
    """Return the list of labs: name, title and points, or what is wrong with the lab."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for name, lab in labs:
        if isinstance(lab, LabError):
            table.add_row(name, Line(lab.text.in_language(language), style="red"), "")
        else:
            points = say("{points} points", points=number(lab.rubric.points))
            table.add_row(name, lab.rubric.title.text.in_language(language), points.in_language(language))
    return table


def _parts(record: Record, language: Language) -> Iterator[RenderableType]:
    yield _heading(record, language)
    yield Rule(style="dim", characters="─")
    if record.ungraded is not None:
        yield Line(record.ungraded.text.in_language(language), style="yellow")
    else:
        yield _tasks(record, language)
        yield Line()
        yield from _first(record, language)
    if record.cells:
        yield Line()
        yield from _cells(record, language)
    yield Line()
    yield from (Line(note.text.in_language(language), style="dim") for note in record.notes)
    yield Line(foot_text(record).in_language(language), style="dim")


def _heading(record: Record, language: Language) -> RenderableType:
    table = Table.grid(expand=True, padding=(0, 1))
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    title = Line(f"{record.title.text.in_language(language)} · {record.student}", style="bold")
    table.add_row(title, Line(score_text(record).in_language(language), style="bold"))
    return table


def _tasks(record: Record, language: Language) -> RenderableType:
    """Return the tasks; the checks of a task only where they do not all say the same."""
    table = Table.grid(expand=True, padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for task in record.tasks:
        verdicts = {check.verdict for check in task.checks}
        verdict = _task_verdict(verdicts)
        name = Line.assemble((task.name, "bold"), "  ", task.title.text.in_language(language))
        if verdicts == {"not_attempted"}:
            name.append(
                f"  {task.checks[0].because.text.in_language(language)}" if task.checks[0].because else "",
                "dim",
            )
        table.add_row(Line(MARKS[verdict], style=STYLES[verdict]), name, _points(task.earned, task.points))
        for check in task.checks if verdicts - {"not_attempted"} and (verdicts != {"passed"} or _notes(task)) else ():
            table.add_row("", _check(check, language), _points(check.earned, check.points))
    return table


def _task_verdict(verdicts: set[VerdictWord]) -> VerdictWord:
    if len(verdicts) == 1:
        return next(iter(verdicts))
    return "ungraded" if "ungraded" in verdicts else "failed"


def _notes(task: TaskPart) -> bool:
    return any(check.notes for check in task.checks)


def _check(check: CheckPart, language: Language) -> RenderableType:
    """Return a check: its name, and unless it passed its promise and the reason, each on a line of its own.

    Chinese has no blanks to break a line at, so a sentence starts its own line or it would leave a gap.
    """
    style = STYLES[check.verdict]
    lines = [Line.assemble((MARKS[check.verdict], style), f" {check.name}")]
    if check.verdict != "passed":
        lines.append(Line(check.promise.text.in_language(language), style="dim"))
    if check.because is not None:
        lines.append(Line(check.because.text.in_language(language), style=style))
    lines.extend(Line(note.text.in_language(language), style="yellow") for note in check.notes)
    return Group(lines[0], *(Padding(line, (0, 0, 0, 2)) for line in lines[1:]))


def _points(earned: Fraction | None, points: Fraction) -> str:
    return f"{'–' if earned is None else number(earned)} / {number(points)}"


def _first(record: Record, language: Language) -> Iterator[RenderableType]:
    advice = first_thing(record)
    if isinstance(advice, Nothing):
        yield Line(advice_text(advice).in_language(language), style="bold green")
        return
    yield Line(say("Do this first").in_language(language), style="bold underline")
    lines = [Line(advice_text(advice).in_language(language), style="bold")]
    match advice:
        case MendCheck(task, check):
            lines.append(Line(check.promise.text.in_language(language)))
            if check.because is not None:
                lines.append(Line(check.because.text.in_language(language), style="red"))
            if check.evidence is not None:
                lines.extend(_evidence(task.name, check.evidence, language))
            if check.hint is not None:
                lines.append(Line(f"→ {check.hint.text.in_language(language)}", style="cyan"))
            lines.append(Line(lecture_text(task).in_language(language), style="dim"))
        case Write(task, _):
            lines.append(Line(lecture_text(task).in_language(language), style="dim"))
        case MendCell():
            pass
    yield Padding(Group(*lines), (0, 0, 0, 2))


def _evidence(function: str, evidence: EvidencePart, language: Language) -> Iterator[Line]:
    given = ", ".join(f"{name}={value}" for name, value in evidence.arguments.items())
    yield Line(f"{function}({given})")
    yield Line("  " + say("observed {value}", value=evidence.observed).in_language(language))
    yield Line("  " + say("expected {value}", value=evidence.expected).in_language(language))


def _cells(record: Record, language: Language) -> Iterator[RenderableType]:
    yield Line(say("In your notebook").in_language(language), style="bold underline")
    for cell in record.cells[:MOST_CELLS]:
        yield Padding(Line(cell_text(cell).in_language(language)), (0, 0, 0, 2))
    if (more := len(record.cells) - MOST_CELLS) > 0:
        yield Padding(Line(say("and {more} more", more=more).in_language(language)), (0, 0, 0, 2))
