"""`grade schema`: the JSON Schema of a rubric, for editors, or of a record or a kit, for those who read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.commands import language_option
from grader.messages.sentences import say

if TYPE_CHECKING:
    from grader.model import Language


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""
    help_text = say(
        "Prints the JSON Schema of a rubric, for editors, of the records that a grading writes, or of a student's kit."
    )
    return click.Command(
        "schema",
        callback=_schema,
        help=help_text.in_language(language),
        params=[click.Argument(["what"], type=click.Choice(["rubric", "record", "kit"])), language_option(language)],
    )


def _schema(*, what: str, language: Language) -> int:  # noqa: ARG001 (a schema is the same in every language)
    import json  # noqa: PLC0415 (so that --help answers at once)

    from grader.course import kit, rubric  # noqa: PLC0415 (same)
    from grader.records import record  # noqa: PLC0415 (same)

    written = {"rubric": rubric, "record": record, "kit": kit}[what].schema()
    click.echo(json.dumps(written, ensure_ascii=False, indent=1).encode())  # as bytes: JSON is UTF-8
    return 0
