"""`grade new LAB`: the first three files of a lab, which can be graded and audited at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.messages.sentences import say

if TYPE_CHECKING:
    from grader.model import Language


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""

    def run(*, lab: str, title: str | None, lang: str | None, course: Path | None) -> int:
        del lang  # read before everything else
        return _new(language, lab, title, course)

    help_text = say(
        "Writes labs/LAB.ipynb, reference/LAB.py and rubrics/LAB.yaml of a lab with one example task, to be "
        "rewritten. In an empty folder it makes a course."
    )
    return click.Command(
        "new",
        callback=run,
        help=help_text.in_language(language),
        params=[
            click.Argument(["lab"]),
            click.Option(["--title"], metavar="TEXT", help=say("The lab's title.").in_language(language)),
            click.Option(
                ["--lang"],
                type=click.Choice(["zh-TW", "en"]),
                help=say("The language of the page.").in_language(language),
            ),
            click.Option(
                ["--course"],
                type=click.Path(path_type=Path),
                metavar="DIR",
                help=say("The course's folder; else looked for from here upwards.").in_language(language),
            ),
        ],
    )


def _new(language: Language, lab: str, title: str | None, course: Path | None) -> int:
    from grader import commands  # noqa: PLC0415 (its folder is listed, nothing in it is imported)
    from grader.newlab.writing import write_lab  # noqa: PLC0415 (so that --help answers at once)
    from grader.registry import names_in  # noqa: PLC0415 (same)

    paths = write_lab(course, lab, title, taken=names_in(commands))
    for path in paths:
        click.echo(path)
    told = say("Next: `grade {lab}` grades its notebook, `grade audit {lab}` says what is still missing.", lab=lab)
    click.echo(told.in_language(language))
    return 0
