"""`grade review`: the page on this computer where teachers read, comment and give points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.commands import AbsolutePath, course_option, language_option, option
from grader.errors import LabError
from grader.interrupts import INTERRUPTED
from grader.messages.sentences import say

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model import Language

HOST = "127.0.0.1"
EXTRA = "review"
NEEDED = frozenset({"starlette", "uvicorn", "markdown_it", "mdit_py_plugins", "pygments", "sqlalchemy", "alembic"})


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""
    path = AbsolutePath()
    help_text = say("Opens a page on this computer to read what was handed in, comment, and give points.")
    results_help = say("The gradebook: a file, its folder, or postgresql://USER@HOST/DATABASE; default: in RESULTS.")
    host_help = say("The address to be bound; whoever reaches it needs the token. Default: this computer alone.")
    return click.Command(
        "review",
        callback=_review,
        help=help_text.in_language(language),
        params=[
            click.Argument(["lab"]),
            click.Argument(["results"], required=False, type=path),
            option("--port", say("The port; default: a free one."), language, type=click.IntRange(0, 65535), default=0),
            option("--no-browser", say("Only print the address."), language, is_flag=True),
            option("--book", results_help, language, metavar="PLACE"),
            option("--submissions", say("Where the class was graded from, to grade again."), language, type=path),
            option("--by made_by", say("Who says so; default: your user name."), language, metavar="NAME"),
            option("--host", host_help, language, default=HOST, metavar="ADDRESS"),
            course_option(language),
            language_option(language),
        ],
    )


def _review(
    *,
    lab: str,
    results: Path | None,
    book: str | None,
    course: Path | None,
    submissions: Path | None,
    made_by: str | None,
    language: Language,
    **how: object,
) -> int:
    try:
        from grader.gradebook.teacher import teacher_at  # noqa: PLC0415 (so that `grade --help` answers at once)
        from grader.review.reviewing import Place, Reviewing  # noqa: PLC0415 (same)
        from grader.review.serving import bound, open_browser, serve  # noqa: PLC0415 (same)
    except ModuleNotFoundError as error:
        if error.name not in NEEDED:
            raise
        raise LabError(
            say(
                "grade review needs {package}, which is not installed: pip install 'labgrader[{extra}]'",
                package=error.name,
                extra=EXTRA,
            )
        ) from error

    def told(address: str) -> None:
        click.echo(say("Reading {lab}: {address}", lab=lab, address=address).in_language(language))
        if not how["no_browser"] and not open_browser(address):
            click.echo(say("No browser could be opened: open that address yourself.").in_language(language), err=True)
        click.echo(say("Ctrl-C ends it. Every change is kept when the page says so.").in_language(language))

    named = book if book is not None or results is None else str(results)
    with teacher_at(named, course) as teacher:
        teacher.check_lab(lab)
        folder = results if results is not None else _folder(teacher.book.location.path)
        where = {"results": folder, "submissions": submissions, "course": course}
        place = Place(lab, teacher.book, teacher.settings, made_by=made_by, **where)
        reviewing = Reviewing(place)
        reviewing.roll()
        host = str(how["host"])
        with bound(host, int(str(how["port"]))) as listening:
            try:
                serve(reviewing, listening, host=host, language=language, told=told)
            except KeyboardInterrupt:
                click.echo(say("Stopped.").in_language(language))
    return INTERRUPTED


def _folder(path: Path | None) -> Path | None:
    return None if path is None else path.parent
