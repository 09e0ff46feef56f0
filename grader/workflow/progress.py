"""Reports to the terminal what was graded: a page for one notebook; lines, a progress bar and a summary for a class.

Results go to standard output; the progress bar goes to standard error, and only to a terminal.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text as Line

from grader.messages.encodings import has_chinese
from grader.messages.languages import spoken
from grader.messages.sentences import say
from grader.pages.cjk_wrapping import WrappedText
from grader.pages.class_summary import summarise_class
from grader.pages.summary import MARKS, late_text, number
from grader.reports.terminal import Plain, line, page, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from rich.progress import Progress

    from grader.model import Language, LeftOut, Text
    from grader.pages.class_summary import ClassSummary
    from grader.records.brief import AnyRecord
    from grader.records.record import Record

LAST_VERDICTS = 20
WIDEST_BAR = 40
MOST_MISTAKES = 8
FULL = 100


class Reporter:
    """Shows records in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._progress: Progress | None = None
        self._last: deque[str] = deque(maxlen=LAST_VERDICTS)
        self._waiting: dict[int, Line] = {}
        self._next = 0

    def speak(self, languages: Sequence[Language]) -> None:
        """Show all that follows in one of these languages: the reader's, if it is among them."""
        language = spoken(languages, self._language)
        if language == "en" or has_chinese(sys.stdout):
            self._language = language

    def page(self, record: Record) -> None:
        """Show a single submission's page."""
        show(page(record, self._language))

    def progress(self, count: int) -> AbstractContextManager[object]:
        """Show the progress of a class of `count` submissions within the context: rate, time left, last verdicts."""
        if not sys.stderr.isatty():
            return contextlib.nullcontext()
        from rich.console import Console  # noqa: PLC0415 (only where there is a terminal)
        from rich.progress import (  # noqa: PLC0415 (same)
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self._progress = Progress(
            MofNCompleteColumn(),
            BarColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("→"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[last]}"),
            console=Console(stderr=True, highlight=False, markup=False),
            transient=True,
        )
        self._progress.add_task("", total=count, rate="", last="")
        return self._progress

    def graded(self, place: int, record: Record) -> None:
        """Show a record of a class. Records come as they are finished; their lines stand in the students' order.

        `place` counts the students from 0.
        """
        self._advance(record)
        self._waiting[place] = line(record, self._language)
        while (line_in_order := self._waiting.pop(self._next, None)) is not None:
            show(WrappedText(line_in_order, indent=2))
            self._next += 1

    def _advance(self, record: Record) -> None:
        self._last.append("?" if record.ungraded is not None else "✓" if record.is_full else "✗")
        if self._progress is None:
            return
        [task] = self._progress.tasks
        rate = "" if task.speed is None else self._in(say("{rate} per second", rate=f"{task.speed:.1f}"))
        self._progress.update(task.id, advance=1, rate=rate, last="".join(self._last))

    def graded_file(self, path: Path, others: Sequence[Path]) -> None:
        """Show which file was graded, and which others have the lab's name, where the user named none."""
        show(Line(self._in(say("Graded: {file}", file=_plain(path))), style="dim"), is_one_line=True)
        for other in others:
            text = say('{file} lies here as well: name it if it is yours: grade LAB "{file}"', file=other.name)
            show(Line(self._in(text), style="yellow"))

    def written(self, folder: Path, files: Sequence[str]) -> None:
        """Show what was written where."""
        text = say("Written in {folder}: {files}", folder=_plain(folder), files=", ".join(files))
        show(Line(self._in(text), style="dim"), is_one_line=True)

    def whole_class(self, records: Sequence[AnyRecord], left_out: Sequence[LeftOut] = ()) -> None:
        """Show a class that has been graded, and what else lay in its folder."""
        show(class_page(records, self._language))
        if left_out:
            show(left_out_page(left_out, self._language))

    def note(self, text: Text) -> None:
        """Show what is good to know of a class."""
        show(Line(self._in(text), style="dim"))

    def problem(self, text: Text) -> None:
        """Show why a notebook cannot be graded at the moment."""
        show(Line(self._in(text), style="yellow"))

    def change(self, before: Record, after: Record) -> None:
        """Show what a save has changed."""
        show(Group(*(Line(self._in(text), style="bold") for text in changes(before, after))))

    def waiting(self, path: Path) -> None:
        """Show that the next save is waited for."""
        show(Line(self._in(say("Waiting for the next save of {file}; Ctrl-C ends it.", file=path)), style="dim"))

    def _in(self, text: Text) -> str:
        return text.in_language(self._language)


def _plain(path: Path) -> Path:
    """Return a path without `..`, where that is the same place: behind a link it may be another one."""
    plain = Path(os.path.normpath(path))
    try:
        return plain if plain.samefile(path) else path
    except OSError:
        return path


def changes(before: Record, after: Record) -> Iterator[Text]:
    """Yield what has changed since the last grading of a notebook: points, and every check with another verdict."""
    if after.kit:
        yield say(
            "Since the last save: {before} → {after} public questions",
            before=before.agreed[0],
            after=after.agreed[0],
        )
    elif before.earned is not None and after.earned is not None:
        yield say(
            "Since the last save: {before} → {after} points", before=number(before.earned), after=number(after.earned)
        )
    old = {(task.name, check.name): check.verdict for task in before.tasks for check in task.checks}
    words = {
        "passed": say("passed"),
        "failed": say("failed"),
        "not_attempted": say("not attempted"),
        "ungraded": say("not graded"),
    }
    for task in after.tasks:
        for check in task.checks:
            if (was := old.get((task.name, check.name), check.verdict)) != check.verdict:
                yield say(
                    "{mark} {task}.{check}: {before} → {after}",
                    mark=MARKS[check.verdict],
                    task=task.name,
                    check=check.name,
                    before=words[was],
                    after=words[check.verdict],
                )


def class_page(records: Sequence[AnyRecord], language: Language) -> RenderableType:
    """Return a class at a glance: how many, how the points are spread, each check, the commonest mistakes."""
    read = summarise_class(records)

    def worded(text: Text) -> str:
        return text.in_language(language)

    graded, full, ungraded = len(read.graded), read.full, len(read.ungraded)
    counts = say(
        "{graded} graded, {full} of them with full marks; {ungraded} not graded",
        graded=graded,
        full=full,
        ungraded=ungraded,
    )
    if read.waiting and read.mean is None:
        counts = say("{waiting} for a person to read; {ungraded} not graded", waiting=graded, ungraded=ungraded)
    elif read.waiting:
        counts = say(
            "{graded} graded automatically, {full} of them with all such points; {ungraded} not graded",
            graded=graded,
            full=full,
            ungraded=ungraded,
        )
    parts: list[RenderableType] = [Rule(style="dim", characters="─"), Line(worded(counts), style="bold")]
    if read.median is not None and read.mean is not None:
        middle = say("median {median}, mean {mean}", median=number(read.median), mean=number(read.mean))
        parts += [Line(worded(middle)), Line(worded(say("Points")), style="bold underline"), _spread(read)]
        parts += [Line(worded(say("Passed, check by check")), style="bold underline"), _checks(read)]
    if read.mistakes:
        parts += [Line(worded(say("The commonest mistakes")), style="bold underline"), _mistakes(read, language)]
    if read.alleged:
        heading = say("Networks to look at (with parts of their own, tested beside the student's code)")
        parts += [Line(worded(heading), style="bold underline"), _alleged(read)]
    if read.waiting:
        heading = say("Not graded yet: a person reads these")
        parts += [Line(worded(heading), style="bold underline"), _waiting(read, language)]
    if read.late:
        told = late_text(records[0].lab, ", ".join(record.student for record in read.late))
        parts += [Line(worded(told), style="yellow")]
    return Plain(Group(*parts))


def left_out_page(left_out: Sequence[LeftOut], language: Language) -> RenderableType:
    """Return every entry of a class folder of which there is no record, with the reason."""
    heading = say("Left out ({count})", count=len(left_out)).in_language(language)
    lines = [WrappedText(Line(f"- {one.name}: {one.because.in_language(language)}"), indent=2) for one in left_out]
    return Plain(Group(Line(heading, style="bold underline"), *lines))


def _spread(read: ClassSummary) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    widest = max(len(one.students) for one in read.bins) or 1
    for one in read.bins:
        share = f"{one.least}%" if one.least == FULL else f"{one.least}-{one.least + 9}%"
        table.add_row(share, str(len(one.students)), "█" * round(WIDEST_BAR * len(one.students) / widest))
    return table


def _checks(read: ClassSummary) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for count in read.checks:
        table.add_row(f"{count.task.name}.{count.check.name}", f"{len(count.passed)} / {len(read.graded)}")
    return table


def _alleged(read: ClassSummary) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in read.alleged:
        table.add_row(str(len(one.students)), one.task.name, ", ".join(one.students))
    return table


def _waiting(read: ClassSummary, language: Language) -> Table:
    """Return the tasks that somebody has yet to read, with those who have handed in nothing of them."""
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in read.waiting:
        without = say("nothing was found to read: {students}", students=", ".join(one.without))
        table.add_row(str(len(one.students)), one.task.name, without.in_language(language) if one.without else "")
    return table


def _mistakes(read: ClassSummary, language: Language) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in read.mistakes[:MOST_MISTAKES]:
        named = one.name is not None and one.because is not None
        because = one.because.text.in_language(language) if named and one.because else "-"
        table.add_row(str(len(one.students)), f"{one.task.name} ({', '.join(one.checks)})", because)
    return table
