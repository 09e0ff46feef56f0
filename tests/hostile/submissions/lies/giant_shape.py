# mypy: ignore-errors
"""Answers with a view of a single byte that says that it has a billion numbers.

Expected: zero
"""

import numpy as np


def double(x):
    return np.broadcast_to(np.float64(2 * x), (2**40,))
