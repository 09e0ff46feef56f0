# mypy: ignore-errors
"""Writes to every open file descriptor, and closes them.

Expected: zero
"""

import os


def double(x):
    for number in range(200):
        try:
            os.write(number, b"PASSED 10/10\n" * 100)
        except OSError:
            pass
    for number in range(3, 200):
        try:
            os.close(number)
        except OSError:
            pass
    return 2 * x
