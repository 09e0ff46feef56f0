# mypy: ignore-errors
"""Answers with no numbers at all: all of them are right.

Expected: zero
"""

import numpy as np


def double(x):
    return np.zeros((0,))
