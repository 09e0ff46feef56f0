# mypy: ignore-errors
"""Writes a file until the disk is full.

Expected: zero
"""

def double(x):
    with open("big", "wb") as file:
        while True:
            file.write(b"x" * 10_000_000)
