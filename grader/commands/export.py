"""`grade export`: a lab with its grader as one file, for a platform that runs other people's graders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from grader import exporting
from grader.commands import AbsolutePath, course_option, language_option, option
from grader.errors import LabError
from grader.messages.sentences import say
from grader.model import LEVELS
from grader.registry import module_in, names_in

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.folder import Course
    from grader.model import Language, Level

SOURCES = "sources"
USER_ERROR = 2


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""
    path = AbsolutePath()
    help_text = say(
        "Packs LAB and the grader into the file that a platform takes as its autograder. `sources` writes what was "
        "handed in (SUBMISSIONS, a folder or a zip) as files of Python, for programs that look for copies."
    )
    output_help = say("The file to write; of sources the folder to write to.")
    level_help = say("Grade there only behind a wall of this strength; see grade doctor.")
    level = click.Choice(LEVELS)
    return click.Command(
        "export",
        callback=_export,
        help=help_text.in_language(language),
        params=[
            click.Argument(["platform"], type=click.Choice([*names_in(exporting), SOURCES])),
            click.Argument(["lab"]),
            click.Argument(["submissions"], type=AbsolutePath(), required=False),
            option("--output", output_help, language, type=path, required=True, metavar="FILE.zip|DIR"),
            course_option(language),
            option("--require-isolation level", level_help, language, type=level, default="good"),
            language_option(language, say("The language of the reports.")),
        ],
    )


def _export(*, platform: str, lab: str, submissions: Path | None, course: Path | None, **given: Any) -> int:  # noqa: ANN401 (the options of both)
    from grader.course.folder import named_course  # noqa: PLC0415 (so that `grade --help` answers at once)

    found = named_course(course)
    if platform == SOURCES:
        if submissions is None:
            problem = say(
                "What was handed in? Name its folder: grade export sources {lab} FOLDER --output DIR", lab=lab
            )
            raise LabError(problem)
        return _sources(found, lab, submissions, output=given["output"], language=given["language"])
    if submissions is not None:
        raise LabError(say("{platform} takes a lab alone: leave {path} out.", platform=platform, path=submissions))
    return _packed(found, platform, lab, **given)


def _sources(course: Course, lab: str, submissions: Path, *, output: Path, language: Language) -> int:
    """Write the sources of a class, and say what is not among them."""
    from grader.workflow.sources import write_sources  # noqa: PLC0415 (same)

    written = write_sources(course, lab, submissions, folder=output)
    for text in written.told():
        click.echo(text.in_language(language))
    return USER_ERROR if written.unread else 0


def _packed(course: Course, platform: str, lab: str, *, output: Path, level: Level, language: Language) -> int:
    from grader.output import ready_folder, refuse_others, replace_file  # noqa: PLC0415 (same)

    if output.suffix.lower() != ".zip":
        problem = say(
            "{file} does not end with .zip, and a zip is what is written: name it with --output.", file=output
        )
        raise LabError(problem)
    made = module_in(exporting, platform)
    content = made.export(course, lab, language=language, level=level)
    ready_folder(output.parent)
    if output.is_symlink() or not made.is_exported(output):
        refuse_others(output)
    replace_file(output, content)  # beside it nothing is written: the folder is the teacher's
    return 0
