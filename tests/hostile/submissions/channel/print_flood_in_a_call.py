# mypy: ignore-errors
"""Prints without end when it is asked.

Expected: zero
"""

def double(x):
    while True:
        print("flood " * 2000)
