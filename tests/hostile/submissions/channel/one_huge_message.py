# mypy: ignore-errors
"""Prints two hundred megabytes at once.

Expected: any
"""

print("x" * 200_000_000)


def double(x):
    return 2 * x
