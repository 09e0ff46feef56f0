"""`terminal`: the page that a student sees after `grade LAB`; as a file it is plain text of 80 columns."""

from __future__ import annotations

import io
import os
import sys
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text as Line

from grader.card import about_text, card_of
from grader.errors import LabError
from grader.messages import say
from grader.reading import MARKS, cell_text, foot_text, number, score_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from fractions import Fraction

    from grader.card import Card, Example
    from grader.lab import Lab
    from grader.model import Language
    from grader.record import CheckPart, Record, TaskPart, VerdictWord

ENDING = "txt"
COLUMNS = 80
MOST_CELLS = 3
LONGEST_NAME = 24
LONGEST_REASON = 150
"""Of a check in the list, in columns: the whole reason stands in the card, or in the HTML page."""

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
    """Return the page for rich to print: score, every check, the notebook's first errors, the first thing to do."""
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
    """Yield the page from top to bottom. What to do stands last, above the prompt: a long page scrolls."""
    card = card_of(record)
    yield _heading(record, language)
    yield Rule(style="dim", characters="─")
    if record.ungraded is None:
        yield _tasks(record, card.check, language)
        yield Line()
    if record.cells:
        yield from _cells(record, language)
        yield Line()
    yield from (Line(note.text.in_language(language), style="dim") for note in record.notes)
    yield Line(foot_text(record).in_language(language), style="dim")
    yield Line()
    if record.ungraded is not None:
        yield Line(record.ungraded.text.in_language(language), style="yellow")
    else:
        yield from _card(card, language)


def _heading(record: Record, language: Language) -> RenderableType:
    table = Table.grid(expand=True, padding=(0, 1))
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    title = Line(f"{record.title.text.in_language(language)} · {record.student}", style="bold")
    table.add_row(title, Line(score_text(record).in_language(language), style="bold"))
    return table


def _tasks(record: Record, told: CheckPart | None, language: Language) -> RenderableType:
    """Return the tasks; the checks of a task only where they do not all say the same. `told` is in the card."""
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
        if verdicts - {"not_attempted"} and (verdicts != {"passed"} or _notes(task)):
            width = max(cell_len(check.name) for check in task.checks)
            for check in task.checks:
                table.add_row(
                    "", _check(check, language, width, is_told=check is told), _points(check.earned, check.points)
                )
    return table


def _task_verdict(verdicts: set[VerdictWord]) -> VerdictWord:
    if len(verdicts) == 1:
        return next(iter(verdicts))
    return "ungraded" if "ungraded" in verdicts else "failed"


def _notes(task: TaskPart) -> bool:
    return any(check.notes for check in task.checks)


def _check(check: CheckPart, language: Language, width: int, *, is_told: bool) -> RenderableType:
    """Return a check: its mark and name, and behind them the reason. The promise stands in the notebook.

    The reason has a column of its own: Chinese has no blanks to break a line at, and would leave a gap.
    """
    row = Table.grid(padding=(0, 1))
    row.add_column(no_wrap=True)
    row.add_column(no_wrap=True, width=min(width, LONGEST_NAME) + 1)
    row.add_column(ratio=1, overflow="fold")
    row.add_row(
        Line(MARKS[check.verdict], style=STYLES[check.verdict]),
        check.name,
        Group(*_reasons(check, language, is_told=is_told)),
    )
    return row


def _reasons(check: CheckPart, language: Language, *, is_told: bool) -> Iterator[Line]:
    if check.because is not None:
        because = Line(check.because.text.in_language(language), style=STYLES[check.verdict])
        because.truncate(LONGEST_REASON, overflow="ellipsis")
        yield because
    if check.about is not None and not is_told:
        yield Line(about_text(check.about.text).in_language(language), style="dim")
    yield from (Line(note.text.in_language(language), style="yellow") for note in check.notes)


def _points(earned: Fraction | None, points: Fraction) -> str:
    return f"{'–' if earned is None else number(earned)} / {number(points)}"


def _card(card: Card, language: Language) -> Iterator[RenderableType]:
    if card.is_done:
        yield Line(card.headline.in_language(language), style="bold green")
        return
    yield Rule(
        Line(say("Do this first").in_language(language), style="bold"), style="dim", align="left", characters="─"
    )
    yield from _card_lines(card, language)


def _card_lines(card: Card, language: Language) -> Iterator[Line]:
    yield Line(card.headline.in_language(language), style="bold")
    if card.because is not None:
        yield Line(card.because.in_language(language), style="red")
    if card.about is not None:
        yield Line(card.about.in_language(language), style="dim")
    if card.example is not None:
        yield from _example(card.example, language)
    if card.question is not None:
        yield Line(f"→ {card.question.in_language(language)}", style="cyan")
    if card.lecture is not None:
        yield Line(card.lecture.in_language(language), style="dim")


def _example(example: Example, language: Language) -> Iterator[Line]:
    yield Line(f"  {example.call}")
    if example.observed is not None:
        yield Line("  " + say("observed {value}", value=example.observed).in_language(language))
    if example.expected is not None:
        yield Line("  " + say("expected {value}", value=example.expected).in_language(language))


def _cells(record: Record, language: Language) -> Iterator[RenderableType]:
    yield Line(say("In your notebook").in_language(language), style="bold underline")
    for cell in record.cells[:MOST_CELLS]:
        yield Padding(Line(cell_text(cell).in_language(language)), (0, 0, 0, 2))
    if (more := len(record.cells) - MOST_CELLS) > 0:
        yield Padding(Line(say("and {more} more", more=more).in_language(language)), (0, 0, 0, 2))
