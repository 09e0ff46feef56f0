# mypy: ignore-errors
"""Answers with an object that turns into another array each time that it is looked at.

Expected: zero
"""

import numpy as np


class Turncoat:
    looks = 0

    def __array__(self, dtype=None, copy=None):
        Turncoat.looks += 1
        return np.array(float(Turncoat.looks))

    def __float__(self):
        return 3.0


def double(x):
    return Turncoat()
