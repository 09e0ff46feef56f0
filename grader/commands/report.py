"""`grade report`: makes any report from records, without grading again."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from grader.commands import AbsolutePath, language_option, option
from grader.errors import LabError
from grader.messages.sentences import say
from grader.workflow.reporting import check_formats, formats, read_records, reports_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.model import Language
    from grader.workflow.reporting import Report


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
            language_option(language, say("The language of the reports.")),
        ],
    )


def _report(*, records: Sequence[Path], names: Sequence[str], output: Path | None, language: Language) -> int:
    from grader.output import ready_folder, write_file  # noqa: PLC0415 (so that `grade --help` answers at once)

    check_formats(names)
    read = read_records(records)
    is_class = len(read) > 1 or any(path.is_dir() for path in records)
    found = list(reports_of(read, names, language, is_class=is_class))
    if output is None:
        _print(found)
        return 0
    ready_folder(output)
    for report in found:
        write_file(output / report.file, report.content)
    return 0


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
