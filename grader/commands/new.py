"""`grade new LAB`: the first three files of a lab, which can be graded and audited at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader import commands
from grader.commands import course_option, language_option, option
from grader.messages.languages import spoken
from grader.messages.sentences import LANGUAGES, say
from grader.registry import names_in

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model import Language


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""
    help_text = say(
        "Writes labs/LAB.ipynb, reference/LAB.py and rubrics/LAB.yaml for a new lab, with one example task to "
        "rewrite. In an empty folder it starts a course."
    )
    language_help = say(
        "The one language that the files are written in; default: both. Where course.yaml names languages, its own."
    )
    return click.Command(
        "new",
        callback=_new,
        help=help_text.in_language(language),
        params=[
            click.Argument(["lab"]),
            option("--title", say("The lab's title."), language, metavar="TEXT"),
            language_option(language, language_help),
            course_option(language),
        ],
    )


def _new(*, lab: str, title: str | None, language: Language, course: Path | None) -> int:
    from grader.newlab.writing import write_lab  # noqa: PLC0415 (so that --help answers at once)

    is_said = click.get_current_context().get_parameter_source("language") == click.core.ParameterSource.COMMANDLINE
    written = write_lab(course, lab, title, taken=names_in(commands), languages=(language,) if is_said else LANGUAGES)
    for path in written.paths:
        click.echo(path)
    next_step = say("Next: `grade {lab}` grades its notebook, `grade audit {lab}` says what is still missing.", lab=lab)
    click.echo(next_step.in_language(spoken(written.languages, language)))
    return 0
