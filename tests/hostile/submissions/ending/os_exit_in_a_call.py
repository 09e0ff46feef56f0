# mypy: ignore-errors
"""Leaves with status 0 when it is asked.

Expected: zero
"""

import os


def double(x):
    os._exit(0)
