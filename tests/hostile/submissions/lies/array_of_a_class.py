# mypy: ignore-errors
"""Answers with a subclass of ndarray whose comparisons are all true.

Expected: zero
"""

import numpy as np


class Liar(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def __array_ufunc__(self, *arguments, **options):
        return np.ones(self.shape, bool)

    def __array_function__(self, *arguments, **options):
        return True


def double(x):
    return np.asarray(x).reshape(()).view(Liar)
