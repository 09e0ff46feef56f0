"""`grade new LAB`: the first three files of a lab, which can be graded and audited at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader import commands
from grader.commands import AbsolutePath, course_option, language_option, option
from grader.errors import LabError
from grader.messages.languages import spoken
from grader.messages.sentences import LANGUAGES, say
from grader.registry import names_in

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model import Language, Text


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
            option(
                "--from notebook",
                say("A solved notebook with the marks of nbgrader or otter: the lab is made of it and of its tests."),
                language,
                type=AbsolutePath(),
                metavar="NOTEBOOK",
            ),
            language_option(language, language_help),
            course_option(language),
        ],
    )


def _new(*, lab: str, title: str | None, notebook: Path | None, language: Language, course: Path | None) -> int:
    if notebook is not None:
        return _moved(lab, title, notebook, language=language, course=course)
    from grader.newlab.writing import write_lab  # noqa: PLC0415 (so that --help answers at once)

    languages = (language,) if _is_language_said() else LANGUAGES
    written = write_lab(course, lab, title, taken=names_in(commands), languages=languages)
    for path in written.paths:
        click.echo(path)
    next_step = say("Next: `grade {lab}` grades its notebook, `grade audit {lab}` says what is still missing.", lab=lab)
    click.echo(next_step.in_language(spoken(written.languages, language)))
    return 0


def _is_language_said() -> bool:
    return click.get_current_context().get_parameter_source("language") == click.core.ParameterSource.COMMANDLINE


def _moved(lab: str, title: str | None, notebook: Path, *, language: Language, course: Path | None) -> int:
    """Make a lab of a solved notebook, and say what was carried over; exit status 2 where nothing was."""
    from grader.newlab.account import account  # noqa: PLC0415 (so that --help answers at once)
    from grader.newlab.moving import SaidOfLab, plan_move, write_move  # noqa: PLC0415 (same)
    from grader.newlab.waiting import told_while_waiting  # noqa: PLC0415 (same)

    about = SaidOfLab(title, language if _is_language_said() else None)
    running = say("{notebook} is being run with its tests; a statement may take a minute.", notebook=notebook.name)
    with told_while_waiting(running.in_language(language)):
        move = plan_move(course, lab, notebook, said=about, taken=names_in(commands))
    said = list(account(move.carried))
    if not (move.carried.tasks or move.carried.manual):
        for text in said[1:]:
            click.echo(text.in_language(language))
        raise LabError(say("Nothing of {file} became a question, so nothing was written.", file=notebook))
    for path in write_move(move):
        click.echo(path)
    for text in said:
        click.echo(text.in_language(language))
    click.echo(_next_step(lab, move.carried.missing).in_language(language))
    return 0


def _next_step(lab: str, missing: tuple[str, ...]) -> Text:
    """Return what to do with a lab that was made of a notebook; first what it lacks."""
    if missing:
        return say(
            "Not all of it came about. Next: put {files} beside the notebook, delete the files named above, and give "
            "the command again.",
            files=", ".join(missing),
        )
    return say("Next: `grade audit {lab}` says what is still missing, and `grade release {lab}` gives it out.", lab=lab)
