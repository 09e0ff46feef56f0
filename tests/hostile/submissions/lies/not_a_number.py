# mypy: ignore-errors
"""Answers with NaN, which no comparison finds wrong.

Expected: zero
"""

def double(x):
    return float("nan")
