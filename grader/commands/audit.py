"""`grade audit LAB`: is the lab fair? Right answers have to keep every mark, known mistakes to lose the right ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.commands import AbsolutePath, course_option, language_option, option
from grader.messages.languages import spoken
from grader.messages.sentences import say

if TYPE_CHECKING:
    from pathlib import Path

    from grader.audit.auditing import Audit
    from grader.model import Language, Text

UNFAIR = 1


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""
    help_text = say(
        "Audits a lab, for its authors: right answers must keep every mark, known mistakes must lose the marks that "
        "they should and be explained as what they are, and slips in the formulas must be found."
    )
    epilog = say(
        "Exit status: 0 fair, 1 not fair or unfinished, 2 something to mend in the command or the files, 3 the grader "
        "itself failed."
    )
    output_help = say("Write LAB.audit.html and LAB.audit.json to this folder.")
    seed_help = say("Ask other questions than those of seed 0.")
    return click.Command(
        "audit",
        callback=_audit,
        help=help_text.in_language(language),
        epilog=epilog.in_language(language),
        params=[
            click.Argument(["lab"]),
            option("--output", output_help, language, type=AbsolutePath(), metavar="DIR"),
            option("--seed", seed_help, language, type=click.IntRange(0, 2**53 - 1), default=0),
            language_option(language),
            course_option(language),
        ],
    )


def _audit(*, lab: str, output: Path | None, seed: int, language: Language, course: Path | None) -> int:
    from grader import reports  # noqa: PLC0415 (so that --help answers at once)
    from grader.audit.auditing import audit  # noqa: PLC0415 (same)
    from grader.audit.terminal import page  # noqa: PLC0415 (same)
    from grader.course.folder import named_course  # noqa: PLC0415 (same)
    from grader.course.lab import lab_languages  # noqa: PLC0415 (same)
    from grader.output import ready_folder  # noqa: PLC0415 (same)
    from grader.registry import module_in  # noqa: PLC0415 (same)

    where = named_course(course)
    where.rubric_path(lab)
    language = spoken(lab_languages(where, lab), language)
    if output is not None:
        ready_folder(output)

    def progress(text: Text) -> None:
        click.echo(text.in_language(language), err=True)

    found = audit(where, lab, seed=seed, progress=progress)
    try:
        if output is not None:
            _write(found, output, language)
    finally:  # an audit that cannot be written is shown all the same
        module_in(reports, "terminal").show(page(found, language))
    return 0 if found.is_fair else UNFAIR


def _write(found: Audit, output: Path, language: Language) -> None:
    from grader.audit.html import render  # noqa: PLC0415 (so that --help answers at once)
    from grader.audit.record import render_json  # noqa: PLC0415 (same)
    from grader.output import write_file  # noqa: PLC0415 (same)

    write_file(output / f"{found.lab}.audit.json", render_json(found))
    write_file(output / f"{found.lab}.audit.html", render(found, language))
