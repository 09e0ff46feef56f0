# mypy: ignore-errors
"""Asks for an array of 64 GB.

Expected: zero
"""

import numpy as np


def double(x):
    return np.ones(2**33)
