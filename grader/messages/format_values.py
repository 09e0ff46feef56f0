"""Values as a person reads them: six digits, large arrays shortened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.messages.library_messages import without_machinery
from grader.messages.sentences import clean
from grader.model import Raised, Returned
from grader.networks.model import Built

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.model import Array, Observation

MOST_SHOWN = 240
"""How many characters of each value of a public question a page shows."""
NO_ANSWER = "-"
"""What stands for an answer that cannot be shown, or would not help."""
MOST_WHOLE, EDGE = 24, 3
"""Up to how many elements an array is shown whole, and how many are shown from each end of an axis otherwise."""


def shown(value: Any) -> str:  # noqa: ANN401 (any argument or answer)
    """Return a value as a person reads it."""
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, list | tuple):
        inner = ", ".join(shown(item) for item in value)
        text = f"[{inner}]" if isinstance(value, list) else f"({inner})"
    else:
        text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"


def outcome(observed: Observation) -> str:
    """Return the answer to a question, or what came in its place, as short as a value."""
    match observed:
        case Returned(value):
            return shown(value)
        case Raised(kind, message, refused=None):
            return clean(error_text(kind, message), longest=MOST_SHOWN)
        case Built(reported=reported) if reported is not None:
            return f"{reported:.5g}"
    return NO_ANSWER


def error_text(kind: str, message: str) -> str:
    """Return an exception as Python prints it, without what a kernel or a library says about its own machinery."""
    message = re.sub(r"\s*\([^()]*\.py, line \d+\)$|\s*\(<[^<>]*>, line \d+\)$", "", message)
    message = without_machinery(message)
    return f"{kind}: {message}" if message else kind


def _array(array: Array) -> str:
    """Return an array as NumPy prints it, cut at MOST_SHOWN at once: a whole image would take a millisecond."""
    text = ""
    for piece in _pieces(array, cut=array.size > MOST_WHOLE):
        text += piece
        if len(text) > MOST_SHOWN:
            return text[: MOST_SHOWN - 1] + "…"
    return text


def _pieces(array: Array, *, cut: bool) -> Iterator[str]:
    """Yield the text of an array bit by bit, with `...` in the middle of every axis that is cut."""
    if array.ndim == 0:
        yield shown(array.item())
        return
    count = len(array)
    leaves_out = cut and count > 2 * EDGE
    yield "["
    for place in (*range(EDGE), *range(count - EDGE, count)) if leaves_out else range(count):
        if place:
            yield ", ..., " if leaves_out and place == count - EDGE else ", "
        yield from _pieces(array[place], cut=cut)
    yield "]"
