"""`terminal`: the page that a student sees after `grade LAB`; as a file it is plain text of 80 columns."""

from __future__ import annotations

import io
import os
import sys
import unicodedata
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text as Line

from grader.errors import LabError
from grader.messages.languages import spoken
from grader.messages.sentences import say
from grader.pages.card import card_of
from grader.pages.cjk_wrapping import WrappedText
from grader.pages.summary import MARKS, cell_text, file_text, foot_text, number, score_text
from grader.pages.task_table import STYLES, short, tasks_table
from grader.pages.waiting import WAITING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.course.lab import Lab
    from grader.model import Language
    from grader.pages.card import Card, Example
    from grader.records.record import Record

ENDING = "txt"
COLUMNS = 80
NO_FILE = "-"
"""The file of practice, which is asked of a session."""
MOST_CELLS = 3
HIDING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode's categories of characters that are invisible or end a line."""


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
    """What rich would print, without characters that turn, hide or colour text: a record may come from anywhere."""

    def __init__(self, what: RenderableType) -> None:
        self._what = what

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._what, options):
            text = "".join(c for c in segment.text if c == "\n" or unicodedata.category(c) not in HIDING)
            yield segment if segment.control else Segment(text, segment.style)


def show(what: RenderableType, *, is_one_line: bool = False) -> None:
    """Print to standard output: in colour on a terminal, plain elsewhere, and nowhere when the reader has gone.

    `is_one_line` leaves it to the terminal to wrap what is too long: a path can be copied whole.

    Raises LabError when the output cannot be written, for example to a full disk.
    """
    try:
        _Console(highlight=False, markup=False, emoji=False).print(what, soft_wrap=is_one_line)
    except OSError as error:
        _discard_output()
        raise LabError(say("The page cannot be written: {reason}.", reason=error.strerror)) from error


class _Console(Console):
    """A console whose reader may go (`grade lab02 | head -1`): the grading goes on and keeps its own exit status."""

    def on_broken_pipe(self) -> None:
        _discard_output()


def _discard_output() -> None:
    """Discard whatever is still written to standard output, so that writing raises nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def line(record: Record, language: Language) -> Line:
    """Return the line for one submission of a class."""
    if record.ungraded is not None:
        return Line(f"? {record.student}  {record.ungraded.text.in_language(language)}", style=STYLES["ungraded"])
    graded = MARKS["passed"] if record.is_full else MARKS["failed"]
    mark = WAITING if record.to_read and not record.graded_points else graded
    late = say(" (the platform says late)").in_language(language) if record.submission.late else ""
    return Line(f"{mark} {record.student}  {score_text(record).in_language(language)}{late}")


def labs_table(labs: Iterable[tuple[str, Lab | LabError]], language: Language) -> RenderableType:
    """Return the list of labs: name, title and points, or what is wrong with a lab."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for name, lab in labs:
        if isinstance(lab, LabError):
            table.add_row(name, Line(lab.text.in_language(language), style="red"), "")
        else:
            own = spoken(lab.languages, language)
            points = say("{points} points", points=number(lab.rubric.points))
            title = "" if lab.rubric.title is None else lab.title.in_language(own)
            table.add_row(name, title, points.in_language(own))
    return table


def _parts(record: Record, language: Language) -> Iterator[RenderableType]:
    """Yield the page from top to bottom. The advice stands last, above the prompt, since a long page scrolls."""
    card = card_of(record)
    yield _heading(record, language)
    yield Rule(style="dim", characters="─")
    if record.ungraded is None:
        yield tasks_table(record, card.check, language)
        yield Line()
    if record.cells:
        yield from _cells(record, language)
        yield Line()
    file = (file_text(record),) if record.submission.file != NO_FILE else ()
    foot = (*(note.text for note in record.all_notes), *file, foot_text(record))
    yield from (WrappedText(Line(text.in_language(language), style="dim")) for text in foot)
    yield Line()
    if record.ungraded is not None:
        yield WrappedText(Line(record.ungraded.text.in_language(language), style="yellow"))
    else:
        yield from _card(card, language)


def _heading(record: Record, language: Language) -> RenderableType:
    table = Table.grid(expand=True, padding=(0, 1))
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    title = Line(f"{record.title.text.in_language(language)} · {record.student}", style="bold")
    table.add_row(title, Line(score_text(record).in_language(language), style="bold"))
    return table


def _card(card: Card, language: Language) -> Iterator[RenderableType]:
    if card.is_done:
        yield Line(card.headline.in_language(language), style="bold green")
        return
    yield Rule(
        Line(say("Do this first").in_language(language), style="bold"), style="dim", align="left", characters="─"
    )
    yield from map(WrappedText, _card_lines(card, language))


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
        yield Padding(WrappedText(short(Line(cell_text(cell).in_language(language)))), (0, 0, 0, 2))
    if (more := len(record.cells) - MOST_CELLS) > 0:
        yield Padding(Line(say("and {more} more", more=more).in_language(language)), (0, 0, 0, 2))
