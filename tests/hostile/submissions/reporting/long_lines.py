# mypy: ignore-errors
"""Raises an error of a hundred megabytes, and one whose text cannot be had.

Expected: zero
"""

class Mute(Exception):
    def __str__(self):
        raise SystemExit

    __repr__ = __str__


def double(x):
    if x == 1.5:
        raise Mute
    raise ValueError("long " * 20_000_000)
