"""`github`: for GitHub Actions, annotations of each submission as workflow commands, and a job summary in Markdown.

`cat` the first into the log and the second into $GITHUB_STEP_SUMMARY. Source: docs.github.com, workflow commands; the
escapes are those that actions/runner undoes (ActionCommand.cs). In both files a student's text stays text: in a command
its line ends and colons are escaped, and Markdown shows it as code.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from grader.messages.sentences import say
from grader.pages.class_summary import summarise_class
from grader.pages.plain_text import check_name, plain, plain_name, reading_name, reading_text
from grader.pages.read_by_people import READ, read_in
from grader.pages.summary import MARKS, cell_text, foot_text, points_text, score_text
from grader.pages.waiting import MANUAL, WAITING, manual_points_text, waiting_in, waiting_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.model import Language
    from grader.pages.class_summary import ClassSummary, MistakeCount
    from grader.records.brief import AnyRecord
    from grader.records.record import CheckPart, TaskPart

ENDING = "github.txt"
CLASS_FILE = "class.github.md"
ALSO_FOR_ONE = True
MOST_ANNOTATIONS = 10
"""Of one level in one step; GitHub drops the rest."""

MOST_ROWS = 2000
"""A summary may have 1 MiB."""


def render(record: AnyRecord, language: Language) -> str:
    """Return the annotations: errors for what failed or was not graded, warnings for broken cells, and the score.

    What a person reads and cannot find is a warning too.
    """
    title = f"{record.lab}: {record.student}"
    lines = [
        *islice(_errors(record, language), MOST_ANNOTATIONS),
        *islice(_warnings(record, language), MOST_ANNOTATIONS),
        _command("notice", _score_and_foot(record, language), {"title": title}),
    ]
    return "".join(f"{line}\n" for line in lines)


def render_class(records: Sequence[AnyRecord], language: Language) -> str:
    """Return the job summary: the students' points and the most frequent mistakes; for one student, the checks."""
    summary = summarise_class(records)
    lines = [f"## {_code(summary.records[0].lab)}", "", *_students(summary, language)]
    if len(records) == 1:
        lines += ["", *_checks(summary.records[0], language)]
    elif summary.mistakes:
        heading = say("Mistakes").in_language(language)
        lines += ["", f"### {heading}", "", *_mistakes(summary.mistakes, language)]
    return "".join(f"{line}\n" for line in lines)


def _errors(record: AnyRecord, language: Language) -> Iterator[str]:
    if record.ungraded is not None:
        title = f"{record.lab}: {record.student}"
        yield _command("error", plain(record.ungraded.text, language), {"file": record.submission.file, "title": title})
        return
    for task, check in _failed(record):
        parts = [part.text for part in (check.because, check.hint) if part is not None]
        message = "\n".join(plain(text, language) for text in parts)
        yield _command("error", message, {"file": record.submission.file, "title": check_name(task, check)})


def _score_and_foot(record: AnyRecord, language: Language) -> str:
    return f"{plain(score_text(record), language)}\n{plain(foot_text(record), language)}"


def _failed(record: AnyRecord) -> Iterator[tuple[TaskPart, CheckPart]]:
    for task in record.tasks:
        yield from ((task, check) for check in task.checks if check.verdict == "failed")


def _warnings(record: AnyRecord, language: Language) -> Iterator[str]:
    for cell in record.cells:
        properties = {"file": record.submission.file, "title": record.submission.file}
        yield _command("warning", plain(cell_text(cell), language), properties)
    for task in waiting_in(record):
        if task.manual is not None and task.manual.because is not None:
            properties = {"file": record.submission.file, "title": f"{plain_name(task.name)}: {MANUAL}"}
            yield _command("warning", plain(waiting_text(task), language), properties)


def _command(name: str, message: str, properties: Mapping[str, str]) -> str:
    """Return a workflow command: one line, which no text in it can end or turn into another one."""
    given = ",".join(f"{key}={_property(plain_name(value))}" for key, value in properties.items())
    return f"::{name} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _students(summary: ClassSummary, language: Language) -> Iterator[str]:
    yield _row(text.in_language(language) for text in (say("Student"), say("Points"), say("Not graded because")))
    yield "| --- | ---: | --- |"
    for record in summary.records[:MOST_ROWS]:
        because = "" if record.ungraded is None else _code(plain(record.ungraded.text, language))
        yield _row([_code(record.student), score_text(record).in_language(language), because])
    if (more := len(summary.records) - MOST_ROWS) > 0:
        yield ""
        yield say("and {more} more", more=more).in_language(language)


def _checks(record: AnyRecord, language: Language) -> Iterator[str]:
    yield _row(text.in_language(language) for text in (say("Check"), say("Points"), say("Observed")))
    yield "| --- | ---: | --- |"
    for task in record.tasks:
        for check in task.checks:
            because = "" if check.because is None else _code(plain(check.because.text, language))
            name = f"{MARKS[check.verdict]} {_code(check_name(task, check))}"
            yield _row([name, points_text(check.earned, check.points), because])
    for task in read_in(record):
        told = _code(reading_text(task, language))
        yield _row([f"{READ} {_code(reading_name(task))}", manual_points_text(task), told])
    for task in waiting_in(record):
        told = _code(plain(waiting_text(task, kit=record.kit), language))
        yield _row(
            [f"{WAITING} {_code(f'{task.name}: {MANUAL}')}", "" if record.kit else manual_points_text(task), told]
        )


def _mistakes(mistakes: Iterable[MistakeCount], language: Language) -> Iterator[str]:
    yield _row(text.in_language(language) for text in (say("Students"), say("Check"), say("Observed")))
    yield "| ---: | --- | --- |"
    for mistake in islice(mistakes, MOST_ROWS):
        because = "" if mistake.because is None else _code(plain(mistake.because.text, language))
        yield _row([str(len(mistake.students)), _code(f"{mistake.task.name}: {', '.join(mistake.checks)}"), because])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    """Return text as a code span, in which nothing is Markdown, HTML, a link, a mention or a picture.

    The fence of the span is longer than any run of backticks in it. A bar would end a table's cell even there, and
    whether a backslash escapes it depends on what comes before, so a broken bar takes its place.
    """
    text = plain_name(text).replace("|", "¦")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence} {text} {fence}" if text else ""
