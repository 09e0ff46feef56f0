"""The languages of a lab: those that course.yaml names, else those that its rubric is written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

from grader.course.texts import TextEntry
from grader.messages.languages import written_in
from grader.messages.sentences import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.course.rubric import Rubric
    from grader.model import Language


def languages_used(rubric: Rubric) -> tuple[Language, ...]:
    """Return the languages that a rubric's texts name, or that its plain strings are written in.

    Both where there is no text: then all sentences are the grader's own.
    """
    entries = list(_texts(rubric))
    plain = [entry.en for entry in entries if not entry.languages]
    named = {language for entry in entries for language in entry.languages}
    if plain and not named:
        named.add(written_in(plain))
    return tuple(language for language in LANGUAGES if language in named) or LANGUAGES


def _texts(part: object) -> Iterator[TextEntry]:
    """Yield every text in a part of a rubric."""
    match part:
        case TextEntry():
            yield part
        case BaseModel():
            for _, value in part:
                yield from _texts(value)
        case dict():
            for value in part.values():
                yield from _texts(value)
        case list():
            for value in part:
                yield from _texts(value)
