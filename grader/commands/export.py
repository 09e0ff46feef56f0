"""`grade export`: a lab with its grader as one file, for a platform that runs graders of others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.messages.sentences import say
from grader.model import LEVELS

if TYPE_CHECKING:
    from grader.model import Language, Level


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""
    from grader import exporting  # noqa: PLC0415 (its folder is listed, nothing in it is imported)
    from grader.registry import names_in  # noqa: PLC0415 (same)

    def export(platform: str, lab: str, output: Path, course: Path | None, level: Level, **_: str | None) -> int:
        return _export(platform, lab, output, course, language, level)

    helps = {
        "command": say("Packs LAB and the grader into the file that a platform takes as its autograder."),
        "output": say("The file to write."),
        "course": say("The course's folder; else looked for from here upwards."),
        "level": say("Grade there only behind a wall of this strength; see grade doctor."),
        "lang": say("The language of the reports."),
    }
    told = {name: text.in_language(language) for name, text in helps.items()}
    return click.Command(
        "export",
        callback=export,
        help=told["command"],
        params=[
            click.Argument(["platform"], type=click.Choice(names_in(exporting))),
            click.Argument(["lab"]),
            click.Option(
                ["--output"], type=click.Path(path_type=Path), required=True, metavar="FILE.zip", help=told["output"]
            ),
            click.Option(["--course"], type=click.Path(path_type=Path), metavar="DIR", help=told["course"]),
            click.Option(
                ["--require-isolation", "level"], type=click.Choice(LEVELS), default="good", help=told["level"]
            ),
            click.Option(["--lang"], type=click.Choice(["zh-TW", "en"]), help=told["lang"]),
        ],
    )


def _export(platform: str, lab: str, output: Path, folder: Path | None, language: Language, level: Level) -> int:
    from grader import exporting  # noqa: PLC0415 (so that `grade --help` answers at once)
    from grader.course.folder import find_course, here, open_course  # noqa: PLC0415 (same)
    from grader.output import ready_folder  # noqa: PLC0415 (same)
    from grader.registry import module_in  # noqa: PLC0415 (same)

    course = open_course(folder) if folder else find_course(here())
    content = module_in(exporting, platform).export(course, lab, language, level)
    ready_folder(output.parent)
    exporting.write_archive(output, content)
    return 0
