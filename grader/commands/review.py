"""`grade review`: the page on this computer where teachers read, comment and give points."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import click

from grader.commands import AbsolutePath, course_option, language_option, option
from grader.errors import LabError
from grader.interrupts import INTERRUPTED
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from grader.model import Language, Text

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


def _review(*, lab: str, results: Path | None, course: Path | None, language: Language, **how: Any) -> int:  # noqa: ANN401 (click's parsed words)
    try:
        from grader.gradebook.teacher import teacher_at  # noqa: PLC0415 (so that `grade --help` answers at once)
        from grader.review.reviewing import Reviewing, ReviewPlace  # noqa: PLC0415 (same)
        from grader.review.serving import bound, serve  # noqa: PLC0415 (same)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in NEEDED:
            raise
        raise LabError(_missing(package)) from error
    book = how["book"] if how["book"] is not None or results is None else str(results)
    with teacher_at(book, course) as teacher:
        teacher.check_lab(lab)
        path = teacher.book.location.path
        place = ReviewPlace(
            lab,
            teacher.book,
            teacher.settings,
            results=results if results is not None or path is None else path.parent,
            submissions=how["submissions"],
            course=course,
            made_by=how["made_by"],
        )
        reviewing = Reviewing(place)
        reviewing.check()
        with bound(how["host"], how["port"]) as listening:
            try:
                serve(reviewing, listening, host=how["host"], language=language, told=_teller(lab, language, how=how))
            except KeyboardInterrupt:  # the way in which it is ended
                click.echo(say("Stopped.").in_language(language))
    return INTERRUPTED


def _teller(lab: str, language: Language, *, how: Mapping[str, Any]) -> Callable[[str], None]:
    """Return what says the first address, and opens it."""

    def opened(address: str) -> None:
        """Open the browser, which may be one in this terminal, and last."""
        from grader.review.serving import open_browser  # noqa: PLC0415 (so that `grade --help` answers at once)

        if not open_browser(address):
            click.echo(say("No browser could be opened: open that address yourself.").in_language(language), err=True)

    def told(address: str) -> None:
        click.echo(say("Reading {lab}: {address}", lab=lab, address=address).in_language(language))
        if not how["no_browser"]:
            threading.Thread(target=opened, args=(address,), daemon=True).start()
        click.echo(say("Ctrl-C ends it. A change is kept when the page says so.").in_language(language))

    return told


def _missing(package: str) -> Text:
    return say(
        "grade review needs {package}, which is not installed: pip install 'labgrader[{extra}]'",
        package=package,
        extra=EXTRA,
    )
