"""The commands beside grading itself, one file each; the file's name is the word that the user types: `grade WORD`.

A file in this folder has

    command(language: Language) -> click.Command

whose help is in that language, and whose callback returns the exit status. What it needs it imports when it is
called, so that `grade --help` answers at once. No logic: words in, a wing of the house asked, sentences out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.course.folder import here
from grader.messages.sentences import LANGUAGES, say

if TYPE_CHECKING:
    from grader.model import Language, Text


class AbsolutePath(click.Path):
    """A path, made absolute as it enters: what it names stays the same whatever becomes the current folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 (click's own)
        """Return an absolute path, with its links as they are; raise LabError where there is no current folder."""
        path = Path(super().convert(value, param, ctx))  # type: ignore[arg-type]  # never bytes: see path_type
        return path if path.is_absolute() else here() / path


def option(names: str, help_text: Text, language: Language, **more: Any) -> click.Option:  # noqa: ANN401 (click's own)
    """Return an option with its help in one language. `names` are click's, with spaces between: "--format formats"."""
    return click.Option(names.split(), help=help_text.in_language(language), **more)


def language_option(language: Language, help_text: Text | None = None) -> click.Option:
    """Return `--lang`, which every command has. What the user said has been read already: it is the default."""
    said = say("The language of the page.") if help_text is None else help_text
    return option("--lang language", said, language, type=click.Choice(LANGUAGES), default=language)


def course_option(language: Language) -> click.Option:
    """Return `--course`."""
    help_text = say("The course's folder; default: the nearest one from here upwards.")
    return option("--course", help_text, language, type=AbsolutePath(), metavar="DIR")
