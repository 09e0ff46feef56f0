"""`grade doctor`: how strong the wall is on this machine, as tried from inside, and what would make it stronger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.commands import language_option
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Isolation, Language, Text


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""
    help_text = say("Tries what a hostile notebook would try, and says how strong the wall is on this machine.")
    return click.Command(
        "doctor", callback=_doctor, help=help_text.in_language(language), params=[language_option(language)]
    )


def _doctor(*, language: Language) -> int:
    from grader.sandbox.pool import single_runner  # noqa: PLC0415 (so that --help answers at once)

    with single_runner() as runner:
        isolation = runner.isolation()
    for line in _lines(isolation):
        click.echo(line.in_language(language))
    return 0


def _lines(isolation: Isolation) -> Iterator[Text]:
    from grader.sandbox.requirement import Machine, missing_text, remedy_text  # noqa: PLC0415 (so that --help answers at once)

    yield say("isolation: {level}", level=isolation.level)
    yield _meaning(isolation)
    if isolation.open:
        yield say("tried from inside and found open: {names}", names=", ".join(isolation.open))
    if isolation.missing:
        yield say("walls that are missing: {missing}", missing=missing_text(isolation))
    if isolation.level != "strong":
        yield remedy_text(isolation, Machine())


def _meaning(isolation: Isolation) -> Text:
    match isolation.level:
        case "strong":
            return say("A notebook sees no file, process or network but its own. Good for grading anybody's.")
        case "good":
            return say("A notebook reads and reaches nothing but its own; it can see that other things exist.")
        case "limited":
            return say("A notebook has no network and starts no programs, but may read your files. For practice.")
        case "none":
            return say("A notebook has all your rights. Only for your own notebooks.")
