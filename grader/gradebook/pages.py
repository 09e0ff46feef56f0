"""What `grade book` shows in a terminal: a lab's sheet as a table, and a student's history as lines."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text as Line

from grader.gradebook.entries import Mark
from grader.gradebook.feedback import signed
from grader.messages.sentences import quote, say
from grader.pages.summary import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from rich.console import RenderableType

    from grader.course.settings import Settings
    from grader.gradebook import sheet
    from grader.gradebook.entries import Result
    from grader.gradebook.standing import Standing
    from grader.model import Language, Text

STYLES = {"graded": "", "ungraded": "yellow", "missing": "dim", "excused": "dim"}


def sheet_table(shown: sheet.Sheet, language: Language) -> RenderableType:
    """Return the first lab of a sheet: a row for each student."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(say("student").in_language(language), overflow="fold")
    table.add_column(say("name").in_language(language), overflow="fold")
    table.add_column(say("automatic").in_language(language), justify="right", no_wrap=True)
    table.add_column(say("score").in_language(language), justify="right", no_wrap=True)
    table.add_column(say("remarks").in_language(language), overflow="fold")
    for row in shown.rows:
        standing = row.standings[0]
        table.add_row(
            row.student.student,
            row.student.name,
            _number(standing.automatic),
            _number(standing.score),
            _listed(_remarks(standing), language),
            style=STYLES[standing.state],
        )
    return table


def count_text(shown: sheet.Sheet) -> Text:
    """Return how many students a sheet has, and how they stand in its first lab."""
    states = [row.standings[0].state for row in shown.rows]
    return say(
        "{lab}, {points} points. Students: {students}, with a score: {graded}, not graded: {ungraded}, "
        "without a submission: {missing}, excused: {excused}.",
        lab=shown.columns[0].lab,
        students=len(states),
        graded=states.count("graded"),
        ungraded=states.count("ungraded"),
        missing=states.count("missing"),
        excused=states.count("excused"),
        points=number(shown.columns[0].points),
    )


def history_table(entries: Iterable[Result | Mark], settings: Settings, language: Language) -> RenderableType:
    """Return a student's history, a row for each thing that happened, in the course's time zone."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for entry in entries:
        when = entry.made if isinstance(entry, Mark) else entry.seen
        what = _mark_text(entry, settings) if isinstance(entry, Mark) else _result_text(entry, settings)
        table.add_row(_local(when, settings), entry.lab, Line(what.in_language(language)))
    return table


def _listed(remarks: Iterable[Text], language: Language) -> str:
    """Return remarks, some of which are sentences, as a list."""
    return say("; ").in_language(language).join(re.sub("[.。]$", "", one.in_language(language)) for one in remarks)


def _remarks(standing: Standing) -> Iterator[Text]:
    if standing.excused:
        yield say("excused")
    if standing.result is None:
        yield say("nothing handed in")
    elif (ungraded := standing.result.record().ungraded) is not None:
        yield say("not graded") if standing.excused else ungraded.text
    if standing.result is not None and standing.result.attempt > 1:
        yield say("version {attempt}", attempt=standing.result.attempt)
    if standing.added:
        yield say("{points} by the teacher", points=signed(standing))
    if standing.penalty:
        yield say("days late: {days} (-{points})", days=standing.days_late, points=number(standing.penalty))
    elif standing.days_late:
        yield say("days late: {days}", days=standing.days_late)
    if standing.is_late_untimed:
        yield say("the platform says late")
    yield from map(quote, standing.comments)


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
            return say("{points} points added", points=("+" if points > 0 else "") + number(points))
        case "excuse":
            return say("excused")
        case "unexcuse":
            return say("no longer excused")
        case "comment":
            return say("comment")
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


def _number(points: Fraction | None) -> str:
    return "–" if points is None else number(points)


def _local(moment: datetime, settings: Settings) -> str:
    return moment.astimezone(settings.time_zone).strftime("%Y-%m-%d %H:%M")
