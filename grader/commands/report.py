"""`grade report`: makes any report from records, without grading again."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.errors import LabError
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.model import Language
    from grader.workflow.reporting import Report


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""
    from grader.workflow.reporting import formats  # noqa: PLC0415 (so that `grade --help` answers at once)

    def report(records: tuple[Path, ...], names: tuple[str, ...], output: Path | None, **_: str | None) -> int:
        return _report(records, names, output, language)

    helps = {
        "command": say("Makes reports from the records of a grading: files, or folders of STUDENT.json."),
        "format": say("What to make: {names}. May be given again.", names=", ".join(formats())),
        "output": say("The folder to write to; without it, a single report is printed."),
        "lang": say("The language of the reports."),
    }
    told = {name: text.in_language(language) for name, text in helps.items()}
    return click.Command(
        "report",
        callback=report,
        help=told["command"],
        params=[
            click.Argument(["records"], metavar="RECORD...", nargs=-1, required=True, type=click.Path(path_type=Path)),
            click.Option(["--format", "names"], multiple=True, required=True, metavar="NAME", help=told["format"]),
            click.Option(["--output"], type=click.Path(path_type=Path), metavar="DIR", help=told["output"]),
            click.Option(["--lang"], type=click.Choice(["zh-TW", "en"]), help=told["lang"]),
        ],
    )


def _report(paths: Sequence[Path], names: Sequence[str], output: Path | None, language: Language) -> int:
    from grader.output import ready_folder, write_file  # noqa: PLC0415 (so that `grade --help` answers at once)
    from grader.workflow.reporting import check_formats, read_records, reports_of  # noqa: PLC0415 (same)

    check_formats(names)
    records = read_records(paths)
    is_class = len(records) > 1 or any(path.is_dir() for path in paths)
    found = list(reports_of(records, names, language, is_class=is_class))
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
            click.echo(report.content, nl=False)
    except OSError as error:
        # What is left in the stream's buffer must not raise once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise LabError(say("The page cannot be written: {reason}.", reason=error.strerror)) from error
