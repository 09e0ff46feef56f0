"""What wrong z statistics give."""

import numpy as np


def population(first, second):
    """Divide the variances by n instead of n - 1."""
    return (first.mean() - second.mean()) / np.sqrt(first.var() / len(first) + second.var() / len(second))


def one_error(first, second):
    """Take the standard error of the first sample alone."""
    return (first.mean() - second.mean()) / np.sqrt(first.var(ddof=1) / len(first))


def no_root(first, second):
    """Leave the square root out."""
    return (first.mean() - second.mean()) / (first.var(ddof=1) / len(first) + second.var(ddof=1) / len(second))
