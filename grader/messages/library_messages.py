"""What Python, TensorFlow and Keras say, without what is about their machinery: what is left says what is wrong."""

from __future__ import annotations

import re

MACHINERY = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r" for '\{\{node[^']*'(?= with input shapes)",
        r"\{\{.*?\}\}\s*",  # {{function_node __wrapped__AddV2_device_…}}
        r"\s*\[Op:\w*\].*$",
        r"\s*;?\s*NodeDef:.*$",
        r" on /job:\S+ by allocator \S+",
        r"^Exception encountered when calling .*?\.call\(\)\.\s*",
        r"\s*Arguments received by .*?\.call\(\):.*$",
        r"(?<=')\s*\((?:[^()]*\.(?:py|pyc|so|pyd)|unknown location)\)$",  # where Python found a module
        r"^in user code:.*\b\w+(?:Error|Exception): ",
    )
)


def without_machinery(message: str) -> str:
    """Return a message without the names of operations, devices and nodes, and without the call it passed through.

    >>> without_machinery("{{function_node __wrapped__Mul}} Incompatible shapes: [3] vs. [2] [Op:Mul] name: ")
    'Incompatible shapes: [3] vs. [2]'
    """
    for pattern in MACHINERY:
        message = pattern.sub("", message)
    return message.strip()
