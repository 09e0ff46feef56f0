# mypy: ignore-errors
"""Raises an error of characters that turn the direction of writing, and half characters.

Expected: zero
"""

def double(x):
    raise ValueError("\u202e01/01\u202c \ud800 \udfff \u2066 \u200b \ufeff \x00 \U000e0041")
