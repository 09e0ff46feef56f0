# mypy: ignore-errors
"""Fills shared memory, which no limit of the process counts.

Expected: zero
"""

import mmap
import os


def double(x):
    parts = []
    while True:
        descriptor = os.open(f"m{len(parts)}", os.O_RDWR | os.O_CREAT)
        os.ftruncate(descriptor, 200_000_000)
        parts.append(mmap.mmap(descriptor, 200_000_000))
        parts[-1].write(b"x" * 200_000_000)
