"""What `grade book history` shows in a terminal: all that happened to a student, a line for each thing."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text as Line

from grader.gradebook.entries import Result
from grader.gradebook.readings import Override, Reading
from grader.messages.sentences import joined, quote, say
from grader.pages.summary import number, signed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from rich.console import RenderableType

    from grader.course.settings import Settings
    from grader.gradebook.entries import Mark
    from grader.gradebook.readings import Entry
    from grader.model import Language, Text


def history_table(entries: Iterable[Entry], settings: Settings, language: Language) -> RenderableType:
    """Return a student's history, a row for each thing that happened, in the course's time zone."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for entry in entries:
        when = entry.seen if isinstance(entry, Result) else entry.made
        table.add_row(_local(when, settings), entry.lab, Line(_entry_text(entry, settings).in_language(language)))
    return table


def _result_text(result: Result, settings: Settings) -> Text:
    if result.earned is None:
        ungraded = result.record().ungraded
        outcome = say("not graded") if ungraded is None else ungraded.text
    else:
        outcome = say("{earned} of {points} points", earned=number(result.earned), points=number(result.points))
    detail = say(
        "version {attempt}: {outcome} (seed {seed}, labgrader {version}, content {content})",
        attempt=result.attempt,
        outcome=outcome,
        seed=result.seed,
        version=result.version,
        content=(result.submission_sha256 or "-")[:8],
    )
    if result.submitted is None:
        return detail
    return say("{detail}; handed in {moment}", detail=detail, moment=_local(result.submitted, settings))


def _entry_text(entry: Entry, settings: Settings) -> Text:
    match entry:
        case Result():
            return _result_text(entry, settings)
        case Reading():
            return _reading_text(entry)
        case Override():
            return _override_text(entry)
    return _mark_text(entry, settings)


def _reading_text(reading: Reading) -> Text:
    """Return what was said of a task, for staff: also what they noted for each other."""
    said = say("{task} read by {teacher}", task=reading.task, teacher=reading.made_by or "-")
    if not reading.is_read:
        said = say("{task} to be read again, by {teacher}", task=reading.task, teacher=reading.made_by or "-")
    parts = [said]
    if reading.items:
        parts.append(say("items: {items}", items=", ".join(reading.items)))
    if reading.points:
        parts.append(say("{points} points besides", points=signed(reading.points)))
    if reading.comment:
        parts.append(say("comment: {text}", text=quote(reading.comment)))
    if reading.note:
        parts.append(say("for staff alone: {text}", text=quote(reading.note)))
    return joined(parts, "; ")


def _override_text(override: Override) -> Text:
    check, teacher = f"{override.task}.{override.check}", override.made_by or "-"
    if override.points is None:
        return say("{check}: as the grader says again, by {teacher}", check=check, teacher=teacher)
    return say(
        "{check}: {points} points by {teacher}: {reason}",
        check=check,
        points=number(override.points),
        teacher=teacher,
        reason=quote(override.reason or "-"),
    )


def _mark_text(mark: Mark, settings: Settings) -> Text:
    said = _said(mark, settings)
    return say(
        "{said} by {teacher}{comment}",
        said=said,
        teacher=mark.made_by or "-",
        comment=quote(f": {mark.comment}") if mark.comment else "",
    )


def _said(mark: Mark, settings: Settings) -> Text:
    match mark.kind:
        case "add":
            points = mark.points or Fraction(0)
            added = say("{points} points added", points=signed(points))
            return say("{added} as a bonus", added=added) if mark.bonus else added
        case "excuse":
            return say("excused")
        case "unexcuse":
            return say("no longer excused")
        case "comment":
            return say("comment")
        case "request":
            return say("asked to look again")
        case "answer":
            return say("answered")
        case "rename":
            return say("renamed")
        case "withdraw":
            return say("withdrawn")
        case "return":
            return say("in the class again")
        case "late" if mark.days is not None:
            return say("days late: {days}", days=mark.days)
        case "late" if mark.submitted is not None:
            return say("handed in {moment}", moment=_local(mark.submitted, settings))
    return say("late or not by the time of submission")


def _local(moment: datetime, settings: Settings) -> str:
    return moment.astimezone(settings.time_zone).strftime("%Y-%m-%d %H:%M")
