# mypy: ignore-errors
"""Answers with a shape that would be stretched to fit.

Expected: zero
"""

import numpy as np


def double(x):
    return np.full((3, 1), 2 * x)
