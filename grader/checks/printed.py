"""`kind: printed`: the text says the same: its words in their order, and its numbers within a tolerance."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from grader.comparing.kinds import kind_text
from grader.messages.sentences import clean, say
from grader.model import Agrees, Differs, Structured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Judgement, Text

COUNTS = "value"
MOST_CHARACTERS = 100_000
_PIECE = re.compile(
    r"(?P<number>(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?!\w))|(?P<word>[^\W\d_]+|\w+|[^\s\w])"
)


def judge(
    observed: Structured,
    expected: Structured,
    *,
    rtol: float = 2e-4,
    atol: float = 1e-6,
    case: bool = True,
    punctuation: bool = False,
) -> Judgement:
    """Agree when words and numbers come in the expected order, with `punctuation` the marks between them too.

    A number agrees within atol + rtol * |expected|, and within half a unit of the last digit that is expected: 0.33 and
    0.3333 agree where 0.33 is expected. Blanks and line ends do not count.
    """
    if not isinstance(observed.value, str) or not isinstance(expected.value, str):
        text = say("expected a text, observed {observed}", observed=kind_text(observed.value))
        return Differs(text, "structure", hidden=say("the answer is built otherwise than the expected one"))
    if not observed.value.strip() and expected.value.strip():
        text = say("nothing is printed")
        return Differs(text, hidden=text, hint=say("Is the text printed, or returned? Is print called at all?"))
    seen, wanted = (_pieces(text, case=case, punctuation=punctuation) for text in (observed.value, expected.value))
    for place, (one, other) in enumerate(zip_longest(seen, wanted), start=1):
        if other is None:
            return Differs(
                say("the text goes on: {what} is too much", what=_quoted(one)),
                hidden=say("the text has too many words or numbers"),
            )
        if one is None:
            return Differs(
                say("the text ends too early: {count} words or numbers are missing", count=len(wanted) - len(seen)),
                hidden=say("the text ends too early"),
            )
        if not _same(one, other, rtol=rtol, atol=atol):
            return Differs(_text(place, one, other), hidden=_hidden(one, other))
    return Agrees()


def impostors(expected: Structured) -> Iterator[tuple[str, Structured]]:
    """Give a text with a word more, one without its last piece, and one with another number."""
    text = str(expected.value)
    yield "a word more", Structured(f"{text} xyz")
    pieces = [one for one in _PIECE.finditer(text) if one["number"] or one["word"][0].isalnum()]
    if pieces:
        yield "without its end", Structured(text[: pieces[-1].start()])
    for one in pieces:
        if one["number"]:
            wrong = f"{float(one['number']) * 1.1 + 1:g}"
            yield "another number", Structured(text[: one.start()] + wrong + text[one.end() :])
            return


def _pieces(text: str, *, case: bool, punctuation: bool) -> list[str]:
    found = []
    for one in _PIECE.finditer(text[:MOST_CHARACTERS]):
        piece = one[0]
        if one["number"] or punctuation or piece[0].isalnum() or piece[0] == "_":
            found.append(piece if case else piece.casefold())
    return found


def _same(one: str, other: str, *, rtol: float, atol: float) -> bool:
    number, wanted = _number(one), _number(other)
    if number is None or wanted is None:
        return one == other
    return abs(number - wanted) <= max(atol + rtol * abs(wanted), _half_unit(other))


def _half_unit(text: str) -> float:
    """Return half a unit of the last digit after the point; 0 for a whole number, which is exact."""
    mantissa, _, exponent = text.lower().partition("e")
    digits = mantissa.partition(".")[2]
    return float(0.501 * 10.0 ** (int(exponent or 0) - len(digits))) if digits else 0.0


def _number(piece: str) -> float | None:
    try:
        return float(piece)
    except ValueError:
        return None


def _text(place: int, one: str, other: str) -> Text:
    return say(
        "word or number {place} is {observed}; {expected} is expected",
        place=place,
        observed=_quoted(one),
        expected=_quoted(other),
    )


def _hidden(one: str, other: str) -> Text:
    if _number(one) is not None and _number(other) is not None:
        return say("a number in the text is not the expected one")
    return say("a word in the text is not the expected one")


def _quoted(piece: str) -> str:
    return f'"{clean(piece, longest=40)}"'
