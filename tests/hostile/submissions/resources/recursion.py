# mypy: ignore-errors
"""Calls itself without a limit.

Expected: zero
"""

import sys

sys.setrecursionlimit(10**9)


def double(x):
    return double(x)
