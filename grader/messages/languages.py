"""Which language a reader is shown: a lab may be in both, or in one alone, which then goes before the reader's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from grader.messages.sentences import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.model import Language

MANY = 3
_CHINESE = re.compile("[\u4e00-\u9fff]")


def spoken(languages: Sequence[Language], wanted: Language) -> Language:
    """Return the wanted language where it is one of these, else the first of them."""
    return wanted if wanted in languages else languages[0]


def common(several: Iterable[Sequence[Language]]) -> tuple[Language, ...]:
    """Return the languages that all have; both where nothing is common to all."""
    all_of = list(several)
    return tuple(one for one in LANGUAGES if all(one in languages for languages in all_of)) or LANGUAGES


def written_in(texts: Sequence[str]) -> Language:
    """Return the language of texts: Chinese where many of them, a third, have Chinese in them.

    `ReLU` may be a title in Chinese, and an English text may quote a word.
    """
    return "zh-TW" if texts and MANY * sum(map(has_characters, texts)) >= len(texts) else "en"


def has_characters(text: str) -> bool:
    """Say whether a Chinese character is in a text."""
    return _CHINESE.search(text) is not None


def narrowed(form: Any, languages: Sequence[Language]) -> Any:  # noqa: ANN401 (JSON)
    """Return JSON in which a text in both languages, `{"zh-TW": …, "en": …}`, is left in these alone."""
    if len(languages) == len(LANGUAGES):
        return form
    match form:
        case dict() if form.keys() == set(LANGUAGES) and all(isinstance(text, str) for text in form.values()):
            return {language: form[language] for language in languages}
        case dict():
            return {key: narrowed(value, languages) for key, value in form.items()}
        case list():
            return [narrowed(value, languages) for value in form]
    return form
