"""`grade practice`: the other end of `%grade` in a notebook. It asks on standard output and is answered on input."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.messages.sentences import say

if TYPE_CHECKING:
    from grader.model import Language


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""

    def practice(name: str, course: Path | None) -> int:
        return _practice(language, name, course)

    help_text = say("Asks a live session the public questions of a lab or a function; see %load_ext grader.")
    return click.Command(
        "practice",
        callback=practice,
        help=help_text.in_language(language),
        params=[
            click.Argument(["name"]),
            click.Option(["--course"], type=click.Path(path_type=Path), metavar="DIR"),
        ],
    )


def _practice(language: Language, name: str, course: Path | None) -> int:
    from grader.course.folder import find_course, here, open_course  # noqa: PLC0415 (so that --help answers at once)
    from grader.reports.terminal import render  # noqa: PLC0415 (same)
    from grader.workflow.practice import Line, find_lab, practise  # noqa: PLC0415 (same)

    lab, task = find_lab(open_course(course) if course else find_course(here()), name)
    record = practise(lab, task, Line(sys.stdout, sys.stdin))
    click.echo(json.dumps({"page": render(record, language)}, ensure_ascii=False))
    return 0
