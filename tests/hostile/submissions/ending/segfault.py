# mypy: ignore-errors
"""Reads from address 0 when it is asked.

Expected: zero
"""

import ctypes


def double(x):
    return ctypes.string_at(0)
