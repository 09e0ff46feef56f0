"""What a call prints."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_CHARACTERS = 100_000


def printed(call: Callable[[], object]) -> str:
    """Return the text that a call prints, up to MOST_CHARACTERS; what it returns is dropped."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        call()
    return out.getvalue()[:MOST_CHARACTERS]
