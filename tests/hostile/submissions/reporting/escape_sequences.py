# mypy: ignore-errors
"""Raises an error whose text drives a terminal.

Expected: zero
"""

def double(x):
    raise ValueError("\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b31m 10/10 \r\n\b\b")
