"""JSON as text: how many values it would become, before it is read.

An empty object is two bytes of text and 64 in memory: text of a bounded length alone does not bound what is made of it.
"""

from __future__ import annotations

import re
from itertools import islice

STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
MARKS = b"[{,:"
_TOKENS = re.compile(rb"[\[{,:]|" + STRING, re.DOTALL)


def has_more_tokens_than(most: int, text: bytes) -> bool:
    """Say whether a JSON text has more strings and marks than `most`: a value has one, or one before it.

    What stands inside of a string is none, and most texts need not be searched for that.
    """
    if sum(text.count(mark) for mark in MARKS) + text.count(b'"') <= most:
        return False
    return next(islice(_TOKENS.finditer(text), most, None), None) is not None
