# mypy: ignore-errors
"""Answers with more bytes than anybody reads.

Expected: zero
"""

import numpy as np


def double(x):
    return np.zeros(50_000_000)
