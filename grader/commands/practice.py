"""`grade practice`: the other end of `%grade` in a notebook. It asks on standard output and reads answers on input."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from grader.commands import course_option, language_option
from grader.messages.sentences import say

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model import Language


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""
    help_text = say("Asks a live session the public questions of a lab or a function; see %load_ext grader.")
    return click.Command(
        "practice",
        callback=_practice,
        help=help_text.in_language(language),
        params=[click.Argument(["name"], required=False), language_option(language), course_option(language)],
    )


def _practice(*, name: str | None, language: Language, course: Path | None) -> int:
    from grader.course.folder import course_or_kits  # noqa: PLC0415 (so that --help answers at once)
    from grader.reports.terminal import render  # noqa: PLC0415 (same)
    from grader.workflow.practice import Line, find_lab, practise  # noqa: PLC0415 (same)

    lab, task = find_lab(course_or_kits(course), name)
    record = practise(lab, task, Line(sys.stdout, sys.stdin))
    click.echo(json.dumps({"page": render(record, record.spoken(language))}, ensure_ascii=False))
    return 0
