"""`grade doctor`: how strong the wall is here or on a cluster, tried from inside, and what would make it stronger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.commands import language_option, option
from grader.messages.sentences import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Isolation, Language, Text

MACHINERY_ERROR = 3


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""
    help_text = say("Tries what a hostile notebook would try, and says how strong the wall is on this machine.")
    cluster_help = say("Ask every host of this cluster instead. See docs/cluster.md.")
    return click.Command(
        "doctor",
        callback=_doctor,
        help=help_text.in_language(language),
        params=[option("--cluster", cluster_help, language, metavar="ADDRESS"), language_option(language)],
    )


def _doctor(*, language: Language, cluster: str | None) -> int:
    from grader.workflow.addresses import executor_of  # noqa: PLC0415 (so that --help answers at once)

    def tell(text: Text) -> None:
        click.echo(text.in_language(language))

    count = 0
    for host in executor_of(cluster).hosts(cluster or "", tell):
        count += 1
        if cluster is not None:
            tell(say("{host}: {slots} at once", host=host.name, slots=host.slots))
        for line in _lines(host.isolation):
            tell(line)
        if host.remedy is not None:
            tell(host.remedy)
    if not count:
        tell(say("No host of this cluster can grade now. docs/cluster.md says how to start them."))
    return 0 if count else MACHINERY_ERROR


def _lines(isolation: Isolation) -> Iterator[Text]:
    from grader.sandbox.requirement import missing_text  # noqa: PLC0415 (so that --help answers at once)

    yield say("isolation: {level}", level=isolation.level)
    yield _meaning(isolation)
    if isolation.open:
        yield say("tried from inside and found open: {names}", names=", ".join(isolation.open))
    if isolation.missing:
        yield say("walls that are missing: {missing}", missing=missing_text(isolation))


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
