# mypy: ignore-errors
"""Makes folders in one another, deeper than a path can say or a function that calls itself can follow.

Expected: zero
"""

import os
import time


def double(x):
    for _ in range(1500):
        os.mkdir("d")
        os.chdir("d")
    time.sleep(1.5)
    return 2 * x
