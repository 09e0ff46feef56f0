"""`grade export`: a lab with its grader as one file, for a platform that runs other people's graders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader import exporting
from grader.commands import AbsolutePath, course_option, language_option, option
from grader.errors import LabError
from grader.messages.sentences import say
from grader.model import LEVELS
from grader.registry import module_in, names_in

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model import Language, Level


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""
    path = AbsolutePath()
    help_text = say("Packs LAB and the grader into the file that a platform takes as its autograder.")
    level_help = say("Grade there only behind a wall of this strength; see grade doctor.")
    level = click.Choice(LEVELS)
    return click.Command(
        "export",
        callback=_export,
        help=help_text.in_language(language),
        params=[
            click.Argument(["platform"], type=click.Choice(names_in(exporting))),
            click.Argument(["lab"]),
            option("--output", say("The file to write."), language, type=path, required=True, metavar="FILE.zip"),
            course_option(language),
            option("--require-isolation level", level_help, language, type=level, default="good"),
            language_option(language, say("The language of the reports.")),
        ],
    )


def _export(*, platform: str, lab: str, output: Path, course: Path | None, level: Level, language: Language) -> int:
    from grader.course.folder import named_course  # noqa: PLC0415 (so that `grade --help` answers at once)
    from grader.output import ready_folder, refuse_others, replace_file  # noqa: PLC0415 (same)

    if output.suffix.lower() != ".zip":
        problem = say(
            "{file} does not end with .zip, and a zip is what is written: name it with --output.", file=output
        )
        raise LabError(problem)
    made = module_in(exporting, platform)
    content = made.export(named_course(course), lab, language=language, level=level)
    ready_folder(output.parent)
    if output.is_symlink() or not made.is_exported(output):
        refuse_others(output)
    replace_file(output, content)  # beside it nothing is written: the folder is the teacher's
    return 0
