"""`grade report`: makes any report from records, without grading again."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from grader.commands import AbsolutePath, course_option, language_option, option
from grader.errors import LabError
from grader.messages.sentences import say
from grader.workflow.reporting import as_graded, check_formats, formats, read_records, reports_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from grader.model import Language, LeftOut
    from grader.records.record import Record
    from grader.workflow.reporting import Report

GRADEBOOK = "gradebook.sqlite"
"""The gradebook of an output folder."""


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""
    path = AbsolutePath()
    help_text = say("Makes reports from the records of a grading: files, or folders of STUDENT.json.")
    format_help = say("What to make: {names}. May be given several times.", names=", ".join(formats()))
    output_help = say("The folder to write to; without it, a single report is printed.")
    return click.Command(
        "report",
        callback=_report,
        help=help_text.in_language(language),
        params=[
            click.Argument(["records"], metavar="RECORD...", nargs=-1, required=True, type=path),
            option("--format names", format_help, language, multiple=True, required=True, metavar="NAME"),
            option("--output", output_help, language, type=path, metavar="DIR"),
            course_option(language),
            language_option(language, say("The language of the reports.")),
        ],
    )


def _report(
    *, records: Sequence[Path], names: Sequence[str], output: Path | None, course: Path | None, language: Language
) -> int:
    from grader.output import ready_folder, write_file  # noqa: PLC0415 (so that `grade --help` answers at once)

    check_formats(names)
    read = read_records(records)
    is_class = len(read) > 1 or any(path.is_dir() for path in records)
    with _corrections(records, course) as corrected:
        left_out = _left_out(records, read)
        found = list(reports_of(read, names, language, is_class=is_class, corrected=corrected, left_out=left_out))
    if output is None:
        _print(found)
        return 0
    ready_folder(output)
    for report in found:
        write_file(output / report.file, report.content)
    return 0


def _left_out(paths: Sequence[Path], records: Sequence[Record]) -> list[LeftOut]:
    """Return what was left out of the class folder when the folders of records were written."""
    from grader.records.left_out import stored_left_out  # noqa: PLC0415 (so that `grade --help` answers at once)

    labs = dict.fromkeys(record.lab for record in records)
    return [one for path in paths if path.is_dir() for lab in labs for one in stored_left_out(path, lab)]


@contextmanager
def _corrections(records: Sequence[Path], course: Path | None) -> Iterator[Callable[[Record], Record | None]]:
    """Give what the gradebook beside the records says on top of them; nothing where there is no gradebook."""
    folders = {path if path.is_dir() else path.parent for path in records}
    books = [folder / GRADEBOOK for folder in folders if (folder / GRADEBOOK).is_file()]
    if len(books) != 1:
        yield as_graded
        return
    from grader.gradebook.corrected import Corrections  # noqa: PLC0415 (heavy, and rarely needed)
    from grader.gradebook.teacher import teacher_at  # noqa: PLC0415 (same)

    with teacher_at(str(books[0]), course) as teacher:
        yield Corrections(teacher.book, teacher.settings).on


def _print(found: Sequence[Report]) -> None:
    if len(found) > 1:
        raise LabError(say("This makes {count} reports: name the folder for them with --output DIR.", count=len(found)))
    try:
        for report in found:
            # To a file or another program it is the file that --output would write, whatever the terminal's encoding.
            click.echo(report.content if sys.stdout.isatty() else report.content.encode(), nl=False)
    except OSError as error:
        # What is left in the stream's buffer must not raise again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise LabError(say("The page cannot be written: {reason}.", reason=error.strerror)) from error
