"""What Python cannot read, in words: a sentence for the mistakes in writing that are made most often."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING

from grader.grading.unreadable_lines import is_prose, prose_text, reason_in_line
from grader.messages.format_values import error_text
from grader.messages.sentences import clean, quote, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Text

LONGEST_ERROR = 200
PLAIN = MappingProxyType(
    {
        **dict.fromkeys("“”「」『』\u201e\u201f〝〞", '"'),
        **dict.fromkeys("‘’", "'"),
        "、": ",",
        "。": ".",
        "【": "[",
        "】": "]",
    }
    | {"×": "*", "\u00f7": "/", "−": "-", "–": "-", "—": "-", "≤": "<=", "≥": ">=", "≠": "!="}
)
"""What stands in code for a character that Unicode itself knows no plain form of."""


def unreadable_text(kind: str, message: str, line: str = "") -> Text:
    """Return what is wrong in the line of a SyntaxError; Python's own words where there is no sentence for it."""
    return _known(kind, message, line) or quote(clean(error_text(kind, message), longest=LONGEST_ERROR))


def with_pythons_words(kind: str, message: str, line: str = "") -> Text | None:
    """Return the same with Python's words behind it, by which it can be looked up; None where there is no sentence."""
    known = _known(kind, message, line)
    return None if known is None else say("{what} ({error})", what=known, error=error_text(kind, message))


def _known(kind: str, message: str, line: str) -> Text | None:
    if kind == "TabError":
        return say("tabs and spaces are mixed in the indentation")
    if kind not in {"SyntaxError", "IndentationError"}:
        return None
    if message.startswith("invalid character") and is_prose(line):
        return prose_text()
    if message == "invalid syntax" or re.match(r"\s*else\s+if\b", line):
        return reason_in_line(line)
    return next((text for pattern, text in _sentences(message) if re.match(pattern, message)), None)


def _sentences(message: str) -> Iterator[tuple[str, Text]]:
    """Yield the beginnings of Python's messages, and what they mean."""
    mark, other = [*re.findall(r"'(.)'", message), "", ""][:2]
    line = found[1] if (found := re.search(r"on line (\d{1,6})", message)) else ""
    yield r"'.' was never closed", say("the bracket {mark} is opened and never closed", mark=mark)
    yield r"unmatched '.'", say("the bracket {mark} closes nothing that was opened", mark=mark)
    yield (
        r"closing parenthesis '.' does not match opening parenthesis '.'",
        say("the bracket {opened} is closed by {closed}, which is of another kind", opened=other, closed=mark),
    )
    yield r"expected ':'", say("a colon is missing")
    yield r"(?:unterminated|EOL|EOF) .*(?:string|literal)", say("a quotation mark is opened and never closed")
    if line:
        yield r"expected an indented block", say("what belongs to line {line} must be indented below it", line=line)
    yield r"unexpected indent", say("the line is indented further than the one above it")
    yield r"unindent does not match", say("the indentation of the line is that of no line above it")
    if found := re.match(r"invalid character '(.)'", message):
        yield from _characters(found[1])
    yield (
        r"invalid non-printable character",
        say("an invisible character stands in the line, such as a full-width space: delete it and type a space"),
    )
    yield (
        r"invalid character",
        say("a character is none of Python's, such as a full-width comma, bracket or quotation mark"),
    )
    yield r".*Perhaps you forgot a comma", say("something is missing between two values, perhaps a comma")
    yield r".*Maybe you meant '=='", say("a single = cannot stand here: to compare two values, write ==")
    yield (
        r"Missing parentheses in call to '\w+'",
        say("since Python 3, what is printed stands in brackets: print(…)"),
    )
    yield (
        r"invalid (?:decimal|hexadecimal|octal|binary|imaginary) literal",
        say("a letter follows a number: a name cannot begin with a digit, and a product needs *"),
    )
    yield (
        r"\(unicode error\)",
        say("a backslash between quotes begins a special character: write / or r before the quotes"),
    )
    yield r"cannot assign to", say("what stands to the left of = cannot be given a value")
    yield (
        r"positional argument follows keyword argument",
        say("an argument without a name follows one with a name (name=value)"),
    )
    yield (
        r"expected 'except' or 'finally' block",
        say("try has no except below it, as far to the left as the try itself"),
    )
    yield r"'(?:break' outside|continue' not)", say("break or continue stands outside of any loop")
    yield r"'return' outside function", say("return stands outside of any function, perhaps not indented enough")


def _characters(mark: str) -> Iterator[tuple[str, Text]]:
    """Yield what a character of Chinese text or typography is called in Python, where there is one."""
    plain = PLAIN.get(mark) or unicodedata.normalize("NFKC", mark)
    is_wide = unicodedata.east_asian_width(mark) == "F"  # ² is 2 as well, and means something else
    if plain != mark and plain.isascii() and (is_wide or not plain.isalnum()):
        text = say("{mark} is a character of Chinese text or print: in code it is {plain}", mark=mark, plain=plain)
        yield r"invalid character", text
