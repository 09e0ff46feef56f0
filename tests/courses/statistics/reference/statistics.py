"""What the lab about a test of two means answers: variables of the notebook, one function, and choices."""

import math

import numpy as np

before = np.array([12.1, 11.4, 13.0, 12.7, 11.9, 12.3, 13.1, 12.0])
after = np.array([11.2, 11.5, 12.1, 12.0, 11.1, 11.8, 12.2, 11.6])


def z_statistic(first, second):
    """Return the difference of two means in units of its standard error."""
    error = math.sqrt(first.var(ddof=1) / len(first) + second.var(ddof=1) / len(second))
    return (first.mean() - second.mean()) / error


mean_difference = before.mean() - after.mean()
p_value = math.erfc(abs(z_statistic(before, after)) / math.sqrt(2))
reject_null = p_value < 0.05
meaning = "C"
error_kind = "type I"


def two_samples(rng):
    """Make two samples."""
    return {"first": rng.normal(5, 1, 9), "second": rng.normal(4, 2, 7)}
