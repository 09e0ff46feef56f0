# mypy: ignore-errors
"""Is right.

Expected: full
"""

def double(x):
    return 2 * x
