# mypy: ignore-errors
"""Writes files and removes them while they are open, so that no folder shows them.

Expected: zero
"""

import os
import time


def double(x):
    kept = []
    for number in range(10):
        kept.append(os.open(f"u{number}", os.O_RDWR | os.O_CREAT))
        os.unlink(f"u{number}")
        os.posix_fallocate(kept[-1], 0, 60 * 2**20)
    time.sleep(1.5)
    return 2 * x
