# mypy: ignore-errors
"""Answers with an array of objects.

Expected: zero
"""

import numpy as np


class Any:
    def __eq__(self, other):
        return True

    def __float__(self):
        raise SystemExit(0)


def double(x):
    return np.array([Any()], dtype=object)
