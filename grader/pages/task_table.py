"""The table of tasks and checks in the terminal: mark, reason and points of each, in as few lines as possible."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text as Line

from grader.messages.sentences import say
from grader.pages.card import about_text
from grader.pages.cjk_wrapping import WrappedText
from grader.pages.read_by_people import READ, manual_mark, manual_texts
from grader.pages.summary import MARKS, points_text
from grader.pages.waiting import MANUAL, WAITING, asked_points_text, manual_points_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.model import Language, Text
    from grader.records.record import CheckPart, Record, TaskPart, VerdictWord, Words

LONGEST_NAME = 24
LONGEST_REASON = 110
"""How many columns the reason for a check or cell may take; the card or the HTML page shows all of it."""

STYLES: Mapping[VerdictWord, str] = MappingProxyType(
    {"passed": "green", "failed": "red", "not_attempted": "dim", "ungraded": "yellow"}
)


def tasks_table(record: Record, in_card: CheckPart | None, language: Language) -> RenderableType:
    """Return the tasks, each with its checks unless these all say the same. `in_card` is the check in the card."""
    table = Table.grid(expand=True, padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for task in record.tasks:
        verdicts = {check.verdict for check in task.checks}
        mark = _mark(verdicts, is_read=not task.to_read)
        name = Line(task.name, style="bold")
        if task.own_title is not None:
            name = Line.assemble(name, "  ", task.own_title.in_language(language))
        if verdicts == {"not_attempted"}:
            name.append(
                f"  {task.checks[0].because.text.in_language(language)}" if task.checks[0].because else "",
                "dim",
            )
        told = "" if record.kit and not task.checks else asked_points_text(task)
        table.add_row(mark, name, told)
        if verdicts - {"not_attempted"} and (verdicts != {"passed"} or _notes(task)):
            for row, check in zip(_checks(task, in_card, language), task.checks, strict=True):
                table.add_row("", row, points_text(check.earned, check.points))
        if task.manual is not None:
            told = "" if record.kit or not task.checks else manual_points_text(task)
            table.add_row("", _by_a_person(task, language, kit=record.kit), told)
    return table


def _mark(verdicts: set[VerdictWord], *, is_read: bool) -> Line:
    if not verdicts:
        return Line(READ if is_read else WAITING, style="dim")
    verdict = next(iter(verdicts)) if len(verdicts) == 1 else "ungraded" if "ungraded" in verdicts else "failed"
    return Line(MARKS[verdict], style=STYLES[verdict])


def _by_a_person(task: TaskPart, language: Language, *, kit: bool) -> RenderableType:
    """Return the lines of what a person reads, with its name where the task has checks beside it."""
    is_lost = task.to_read and task.manual is not None and task.manual.because is not None
    style = "yellow" if is_lost else "dim" if task.to_read else ""
    lines = manual_texts(task, kit=kit)
    told = Group(*(WrappedText(Line(line.in_language(language), style=style)) for line in lines))
    if not task.checks:
        return told
    row = Table.grid(padding=(0, 1))
    row.add_column(no_wrap=True)
    row.add_column(no_wrap=True)
    row.add_column(ratio=1, overflow="fold")
    row.add_row(Line(manual_mark(task), style="dim"), MANUAL, told)
    return row


def _notes(task: TaskPart) -> bool:
    return any(check.notes for check in task.checks)


def _checks(task: TaskPart, in_card: CheckPart | None, language: Language) -> Iterator[RenderableType]:
    """Yield the checks: mark, name and reason. The promise stands in the notebook."""
    width = min(max(cell_len(check.name) for check in task.checks), LONGEST_NAME) + 1
    before = None
    for check in task.checks:
        row = Table.grid(padding=(0, 1))
        row.add_column(no_wrap=True)
        row.add_column(no_wrap=True, width=width)
        row.add_column(ratio=1, overflow="fold")
        because = say("the same") if check.because and check.because == before else _text(check.because)
        mark = Line(MARKS[check.verdict], style=STYLES[check.verdict])
        lines = _reasons(check, language, because=because, about=None if check is in_card else _text(check.about))
        row.add_row(mark, check.name, Group(*map(WrappedText, lines)))
        before = check.because
        yield row


def _text(part: Words | None) -> Text | None:
    return None if part is None else part.text


def _reasons(check: CheckPart, language: Language, *, because: Text | None, about: Text | None) -> Iterator[Line]:
    if because is not None:
        yield short(Line(because.in_language(language), style=STYLES[check.verdict]))
    if about is not None:
        yield Line(about_text(about).in_language(language), style="dim")
    yield from (Line(note.text.in_language(language), style="yellow") for note in check.notes)


def short(reason: Line) -> Line:
    """Return a reason cut to about two lines."""
    reason.truncate(LONGEST_REASON, overflow="ellipsis")
    return reason
