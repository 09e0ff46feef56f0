# mypy: ignore-errors
"""Is right, and takes its time.

Expected: full
"""

import time


def double(x):
    time.sleep(0.5)
    return 2 * x
