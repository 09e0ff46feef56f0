"""A line that Python refuses without a reason ("invalid syntax"): what is wrong is looked up in the line itself."""

from __future__ import annotations

import keyword
import re
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from grader.messages.sentences import clean, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Text

LONGEST_WORD = 40
TEXTS_AND_COMMENTS = re.compile(r"""(?:(?<!\w)[rRbBfFuU]{1,2})?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|#.*""")
CHINESE = re.compile("[\u3400-\u9fff]")
OTHER_LANGUAGES = MappingProxyType({"&&": "and", "||": "or", "!": "not", "<>": "!="})
NEVER_VALUES = frozenset(keyword.kwlist) - {"None", "True", "False"}
LEAST_CHINESE = 4
MAY_END_BEFORE_A_COMMA = frozenset({"None", "True", "False", "yield", "await"})
SOFT_KEYWORDS = frozenset(keyword.softkwlist)
HEADS = "else|elif|except|finally"


def reason_in_line(line: str) -> Text | None:
    """Return why Python cannot read a line, as far as one line tells; None where it does not."""
    return next(_reasons(_without_texts(line)), None)


def is_prose(line: str) -> bool:
    """Say whether a line is rather Chinese text than code: several such words, or one with a number before it."""
    code = _without_texts(line)
    words = [word for word in code.split() if CHINESE.search(word)]
    listed = bool(words) and re.match(r"\s*(?:\d+[.)]|[-*])\s", code) is not None
    alone = len(CHINESE.findall(code)) >= LEAST_CHINESE and re.search(r"[A-Za-z0-9_=()]", code) is None
    return len(words) > 1 or listed or alone


def prose_text() -> Text:
    """Return what a line of text in a code cell needs."""
    return say("the line reads like text and not like code: text begins with #, or stands in a text cell")


def _without_texts(line: str) -> str:
    """Return a line with every text in quotation marks emptied, and without its comment."""
    return TEXTS_AND_COMMENTS.sub(lambda found: '""' if found[1] else "", line).rstrip()


def _reasons(code: str) -> Iterator[Text]:
    """Yield what a line may suffer from, the surest first."""
    if re.match(r"\s*else\s+if\b", code):
        yield say("else if is one word in Python: elif")
    if is_prose(code):
        yield prose_text()
    if found := re.match(rf"\s*({HEADS})\b", code):
        yield say("{word} has no beginning above it at the same indentation, such as an if or a try", word=found[1])
    if found := re.search(r"&&|\|\||<>|!(?!=)", code):
        yield say("{mark} is written {word} in Python", mark=found[0], word=OTHER_LANGUAGES[found[0]])
    if re.search(r"\+\+|--\s*$", code):
        yield say("Python has no ++ and --: write x += 1 or x -= 1")
    for word in re.findall(r"\b([a-z]+)\s*(?:[,)]|=(?!=))", code):
        if word in NEVER_VALUES - MAY_END_BEFORE_A_COMMA:
            yield say("{word} is a word of Python's own: a variable needs another name", word=word)
    if re.match(r"\s*for\b(?!.*\bin\b)", code):
        yield say("a for needs the word in before its values: for i in range(3)")
    if re.match(r"\s*(?:if|elif|while)\b[^=]*[^=!<>:]=[^=]", code):
        yield say("a single = cannot stand here: to compare two values, write ==")
    if values := _neighbours(code):
        one, other = (clean(word, longest=LONGEST_WORD) for word in values)
        yield say(
            "between {one} and {other} something is missing, such as an operator or a comma", one=one, other=other
        )
    if found := re.search(r"(?:\*\*|//|[-+*/%@=<>&|^]|\b(?:and|or|not|in|is|as|import|else))$", code):
        yield say("the line ends with {mark}: what comes after it is missing", mark=found[0])


def _neighbours(code: str) -> tuple[str, str] | None:
    """Return two values that stand side by side with nothing between them."""
    words = re.findall(r"""""|[\w.]+|[^\w\s]""", code)
    for one, other in pairwise(words):
        if {one, other} != {'""'} and _is_value(one) | (one in ")]") and _is_value(other) and one not in SOFT_KEYWORDS:
            return one, other
    return None


def _is_value(word: str) -> bool:
    if word[0].isdigit() or word == '""':
        return True
    return word.replace(".", "").isidentifier() and word[0] != "." and word not in NEVER_VALUES
