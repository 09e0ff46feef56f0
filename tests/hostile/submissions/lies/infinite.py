# mypy: ignore-errors
"""Answers with an infinity.

Expected: zero
"""

def double(x):
    return float("inf")
