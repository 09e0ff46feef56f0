# mypy: ignore-errors
"""Fills a list until there is no memory.

Expected: zero
"""

def double(x):
    things = []
    while True:
        things.append(bytearray(50_000_000))
