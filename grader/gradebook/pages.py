"""What `grade book show` shows in a terminal: a lab's sheet as a table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.table import Table

from grader.gradebook.task_standing import NOTHING
from grader.messages.sentences import joined, quote, say
from grader.pages.summary import earned_text, number, signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

    from rich.console import RenderableType

    from grader.gradebook import sheet
    from grader.gradebook.standing import Standing
    from grader.model import Language, Text

STYLES = {"graded": "", "waiting": "cyan", "ungraded": "yellow", "missing": "dim", "excused": "dim"}


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
    counted = say(
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
    if not (waiting := states.count("waiting")):
        return counted
    told = say(
        "Not graded yet, as a person still has to read: {waiting} (grade review {lab} RESULTS).",
        waiting=waiting,
        lab=shown.columns[0].lab,
    )
    return joined([counted, told], " ")


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
    if standing.waiting:
        names = ", ".join(task.part.name for task in standing.waiting)
        yield say(
            "not graded yet: {points} points wait in {tasks}; so far {score}",
            points=number(standing.to_read),
            tasks=names,
            score=earned_text(standing.so_far or NOTHING, standing.points - standing.to_read),
        )
    elif standing.so_far is not None and standing.so_far > standing.points:
        yield say("{bonus} above all points as a bonus", bonus=number(standing.so_far - standing.points))
    if standing.overridden:
        yield say("{points} for checks by hand", points=signed(standing.overridden))
    if dropped := [f"{task.part.name}.{one.check}" for task in standing.tasks for one in task.dropped]:
        yield say("given by hand for an earlier version, and no longer counted: {checks}", checks=", ".join(dropped))
    if standing.read:
        yield say("{points} read by a person", points=number(standing.read))
    if standing.added:
        yield say("{points} by the teacher", points=signed(standing.added))
    if standing.cut:
        yield say("{points} above all points not counted, as they are no bonus", points=number(standing.cut))
    if standing.penalty:
        yield say("days late: {days} (-{points})", days=standing.days_late, points=number(standing.penalty))
    elif standing.days_late:
        yield say("days late: {days}", days=standing.days_late)
    if standing.is_late_untimed:
        yield say("the platform says late")
    for request in standing.open_requests:
        yield say("asks to look again: {text}", text=quote(request.asked.comment))
    yield from map(quote, standing.comments)


def _number(points: Fraction | None) -> str:
    return "–" if points is None else number(points)
