"""`grade audit LAB`: is the lab fair? Right answers keep every mark, known mistakes lose the right ones, and so on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.messages.sentences import say

if TYPE_CHECKING:
    from grader.audit.auditing import Audit
    from grader.model import Language, Text

UNFAIR = 1


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""

    def told(text: Text) -> str:
        return text.in_language(language)

    def run(**given: Any) -> int:  # noqa: ANN401 (click's parsed words)
        return _audit(language, **given)

    return click.Command(
        "audit",
        callback=run,
        help=told(
            say(
                "Audits a lab, for those who write it: right answers must keep every mark, known mistakes must lose "
                "those that they should and be told as what they are, and slips in the formulas must be found."
            )
        ),
        epilog=told(
            say("Exit status: 0 fair, 1 not fair or unfinished, 2 something to mend in the call or the files.")
        ),
        params=[
            click.Argument(["lab"]),
            click.Option(
                ["--output"],
                type=click.Path(path_type=Path),
                metavar="DIR",
                help=told(say("Write LAB.audit.html and LAB.audit.json to this folder.")),
            ),
            click.Option(
                ["--seed"],
                type=click.IntRange(0, 2**32 - 1),
                default=0,
                help=told(say("Other questions than those of seed 0.")),
            ),
            click.Option(["--lang"], type=click.Choice(["zh-TW", "en"]), help=told(say("The language of the page."))),
            click.Option(
                ["--course"],
                type=click.Path(path_type=Path),
                metavar="DIR",
                help=told(say("The course's folder; else looked for from here upwards.")),
            ),
        ],
    )


def _audit(
    language: Language,
    *,
    lab: str,
    output: Path | None,
    seed: int,
    lang: str | None,  # noqa: ARG001 (read before everything else)
    course: Path | None,
) -> int:
    from grader import reports  # noqa: PLC0415 (so that --help answers at once)
    from grader.audit.auditing import audit  # noqa: PLC0415 (same)
    from grader.audit.terminal import page  # noqa: PLC0415 (same)
    from grader.course.folder import find_course, here, open_course  # noqa: PLC0415 (same)
    from grader.output import ready_folder  # noqa: PLC0415 (same)
    from grader.registry import module_in  # noqa: PLC0415 (same)

    where = open_course(course) if course else find_course(here())
    where.rubric_path(lab)
    if output is not None:
        ready_folder(output)

    def tell(text: Text) -> None:
        click.echo(text.in_language(language), err=True)

    found = audit(where, lab, seed, tell)
    try:
        if output is not None:
            _keep(found, output, language)
    finally:  # what cannot be written is told all the same
        module_in(reports, "terminal").show(page(found, language))
    return 0 if found.is_fair else UNFAIR


def _keep(found: Audit, output: Path, language: Language) -> None:
    from grader.audit.html import render  # noqa: PLC0415 (so that --help answers at once)
    from grader.audit.record import render_json  # noqa: PLC0415 (same)
    from grader.output import write_file  # noqa: PLC0415 (same)

    write_file(output / f"{found.lab}.audit.json", render_json(found))
    write_file(output / f"{found.lab}.audit.html", render(found, language))
