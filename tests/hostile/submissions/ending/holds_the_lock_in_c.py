# mypy: ignore-errors
"""A single C call that takes years and holds Python's lock.

Expected: zero
"""

def double(x):
    return 10 ** (10**9)
