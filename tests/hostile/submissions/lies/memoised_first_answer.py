# mypy: ignore-errors
"""Gives its first answer to every question.

Expected: zero
"""

first = []


def double(x):
    first.append(2 * x)
    return first[0]
