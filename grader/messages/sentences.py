"""The grader's own sentences, in both languages at once, from the gettext catalogues in locale/.

The English sentence is the key; locale/zh_TW holds the Traditional Chinese. The tools that update the catalogue look
for `say` (docs/teachers.md says how to add a sentence).
"""

from __future__ import annotations

import difflib
import gettext
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader.model import Language, Text
from grader.system import interface_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CATALOGUES = Path(__file__).parent / "locale"
LANGUAGES: tuple[Language, ...] = ("zh-TW", "en")

LONGEST_TEXT = 400
"""How many characters of a student's text (an exception's message, a name) a sentence quotes."""

LONGEST_PATH = 4096

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
_KERNEL_FILE = re.compile(r"(?<!\S)\S*ipykernel_\d+\S*")


def say(sentence: str, **values: object) -> Text:
    """Return `sentence` in both languages, with each `{name}` replaced by its value.

    A value that is a Text is inserted in the matching language, any other by `str`.
    """
    chinese = _catalogue().gettext(sentence)
    return Text(
        zh_tw=chinese.format_map({name: _in(value, "zh-TW") for name, value in values.items()}),
        en=sentence.format_map({name: _in(value, "en") for name, value in values.items()}),
    )


def quote(text: str) -> Text:
    """Return words that are the same in both languages, such as an exception as Python prints it."""
    return Text(text, text)


def joined(texts: Sequence[Text], between: str) -> Text:
    """Return texts joined in each language."""
    return Text(between.join(text.zh_tw for text in texts), between.join(text.en for text in texts))


def place_text(cell: int, line: int | None) -> Text:
    """Return a place in a notebook. The cell's number is In [n] after "Run All"."""
    return (
        say("cell In [{cell}]", cell=cell)
        if line is None
        else say("cell In [{cell}], line {line}", cell=cell, line=line)
    )


def language_of(environment: Mapping[str, str]) -> Language:
    """Return the reader's language as the POSIX variables name it, in the order that gettext uses.

    Where none is set it is that of the user interface, if the system has such a thing.
    """
    named = (environment.get(name) for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    spoken = next(filter(None, named), None) or interface_language()
    return "zh-TW" if spoken.lower().startswith("zh") else "en"


def clean(text: str, *, longest: int = LONGEST_TEXT) -> str:
    r"""Return text that came from a student, made safe and repeatable for any page.

    Escape sequences, control and format characters (also those that turn the direction of writing) and lone
    surrogates are taken out, blanks are folded to one, memory addresses and the kernel's file names, which differ
    from run to run, are replaced, and the text is cut at `longest` characters.

    >>> clean("\x1b[31mred\x1b[0m at 0x7f12ab34cd\x07")
    'red at 0x…'
    """
    text = text[: 20 * longest]  # so that a text of gigabytes costs nothing
    text = _ANSI.sub("", text)
    text = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    text = " ".join(_ADDRESS.sub("0x…", _KERNEL_FILE.sub("<notebook>", text)).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def nearest(word: str, words: Iterable[str]) -> tuple[str, ...]:
    """Return the words, the most similar one first and the others as they came."""
    known = tuple(words)
    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return (*close, *(other for other in known if other not in close))


def nearest_text(word: str, words: Iterable[str]) -> str:
    """Return the words as a sentence lists them, the most similar one first; a dash where there are none."""
    return ", ".join(nearest(word, words)) or "-"


def _in(value: object, language: Language) -> object:
    if isinstance(value, Path):
        return clean(str(value), longest=LONGEST_PATH)  # a file may have any name
    return value.in_language(language) if isinstance(value, Text) else value


@cache
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("grader", CATALOGUES, languages=["zh_TW"], fallback=True)
