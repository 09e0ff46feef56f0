"""The words of the class page that do not come from a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.messages.sentences import quote, say
from grader.pages.plain_text import plain_name
from grader.pages.summary import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.model import Text
    from grader.pages.class_summary import WaitingCount
    from grader.records.brief import AnyRecord

FULL_PERCENT = 100
MOST_VALUES = 3


def labels() -> dict[str, Text]:
    """Return the page's own words under the names that the template uses."""
    return {**_headings(), **_numbers(), **_table(), **_explanations()}


def phase_text(name: str) -> Text:
    """Return what a part of the grading is called."""
    known = {"notebook": say("running the notebook"), "questions": say("answering"), "total": say("all together")}
    return known.get(name) or quote(plain_name(name))


def bin_text(least: int) -> Text:
    """Return which percentages of the points a bin of the distribution stands for."""
    if least == FULL_PERCENT:
        return say("full marks")
    return say("{least} to {most} %", least=least, most=f"{least + 9}.99")


def more_text(count: int) -> Text:
    """Return how many are folded away."""
    return say("and {more} more", more=count)


def waiting_text(count: WaitingCount) -> Text:
    """Return how much of a task waits for a person."""
    points = number(count.task.to_read)
    return say("{points} points each, of {students} students", points=points, students=len(count.students))


def foot_text(records: Sequence[AnyRecord]) -> Text:
    """Return what the gradings had in common, seed, isolation and version, and the time of the last one."""
    return say(
        "{lab} · seed {seed} · isolation: {isolation} · labgrader {version} · {when}",
        lab=plain_name(records[0].lab),
        seed=_common(str(record.seed) for record in records),
        isolation=_common(record.isolation for record in records),
        version=_common(record.versions.get("labgrader", "-") for record in records),
        when=plain_name(max(record.when for record in records)),
    )


def _common(values: Iterable[str]) -> Text:
    """Return the one value that all have, or up to three of their values."""
    found = [plain_name(value) for value in dict.fromkeys(values)]
    more = len(found) - MOST_VALUES
    if more <= 0:
        return quote(", ".join(found))
    return say("{some} and {more} more", some=", ".join(found[:MOST_VALUES]), more=more)


def _headings() -> dict[str, Text]:
    return {
        "class": say("class"),
        "spread": say("How the points are spread"),
        "left_out": say("Left out of the class folder"),
        "ungraded": say("Not graded"),
        "late": say("Late, says the platform"),
        "mistakes": say("Mistakes, the most frequent first"),
        "checks": say("Checks"),
        "quiet": say("Checks and questions that caught nobody"),
        "alleged": say("Networks to look at"),
        "waiting": say("Not graded yet: a person reads these"),
        "time": say("Time used"),
        "students": say("Students"),
    }


def _numbers() -> dict[str, Text]:
    return {
        "submissions": say("submissions"),
        "graded": say("graded"),
        "not_graded": say("not graded"),
        "full": say("full marks"),
        "all": say("all points so far"),
        "mean": say("mean"),
        "median": say("median"),
        "passed": say("passed"),
        "failed": say("failed"),
        "not_attempted": say("not attempted"),
        "seconds": say("seconds"),
        "longest": say("longest"),
        "sum": say("sum"),
        "part": say("part"),
    }


def _table() -> dict[str, Text]:
    return {
        "student": say("Student"),
        "because": say("Not graded because"),
        "points": say("Points"),
        "percent": say("Percent"),
        "cells": say("Cells that stopped"),
        "name_filter": say("Name"),
        "show": say("Show"),
        "in_table": say("show in the table"),
        "shown": say("shown"),
        "share": say("Percent of the points"),
        "skip": say("Go to the table of students"),
    }


def _explanations() -> dict[str, Text]:
    return {
        "no_graded": say("Nothing has been graded."),
        "no_mistakes": say("Nobody failed a check."),
        "unexplained": say("not explained by a known mistake; one of the reasons:"),
        "example": say("for example:"),
        "late_note": say(
            "The platform does not say how late. To count it: grade book late STUDENT LAB --days N (0: on time)."
        ),
        "quiet_note": say(
            "Nobody who attempted these failed. They may be too easy, or their questions miss every wrong answer."
        ),
        "idle_note": say(
            "Somebody failed these checks, but nobody missed the questions with these numbers (in the rubric's order)."
        ),
        "alleged_note": say(
            "These networks have parts of their own (a class, a layer, a loss), which is allowed. They could only be "
            "tested beside the student's code, so their points rest on what that code says: read it once."
        ),
        "waiting_note": say("The points on this page are without them."),
        "without": say("nothing was found to read of"),
        "sort_note": say("Choose a column's name to sort by it; choose it again to turn the order round."),
    }
