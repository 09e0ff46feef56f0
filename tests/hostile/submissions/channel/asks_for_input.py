# mypy: ignore-errors
"""Waits for somebody to type.

Expected: zero
"""

def double(x):
    return float(input("what is it? "))
