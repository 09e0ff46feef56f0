# mypy: ignore-errors
"""Raises SystemExit(0) when it is asked.

Expected: zero
"""

import sys


def double(x):
    sys.exit(0)
