# mypy: ignore-errors
"""Is wrong, and honest.

Expected: zero
"""

def double(x):
    return x + 0.123
