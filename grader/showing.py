"""Values as a person reads them: six digits, large arrays shortened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.messages import clean
from grader.model import Built, Raised, Returned

if TYPE_CHECKING:
    from grader.model import Array, Observation

MOST_SHOWN = 240
"""How many characters of a public question's values a page shows."""


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
    """Return what came of a question, as short as a value."""
    match observed:
        case Returned(value):
            return shown(value)
        case Raised(kind, message):
            return clean(error_text(kind, message), longest=MOST_SHOWN)
        case Built(reported=reported) if reported is not None:
            return f"{reported:.5g}"
    return "-"


def error_text(kind: str, message: str) -> str:
    """Return an exception as Python prints it, without the file name that a kernel makes up for a cell."""
    message = re.sub(r"\s*\([^()]*\.py, line \d+\)$|\s*\(<[^<>]*>, line \d+\)$", "", message)
    return f"{kind}: {message}" if message else kind


def _array(array: Array) -> str:
    if array.shape == ():
        return shown(array.item())
    text = np.array2string(array, threshold=24, edgeitems=3, separator=", ", formatter={"float_kind": "{:.6g}".format})
    text = " ".join(text.split())
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"
